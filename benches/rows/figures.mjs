// The figures of a row, from the stored results.

import { isReached, ROWS, SIZES } from "./declared.mjs";
import { bound } from "./units.mjs";

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

/** How many bounds there are, and how many of them are reached, measured with less than is stated, and not measured. */
export function score(results) {
  const counts = { all: 0, reached: 0, hints: 0, missing: 0 };
  for (const row of [...ROWS, SIZES]) {
    for (const { value, reached } of figuresOf(row, results).filter((one) => bound(row.unit, one) !== "")) {
      counts.all++;
      if (value === undefined) counts.missing++;
      else if (isHint(row, results)) counts.hints++;
      else if (reached) counts.reached++;
    }
  }
  return counts;
}

/** The score in words. */
export function scoreInWords({ all, reached, hints, missing }) {
  const others = [hints > 0 && `${hints} measured with less`, missing > 0 && `${missing} not measured`].filter(Boolean);
  return [`${reached} of ${all} bounds reached`, ...others].join(", ");
}
