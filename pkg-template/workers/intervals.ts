// Stretches of time: from `since` on, up to and without `before`; RFC 3339 in whole seconds and in UTC, so that they
// compare as texts.

export interface Interval {
  readonly since: string;
  readonly before: string;
}

/** The fewest that cover the same, in the order of time. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: { since: string; before: string }[] = [];
  for (const { since, before } of [...intervals].sort((one, other) => (one.since < other.since ? -1 : 1))) {
    if (since >= before) continue;
    const last = merged.at(-1);
    if (last === undefined || since > last.before) merged.push({ since, before });
    else if (before > last.before) last.before = before;
  }
  return merged;
}

/** The first moment from `since` on that a union does not cover. */
export function gapIn(merged: readonly Interval[], since: string): string {
  return merged.find((stretch) => stretch.since <= since && since < stretch.before)?.before ?? since;
}

/** The moment so many seconds after another one. */
export function later(moment: string, seconds: number): string {
  return inSeconds(new Date(Date.parse(moment) + seconds * 1000));
}

/** A fraction of a second is cut off. */
export function inSeconds(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}
