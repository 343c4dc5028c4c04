// Takes the lock "name" of a file store, prints its token, and goes on until it is killed: it takes the lock again and
// again.

import { argv } from "node:process";
import { createStore } from "humansync/stores/file";

const store = await createStore(argv[2]);
for (;;) await store.lock("name", async ({ token }) => console.log(token));
