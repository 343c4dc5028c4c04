// Statistics of repeated measurements.

/** The median, which a single disturbed round does not affect. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The difference of the highest and the lowest, as a share of the median. */
export function spread(numbers) {
  return (Math.max(...numbers) - Math.min(...numbers)) / median(numbers);
}
