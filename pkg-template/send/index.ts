/**
 * humansync/send: sends samples, as "humansync" does, and loads by itself, but is smaller: it has SampleUploader.
 *
 * ```js
 * import { SampleUploader } from "humansync/send";
 * import { createStore } from "humansync/stores/indexeddb";
 *
 * const uploader = new SampleUploader({ baseUrl: "https://samples.example", token, store: await createStore("sent") });
 * const report = await uploader.upload("steps", file);
 * ```
 */

// The entry for browsers, bundlers, Deno and Bun, as ../index.ts is for the whole library.

import { shift, text } from "../core/send-inline.js";
import { decoded } from "../inline.js";
import type { CompiledModule } from "../types/wasm.js";
import { library } from "./library.js";

export * from "./exports.js";

const bytes = () => decoded(text, shift);

library.loadNow("humansync/send", bytes);

/**
 * Loads the WebAssembly, which this entry does while it is imported. Once it is loaded, a call does nothing. Where it
 * could not be loaded (older Chromium refuses it on a page), a call tries again, asynchronously, with `module`, which is
 * `humansync/send.wasm`, if that is given. Calls at the same time share one load.
 *
 * @throws {HumansyncError} with the code "load-failed".
 * @throws {OptionError} where `module` is none of what it takes.
 */
export function init(
  module?: CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string | Promise<Response>,
): Promise<void> {
  return library.init(bytes, module);
}
