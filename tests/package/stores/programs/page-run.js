// Runs the cases on the stores of a browser. The same file runs in a page and in a worker; its name says which.

import { createStore as createDatabase } from "./node_modules/humansync/stores/indexeddb.js";
import { createStore as createMemory } from "./node_modules/humansync/stores/memory.js";
import { testStore } from "./node_modules/humansync/stores/testing.js";
import { once, outcomes } from "./outcomes.js";

export const run = (kind) => outcomes(testStore, kind === "memory" ? once(createMemory) : createDatabase);

if (globalThis.WorkerGlobalScope !== undefined) globalThis.onmessage = async ({ data }) => globalThis.postMessage(await run(data));
