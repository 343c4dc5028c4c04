/**
 * humansync/read: reads one person's data, as "humansync" does, and loads by itself, but is less than half its size. It
 * has HumanClient, but for its `sync`, and the formats.
 *
 * ```js
 * import { HumanClient } from "humansync/read";
 *
 * const client = new HumanClient({ accessToken: "demo" });
 * for await (const activity of client.activities.list()) console.log(activity.startTime, activity.type);
 * ```
 */

// The entry for browsers, bundlers, Deno and Bun, as ../index.ts is for the whole library.

import { shift, text } from "../core/read-inline.js";
import { decoded } from "../inline.js";
import type { CompiledModule } from "../types/wasm.js";
import { library } from "./library.js";

export * from "./exports.js";

const bytes = () => decoded(text, shift);

library.loadNow("humansync/read", bytes);

/**
 * Loads the WebAssembly, which this entry does while it is imported. Once it is loaded, a call does nothing. Where it
 * could not be loaded (older Chromium refuses it on a page), a call tries again, asynchronously, with `module`, which is
 * `humansync/read.wasm`, if that is given. Calls at the same time share one load.
 *
 * @throws {HumansyncError} with the code "load-failed".
 * @throws {OptionError} where `module` is none of what it takes.
 */
export function init(
  module?: CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string | Promise<Response>,
): Promise<void> {
  return library.init(bytes, module);
}
