// The time zone of a person who lives in Berlin: an hour ahead of UTC, and two in summer.

const DAY = 86_400_000;

/** The offset from UTC at `seconds` since the epoch, and the span `[from, before)` for which it is valid. */
export function offsetAt(seconds) {
  const year = new Date(seconds * 1000).getUTCFullYear();
  const [summer, winter] = [turnOf(year, 3), turnOf(year, 10)];
  if (seconds < summer) return { from: turnOf(year - 1, 10), before: summer, seconds: 3600 };
  if (seconds < winter) return { from: summer, before: winter, seconds: 7200 };
  return { from: winter, before: turnOf(year + 1, 3), seconds: 3600 };
}

/** One o'clock UTC on the last Sunday of a month of 31 days. */
function turnOf(year, month) {
  const last = new Date(Date.UTC(year, month - 1, 31, 1));
  return (last.getTime() - last.getUTCDay() * DAY) / 1000;
}
