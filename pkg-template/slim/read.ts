/**
 * The part of humansync that reads one person's data: HumanClient, but for its `sync`, and the formats. It does not contain its
 * WebAssembly, `read.wasm`: wait for `init` once before anything else.
 *
 * What is used before that throws a HumansyncError with the code "not-loaded".
 */

import * as core from "../core/read.js";
import { HumanClient as Whole, type HumanClientOptions } from "../human-client.js";
import { loading, reading } from "../loading.js";
import type { CompiledModule } from "../types/wasm.js";

export * from "../errors.js";
export { type LinkEntry, parseLinkHeader, parseRetryAfter, queryString } from "../formats.js";
export { type HumanClientOptions } from "../human-client.js";
export type * from "../types/client-options.js";
export type * from "../types/medical-records.js";
export type * from "../types/pages.js";
export type * from "../types/person.js";
export type * from "../types/queries.js";
export type * from "../types/records.js";
export type * from "../types/resources.js";
export type * from "../types/time.js";
export type * from "../types/wasm.js";

/** Reads one person's data, as the HumanClient of "humansync" does. It has no `sync`, which takes the whole library: import HumanClient from
 *  "humansync" or "humansync/slim" for that. */
export interface HumanClient extends Omit<Whole, "sync"> {}
/** @throws {OptionError} where an option is not valid. */
export const HumanClient: new (options: HumanClientOptions) => HumanClient = Whole;

const read = loading(core, {
  jobs: [reading],
  entry: "humansync/slim/read",
  file: "read.wasm",
});

/**
 * Loads the WebAssembly: wait for it before anything else. Without an argument, `read.wasm` is taken from beside the
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
  return read.init(() => new URL("./read.wasm", import.meta.url), module);
}
