/**
 * humansync without its WebAssembly: call `init` once before anything else.
 *
 * Everything used before gives a HumansyncError with the code "not-loaded".
 */

import { library } from "./library.js";
import type { CompiledModule } from "./types/wasm.js";

export * from "./exports.js";

/**
 * Loads the WebAssembly; only `humansync/slim` needs it, every other entry loads by itself. Without an argument,
 * `humansync.wasm` is taken from beside the JavaScript. Calls at the same time share one load; after a failure it can be
 * called again; once it is loaded, further calls do nothing.
 *
 * @throws {HumansyncError} with the code "load-failed".
 */
export function init(
  module?: CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string | Promise<Response>,
): Promise<void> {
  // Written out in this form, bundlers that know it put the file beside their output and its address here.
  return library.init(() => new URL("./humansync.wasm", import.meta.url), module);
}
