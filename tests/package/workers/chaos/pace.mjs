// How fast the sandbox was asked, from its log: whether the workers together kept the pace of one App Key.

/**
 * From the answer of `GET /_sandbox/log`: how many requests there were, how many at once at most, how many came while
 * the server had asked for a pause, and how many milliseconds after the first answer that asked for it the last of them
 * came. Some come always: they were under way when the server first refused one.
 */
export function paceOf({ total, maxInFlight, requests }) {
  const toApp = requests.filter(({ path }) => path.startsWith("/v1/apps/"));
  const refused = toApp.filter(({ status }) => status === 429);
  const early = toApp.filter(({ early }) => early);
  const first = refused[0];
  const askedAt = first === undefined ? undefined : first.arrivedMs + first.durationMs;
  const last = early.at(-1);
  return {
    requests: total,
    maxInFlight,
    refused: refused.length,
    early: early.length,
    lastEarlyAfter: last === undefined || askedAt === undefined ? undefined : Math.max(0, last.arrivedMs - askedAt),
  };
}
