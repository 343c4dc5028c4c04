// Looks at workers again and again, and calculates how fast they are from what two looks differ in.

/** How many looks the rate of a type is calculated over, so that it does not jump with every page. */
const SMOOTH = 5;
/** How many rates of all types together are kept. */
const KEPT = 60;

/** Returns a function that looks at `workers`. What it sees is for `statusTable`. */
export function looksAt(workers) {
  const looks = [];
  const rates = [];

  return async function look() {
    const [rows, pausedUntil] = await Promise.all([workers.status(), workers.pausedUntil()]);
    const now = { at: performance.now(), records: new Map(rows.map(({ type, records }) => [type, records])) };
    const before = looks.at(-1);
    if (before !== undefined) rates.push(rate(before, now, (records) => sum(records.values())));
    if (rates.length > KEPT) rates.shift();
    looks.push(now);
    if (looks.length > SMOOTH) looks.shift();
    return {
      rows: rows.map((row) => ({ ...row, rate: rate(looks[0], now, (records) => records.get(row.type) ?? 0) })),
      rate: rate(looks[0], now, (records) => sum(records.values())),
      rates,
      pausedUntil,
    };
  };
}

/** Records a second between two looks; undefined if they are the same one. */
function rate(one, other, of) {
  if (one === other) return undefined;
  return Math.max(0, Math.round(((of(other.records) - of(one.records)) / (other.at - one.at)) * 1000));
}

function sum(numbers) {
  return [...numbers].reduce((sum, number) => sum + number, 0);
}
