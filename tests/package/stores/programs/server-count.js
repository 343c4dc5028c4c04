// Increments a counter of a store on a server under its lock, as often as the argument says.

import { argv, exit } from "node:process";
import { increment } from "./counter.js";
import { openerOf } from "./openers.js";

const [kind, address, place, times] = argv.slice(2);
const { open, close } = await openerOf(kind, address);
const store = await open(place);
for (let time = 0; time < Number(times); time++) await increment(store, "counter");
await close();
exit();
