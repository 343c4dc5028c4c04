// How much of the time one plan takes: a slice, so long that its windows are planned in about a minute. They are handed
// out at once, and a plan that does not come to its end loses little.
//
// Where a slice ends, the server's clock is usually long past. It has to be known that it is past by the overlap, as
// otherwise the last minutes of each slice would be read again. So a window of one second is asked for that lies as far
// behind the slice. It is planned only if that second is closed, and it is not kept.

import type { SyncWindow } from "../types/sync.js";
import { type Interval, gapIn, later, union } from "./intervals.js";

const DAY = 86_400;
/** Seconds: of the first slice of a type, the shortest, and the longest, which is the longest window. */
export const FIRST = DAY / 4;
export const SHORTEST = 300;
const LONGEST = 31 * DAY - 1;
/** Windows in a slice, about. */
const AIM = 100;
/** How many times as long, or as short, the next slice is at most. */
const STEP = 8;

export interface Slice extends Interval {
  /** In seconds. */
  readonly length: number;
  /** What `AppClient.plan` is asked for. */
  readonly request: { readonly since: string; readonly until: string; readonly covered: readonly Interval[] };
}

/**
 * From the first moment after `since` that is not covered. With slices that are longer than the overlap, each ends later
 * than the one before, also if that one's last minutes are in it again. `usual` and `overlap` are in seconds.
 */
export function sliceOf({ since, covered, usual }: { since: string; covered: readonly Interval[]; usual: number | undefined }, overlap: number): Slice {
  const length = Math.max(usual ?? FIRST, 2 * overlap);
  const begin = gapIn(covered, since);
  const before = later(begin, length);
  const inside = covered.flatMap((stretch) => (stretch.since < before ? [{ since: stretch.since, before: stretch.before < before ? stretch.before : before }] : []));
  const proof = later(before, overlap);
  const request = overlap === 0 ? { until: before, covered: inside } : { until: later(proof, 1), covered: union([...inside, { since: before, before: proof }]) };
  return { since: begin, before, length, request: { since: begin, ...request } };
}

/** The windows of a slice, and the moment by which the server's clock was closed at least; undefined without any window. */
export function windowsIn(slice: Slice, found: readonly SyncWindow[]): { windows: readonly SyncWindow[]; closed: string | undefined } {
  return { windows: found.filter(({ since }) => since < slice.before), closed: found.at(-1)?.before };
}

/** The length of the next slice, after a whole one that had so many windows. */
export function nextLength(length: number, windows: number): number {
  const times = Math.min(Math.max(AIM / Math.max(windows, 1), 1 / STEP), STEP);
  return Math.round(Math.min(Math.max(length * times, SHORTEST), LONGEST));
}
