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

// The entry for browsers, bundlers, Deno and Bun: it carries the WebAssembly as a text.

import { shift, text } from "./core/humansync-inline.js";
import { decoded } from "./inline.js";
import { library } from "./library.js";
import type { CompiledModule } from "./types/wasm.js";

export * from "./exports.js";

const bytes = () => decoded(text, shift);

library.loadNow("humansync", bytes);

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
