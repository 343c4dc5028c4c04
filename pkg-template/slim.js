// The entry that loads nothing: its user calls `init`, with humansync.wasm from wherever it is served.

import { initFrom } from "./surface.js";

export * from "./exports.js";

// Written out in this form, bundlers that know it put the file beside their output and its address here.
export const init = initFrom(() => new URL("./humansync.wasm", import.meta.url));
