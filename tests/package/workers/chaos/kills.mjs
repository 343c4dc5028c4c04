// Kills workers at random, one after the other.

import { setTimeout as wait } from "node:timers/promises";
import { mulberry32 } from "../../sync/support/random.mjs";

/** Kills and replaces one of `crew` every so many milliseconds, until `signal` aborts. */
export async function killing(crew, every, seed, signal) {
  const random = mulberry32(seed);
  for (;;) {
    await wait(every, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const { present } = crew;
    if (present.length > 0) await crew.replace(present[Math.floor(random() * present.length)]);
  }
}
