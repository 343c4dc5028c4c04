// The formats on their own.

import { loadedFor, reading } from "./loading.js";
import type { QueryInit } from "./types/queries.js";
import type { Instant } from "./types/time.js";

/** A link of a Link header. */
export interface LinkEntry {
  /** The target. */
  uri: string;
  /** Relation types, e.g. `["next"]`. */
  rel: string[];
  /** The other parameters, e.g. `title`. */
  params: Record<string, string>;
}

/**
 * The query string alone, without "?", validated and in a stable order: for callers with a transport of their own.
 *
 * ```js
 * queryString({}); // "limit=500"
 * ```
 * @throws {OptionError} where an option is not valid.
 */
export function queryString(query: QueryInit): string {
  return loadedFor("queryString", reading).queryString(query);
}

/**
 * RFC 8288; also takes the form without brackets that Human API's pages show. Relative targets are resolved against `base`.
 *
 * ```js
 * parseLinkHeader('</v1/human/sleeps?offset=50>; rel="next"', "https://api.humanapi.co/v1/human/sleeps");
 * // [{ uri: "https://api.humanapi.co/v1/human/sleeps?offset=50", rel: ["next"], params: {} }]
 * ```
 */
export function parseLinkHeader(value: string, base?: string): LinkEntry[] {
  return loadedFor("parseLinkHeader", reading).parseLinkHeader(value, base);
}

/**
 * RFC 9110 §10.2.3: milliseconds to wait from `now` (default: the present), or undefined where the value is not valid.
 *
 * ```js
 * parseRetryAfter("120"); // 120000
 * parseRetryAfter("1.5"); // undefined
 * ```
 */
export function parseRetryAfter(value: string, now?: Instant): number | undefined {
  return loadedFor("parseRetryAfter", reading).parseRetryAfter(value, now);
}
