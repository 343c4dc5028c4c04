/**
 * The part of humansync that sends samples: SampleUploader. It does not contain its WebAssembly, `send.wasm`: wait for
 * `init` once before anything else. "humansync/send" loads it by itself.
 *
 * What is used before that throws a HumansyncError with the code "not-loaded".
 */

import { library } from "../send/library.js";
import type { CompiledModule } from "../types/wasm.js";

export * from "../send/exports.js";

/**
 * Loads the WebAssembly: wait for it before anything else. Without an argument, `send.wasm` is taken from beside the
 * JavaScript. Calls at the same time share one load; after a failure it can be called again; once it is loaded, further
 * calls do nothing.
 *
 * @throws {HumansyncError} with the code "load-failed".
 * @throws {OptionError} where `module` is none of what it takes.
 */
export function init(
  module?: CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string | Promise<Response>,
): Promise<void> {
  // Written out in this form, bundlers that know it put the file beside their output and its address here.
  return library.init(() => new URL("./send.wasm", import.meta.url), module);
}
