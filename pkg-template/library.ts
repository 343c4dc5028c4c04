// The WebAssembly of the whole library.

import * as core from "./core/humansync.js";
import { app, loading, reading, sending } from "./loading.js";
import { personSyncOf } from "./sync.js";

export const library = loading(core, {
  jobs: [reading, app, sending],
  entry: "humansync/slim",
  file: "humansync.wasm",
  personSync: personSyncOf,
});
