// Waits until workers have done everything.

import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds between two looks. */
const EVERY = 500;
/** Milliseconds in which something has to become different. */
const PATIENCE = 60_000;
/** Workers plan up to a minute before the server's clock. */
const MARGIN = 120_000;

/**
 * Resolves when no window is left, and all of each of `types` is there until shortly before the server's clock, `now`.
 * `reached(records)` is called with how many records have come. A look may fail: the database is restarted meanwhile.
 * Rejects when `signal` aborts.
 */
export async function untilDone(watch, types, { now }, { reached, signal }) {
  const end = Date.parse(now) - MARGIN;
  let last = "";
  let changed = performance.now();
  let failure;
  for (;;) {
    const rows = await watch.status().catch((error) => ((failure = error), undefined));
    if (rows !== undefined) {
      reached(rows.reduce((sum, { records }) => sum + records, 0));
      if (isDone(rows, types, end)) return;
      const state = JSON.stringify(rows);
      if (state !== last) changed = performance.now();
      last = state;
    }
    if (performance.now() - changed > PATIENCE) throw new Error(`nothing has changed for ${PATIENCE / 1000} s: ${last}`, { cause: failure });
    await wait(EVERY, undefined, { signal });
  }
}

function isDone(rows, types, end) {
  const byType = new Map(rows.map((row) => [row.type, row]));
  return types.every((type) => {
    const { until, windows } = byType.get(type) ?? {};
    return until !== undefined && Date.parse(until) >= end && windows.waiting + windows.running + windows.failed === 0;
  });
}
