// The WebAssembly of what sends samples.

import * as core from "../core/send.js";
import { loading, sending } from "../loading.js";

export const library = loading(core, {
  jobs: [sending],
  entry: "humansync/slim/send",
  file: "send.wasm",
});
