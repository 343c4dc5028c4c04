// Prepares records for drawing: sorts them, sums them by day, or aggregates them into as many intervals as there are
// pixels for.

import type { Stay } from "../kinds.ts";
import { DAY, HOUR, MINUTE } from "../time.ts";

/** Times in wall-clock milliseconds, in ascending order, each with a value. */
export interface Points {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** A place where a person stays. */
export interface Place {
  readonly name: string;
  lat: number;
  lon: number;
  stays: number;
  hours: number;
}

/** The values of each interval of time. */
export interface Spread {
  readonly times: number[];
  readonly least: (number | null)[];
  readonly mean: (number | null)[];
  readonly most: (number | null)[];
}

/** Lengths of intervals that people read easily. */
const LENGTHS = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE).concat([1, 2, 4, 6, 12].map((hours) => hours * HOUR), [1, 2, 7, 14, 30].map((days) => days * DAY));

/** Points of `records` in order; those without a time or a value are left out. */
export function points<R>(records: readonly R[], time: (record: R) => number, value: (record: R) => number): Points {
  const times = new Float64Array(records.length);
  const values = new Float64Array(records.length);
  let [count, rises, falls] = [0, true, true];
  for (const record of records) {
    const [at, one] = [time(record), value(record)];
    if (!Number.isFinite(at) || !Number.isFinite(one)) continue;
    const last = times[count - 1] ?? at;
    rises &&= at >= last;
    falls &&= at < last || count === 0;
    times[count] = at;
    values[count++] = one;
  }
  const all = { times: times.subarray(0, count), values: values.subarray(0, count) };
  // Lists are newest first, so that reversing them saves the sort. There may be fifty thousand records, and this
  // function is called repeatedly while more arrive.
  if (rises) return all;
  if (falls) return { times: all.times.reverse(), values: all.values.reverse() };
  const order = Array.from(all.times.keys()).sort((one, other) => (all.times[one] ?? 0) - (all.times[other] ?? 0));
  return { times: Float64Array.from(order, (index) => all.times[index] ?? 0), values: Float64Array.from(order, (index) => all.values[index] ?? 0) };
}

/** Sums by day, in ascending order, without the days that have no records. */
export function sums<R>(records: readonly R[], day: (record: R) => number, values: readonly ((record: R) => number)[]): { days: number[]; sums: number[][] } {
  const byDay = new Map<number, number[]>();
  for (const record of records) {
    const at = day(record);
    if (!Number.isFinite(at)) continue;
    const sum = byDay.get(at) ?? values.map(() => 0);
    byDay.set(
      at,
      sum.map((before, index) => before + (values[index]?.(record) || 0)),
    );
  }
  const days = [...byDay.keys()].sort((one, other) => one - other);
  return { days, sums: values.map((_, index) => days.map((at) => byDay.get(at)?.[index] ?? 0)) };
}

/** The shortest length that divides the time from `from` to `to` into at most `count` intervals. */
export function lengthFor(from: number, to: number, count: number): number {
  return LENGTHS.find((length) => (to - from) / length <= count) ?? Math.ceil((to - from) / count / DAY) * DAY;
}

/**
 * Aggregates the points from `from` to `to` into at most about `count` intervals. The line is interrupted in gaps of
 * more than a day and more than two intervals.
 */
export function spread({ times, values }: Points, from: number, to: number, count: number): Spread {
  const length = lengthFor(from, to, Math.max(1, count));
  const gap = Math.max(DAY, 2 * length);
  const made: Spread = { times: [], least: [], mean: [], most: [] };
  let at = firstFrom(times, from - length);
  while (at < times.length && (times[at] ?? Infinity) <= to + length) {
    const start = Math.floor((times[at] ?? 0) / length) * length;
    let [least, most, sum] = [Infinity, -Infinity, 0];
    const before = at;
    for (; at < times.length && (times[at] ?? Infinity) < start + length; at++) {
      const value = values[at] ?? 0;
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
    }
    const last = made.times.at(-1);
    if (last !== undefined && start - last > gap) push(made, last + length, null, null, null);
    push(made, start + length / 2, least, sum / (at - before), most);
  }
  return made;
}

function push(made: Spread, time: number, least: number | null, mean: number | null, most: number | null): void {
  made.times.push(time);
  made.least.push(least);
  made.mean.push(mean);
  made.most.push(most);
}

/** The index of the first time at or after `from`. */
function firstFrom(times: Float64Array, from: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Stays of the same name within this many degrees, about a kilometre, are at the same place. */
const NEAR = 0.01;

/** The places of all stays, the one with the longest total time first. */
export function gathered(stays: readonly Stay[]): Place[] {
  const byName = new Map<string, Place[]>();
  for (const { name, lat, lon, hours } of stays) {
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) continue;
    const known = byName.get(name) ?? [];
    let place = known.find((one) => Math.abs(one.lat - lat) < NEAR && Math.abs(one.lon - lon) < NEAR);
    if (place === undefined) known.push((place = { name, lat, lon, stays: 0, hours: 0 }));
    byName.set(name, known);
    place.stays++;
    place.lat += (lat - place.lat) / place.stays;
    place.lon += (lon - place.lon) / place.stays;
    place.hours += Number.isFinite(hours) ? hours : 0;
  }
  return [...byName.values()].flat().sort((one, other) => other.hours - one.hours);
}
