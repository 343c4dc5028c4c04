// Runs the cases on one kind of store. The address is a folder, that of a server, or nothing.

import { argv, exit } from "node:process";
import { testStore } from "humansync/stores/testing";
import { openerOf } from "./openers.js";
import { outcomes } from "./outcomes.js";

const [kind, address] = argv.slice(2);
const { open, close } = await openerOf(kind, address);
console.log(JSON.stringify(await outcomes(testStore, open)));
await close();
exit();
