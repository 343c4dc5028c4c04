// The query options of lists.

import type { Instant } from "./time.js";

/** A calendar day without a zone, `"YYYY-MM-DD"`. */
export type CalendarDate = string;

/** Every standard query option of Human API. Unknown keys are refused with an OptionError that names the nearest known
 *  one. */
export interface QueryInit {
  /** Records per page, 1 to 500. Default 500, the most that the API gives. */
  limit?: number | undefined;
  /** Index of the first record, from 0. */
  offset?: number | undefined;
  /** Only records made at this time or later; sent in whole seconds, rounded down. */
  createdSince?: Instant | undefined;
  /** Only records made before this time; sent in whole seconds, rounded up. */
  createdBefore?: Instant | undefined;
  /** Only records changed at this time or later; sent in whole seconds, rounded down. */
  updatedSince?: Instant | undefined;
  /** Only records changed before this time; sent in whole seconds, rounded up. */
  updatedBefore?: Instant | undefined;
  /** Only records of this source; passed on as it is. */
  source?: string | undefined;
  /** Oldest day; must come with `endDate`. */
  startDate?: CalendarDate | undefined;
  /** Most recent day; must come with `startDate`. */
  endDate?: CalendarDate | undefined;
  /** Parameters that this library does not know, e.g. `{ time_series: "true" }`; none of the above may be named. */
  params?: Record<string, string> | undefined;
  /** Go on after the page that gave this cursor (`Page.cursor`), with the same query. */
  cursor?: string | undefined;
  /** Ends what is under way; it then rejects with the signal's own reason. */
  signal?: AbortSignal | undefined;
}
