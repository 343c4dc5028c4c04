// What both entries that only read export, besides their own `init`.

import { HumanClient as Whole, type HumanClientOptions } from "../human-client.js";

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

/** Reads one person's data, as the HumanClient of "humansync" does. It has no `sync`, which takes the whole library:
 *  import HumanClient from "humansync" or "humansync/slim" for that. */
export interface HumanClient extends Omit<Whole, "sync"> {}
/** @throws {OptionError} where an option is not valid. */
export const HumanClient: new (options: HumanClientOptions) => HumanClient = Whole;
