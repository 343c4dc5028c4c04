// Describes a picture in a sentence, for people who cannot see it or who want the figures.

import { counted, day, number } from "../ui/words.ts";
import { gathered, sums } from "./charts/series.ts";
import type { Any, Picture } from "./kinds.ts";

const NOTHING = "These records do not say what could be drawn; the table has them as they are.";

export function inWords(picture: Picture<Any> | undefined, records: readonly Any[]): string {
  if (records.length === 0) return "No records in this time.";
  if (picture === undefined) return "These records have no picture; the table has them all.";
  switch (picture.form) {
    case "bars":
      return ofDays(picture.day, picture.value, records, picture.unit);
    case "calendar":
      return ofDays(picture.day, picture.value, records, picture.unit);
    case "stacked": {
      const { days, sums: totals } = sums(records, picture.day, [picture.lower, picture.upper]);
      if (days.length === 0) return NOTHING;
      const mean = (index: number): number => sum(totals[index] ?? []) / days.length;
      return `${stretch(days)}: on average ${number(mean(0))} ${picture.unit} ${picture.names[0].toLowerCase()} and ${number(mean(1))} ${picture.unit} ${picture.names[1].toLowerCase()}.`;
    }
    case "band": {
      const mean = (of: (record: Any) => number): string => {
        const values = finite(records, of);
        return values.length === 0 ? "–" : number(Math.round(sum(values) / values.length));
      };
      return `${stretch(finite(records, picture.time))}: on average ${mean(picture.high)}/${mean(picture.low)} ${picture.unit}.`;
    }
    case "places":
      return `${counted(records.length, "stay")} at ${counted(gathered(records.map(picture.place)).length, "place")}.`;
    default: {
      const values = finite(records, picture.value);
      if (values.length === 0) return NOTHING;
      const [least, most] = extremes(values);
      const average = number(sum(values) / values.length);
      return `${stretch(finite(records, picture.time))}: ${number(least)} to ${number(most)} ${picture.unit}, on average ${average}.`;
    }
  }
}

/** The finite values of the records; others are left out. */
function finite(records: readonly Any[], of: (record: Any) => number): number[] {
  return records.map(of).filter((value) => Number.isFinite(value));
}

function ofDays(dayOf: (record: Any) => number, value: (record: Any) => number, records: readonly Any[], unit: string): string {
  const { days, sums: totals } = sums(records, dayOf, [value]);
  const amounts = totals[0] ?? [];
  if (amounts.length === 0) return NOTHING;
  const [least, most] = extremes(amounts);
  const whole = (one: number): string => number(Math.round(one));
  return `${stretch(days)}: ${whole(least)} to ${whole(most)} ${unit} a day, on average ${whole(sum(amounts) / amounts.length)}.`;
}

function stretch(times: readonly number[]): string {
  if (times.length === 0) return "At an unknown time";
  const [first, last] = extremes(times);
  return day(first) === day(last) ? day(first) : `${day(first)} to ${day(last)}`;
}

function extremes(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

function sum(values: readonly number[]): number {
  return values.reduce((before, value) => before + value, 0);
}
