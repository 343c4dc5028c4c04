// The entry for Cloudflare Workers: bytes cannot be compiled there, so the WebAssembly is imported as a module.

import module from "./humansync.wasm";
import { library } from "./library.js";
import type { Source } from "./loading.js";

export * from "./exports.js";

library.loadNow("humansync", () => module);

export function init(source?: Source): Promise<void> {
  return library.init(() => module, source);
}
