// Runs the contract on one kind of store. The folder is for stores that write files.

import { join } from "node:path";
import { argv } from "node:process";
import { once, outcomes } from "./outcomes.js";

const [kind, folder] = argv.slice(2);
const { createStore } = await import(`humansync/stores/${kind}`);
console.log(JSON.stringify(await outcomes(kind === "file" ? (index) => createStore(join(folder, String(index))) : once(createStore))));
