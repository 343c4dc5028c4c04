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
