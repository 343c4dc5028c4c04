// "had": takes a lock, lets go, and has nothing left to do. "holds": the same under a lock that a work never gives back.

import { argv } from "node:process";
import { createStore } from "humansync/stores/file";

const [folder, mode] = argv.slice(2);
const store = await createStore(folder);
await store.lock("name", async () => {});
if (mode === "had") console.log(mode);
else void store.lock("name", () => new Promise(() => console.log(mode)));
