// Increments a counter under its lock, as often as the argument says.

import { argv } from "node:process";
import { createStore } from "humansync/stores/file";
import { increment } from "./counter.js";

const [folder, times] = argv.slice(2);
const store = await createStore(folder);
for (let time = 0; time < Number(times); time++) await increment(store, "counter");
console.log("{}");
