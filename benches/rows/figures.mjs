// The figures of a row, from the stored results.

import { isReached } from "./declared.mjs";

/** The figures of a row with their values: `{ ...figure, value, reached }`, without a value where there is no result. */
export function figuresOf(row, results) {
  const stored = results.rows[row.id];
  const values = stored === undefined ? {} : row.compute(stored.details);
  return row.figures.map((figure) => {
    const value = values[figure.key];
    return { ...figure, value, reached: value === undefined ? undefined : isReached(figure, value) };
  });
}

/** Whether a row was measured with less than what its figures are stated for. */
export function isHint(row, results) {
  const { size } = results.rows[row.id] ?? {};
  return size !== undefined && Object.entries(row.size).some(([name, number]) => (size[name] ?? 0) < number);
}
