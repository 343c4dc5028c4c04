// The entry for Cloudflare Workers: bytes cannot be compiled there, so the WebAssembly is imported as a module.

import module from "../slim/send.wasm";
import type { Source } from "../loading.js";
import { library } from "./library.js";

export * from "./exports.js";

library.loadNow("humansync/send", () => module);

export function init(source?: Source): Promise<void> {
  return library.init(() => module, source);
}
