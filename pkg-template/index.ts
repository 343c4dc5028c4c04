/**
 * humansync: reads people's health data from Human API, keeps it in sync, and sends samples.
 *
 * ```js
 * import { HumanClient } from "humansync";
 *
 * const client = new HumanClient({ accessToken: "demo" });
 * for await (const activity of client.activities.list()) console.log(activity.startTime, activity.type);
 * ```
 */

// The entry for browsers, bundlers, Deno and Bun. It carries the WebAssembly as text: the one form that every bundler
// takes as it is, without configuration, and that can be loaded synchronously.

import { shift, text } from "./core/inline.js";
import { library } from "./library.js";
import type { CompiledModule } from "./types/wasm.js";

export * from "./exports.js";

library.loadNow(bytes);

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
  return library.init(bytes, module);
}

/** One character a byte, shifted: compressed, that is hardly more than the file itself, and base64 a third more. */
function bytes(): Uint8Array<ArrayBuffer> {
  const decoded = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) decoded[index] = text.charCodeAt(index) - shift;
  return decoded;
}
