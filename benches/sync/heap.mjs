// Measures what the JavaScript heap holds while something runs that does not know of it.

import { median } from "../send/statistics.mjs";

/** How often the heap is measured during a run whose number of records is known. */
const SAMPLES = 16;

/** Collects garbage and measures the heap, a few times in `expected` records, while the run waits. */
export function heapSamples(expected) {
  const sizes = [];
  let next = expected === undefined ? Infinity : expected / SAMPLES;
  const sample = async () => {
    globalThis.gc();
    // What has a finalizer is collected only after it has run.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
    sizes.push(process.memoryUsage().heapUsed);
  };
  const onRecords = (records) => {
    if (records < next) return undefined;
    next += expected / SAMPLES;
    return sample();
  };
  return { onRecords, heap: () => (sizes.length === 0 ? undefined : median(sizes)) };
}
