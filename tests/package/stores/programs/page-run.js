// Runs the contract on the stores of a browser. The same file runs in a page and in a worker; its name says which.

import { createStore as createDatabase } from "./node_modules/humansync/stores/indexeddb.js";
import { createStore as createMemory } from "./node_modules/humansync/stores/memory.js";
import { once, outcomes } from "./outcomes.js";

export const run = (kind) => outcomes(kind === "memory" ? once(createMemory) : (index) => createDatabase(`contract ${index}`));

if (globalThis.WorkerGlobalScope !== undefined) globalThis.onmessage = async ({ data }) => globalThis.postMessage(await run(data));
