// The WebAssembly of what reads one person's data.

import * as core from "../core/read.js";
import { loading, reading } from "../loading.js";

export const library = loading(core, {
  jobs: [reading],
  entry: "humansync/slim/read",
  file: "read.wasm",
});
