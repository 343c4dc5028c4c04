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
 * Loads the WebAssembly. Only `humansync/slim`, `humansync/slim/read` and `humansync/slim/send` need it: this entry loads
 * its own while it is imported. Once that is loaded, a call does nothing. Where it could not be loaded (older Chromium
 * refuses it on a page), a call tries again, asynchronously, with `module` if that is given. Calls at the same time share
 * one load.
 *
 * @throws {HumansyncError} with the code "load-failed".
 * @throws {OptionError} where `module` is none of what it takes.
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
