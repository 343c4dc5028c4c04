// "had": takes a lock, releases it, and has nothing left to do. "holds": the same with a lock that is never released.

import { argv } from "node:process";
import { createStore } from "humansync/stores/file";

const [folder, mode] = argv.slice(2);
const store = await createStore(folder);
await store.lock("name", async () => {});
if (mode === "had") console.log(mode);
else void store.lock("name", () => new Promise(() => console.log(mode)));
