// Kills workers at random, one after the other.

import { setTimeout as wait } from "node:timers/promises";
import { mulberry32 } from "../../sync/support/random.mjs";

/** Between two looks whether the only worker works, in milliseconds. */
const LOOK = 100;

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

/**
 * Kills and replaces the only worker of `crew` when it has worked for so many milliseconds, until `signal` aborts. How
 * long it takes to start depends on the machine: one that is killed before it works never gets on.
 */
export async function killingWhileItWorks(crew, every, signal) {
  for (;;) {
    await wait(LOOK, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const [worker] = crew.present;
    if (worker !== undefined && crew.worksFor(worker) >= every) await crew.replace(worker);
  }
}
