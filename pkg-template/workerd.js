// The entry for Cloudflare Workers: bytes cannot be compiled there, so the WebAssembly is imported as a module.

import module from "./humansync.wasm";
import { initFrom, loadNow } from "./surface.js";

export * from "./exports.js";

loadNow(() => module);

export const init = initFrom(() => module);
