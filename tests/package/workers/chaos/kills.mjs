// Kills workers at random, one after the other.

import { setTimeout as wait } from "node:timers/promises";
import { mulberry32 } from "../../sync/support/random.mjs";

/** Between two looks whether the only worker works, in milliseconds. */
const LOOK = 100;
/** A worker that is killed while it starts is killed within this time. Milliseconds. */
const START = 6000;

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
 * Kills and replaces the only worker of `crew`, until `signal` aborts: by turns when it has worked for so many
 * milliseconds, and at a random moment soon after it was started. If all were killed as soon as that, none would get on.
 */
export async function killingTheOnlyOne(crew, every, seed, signal) {
  const random = mulberry32(seed);
  const pause = (milliseconds) => wait(milliseconds, undefined, { signal }).catch(() => {});
  for (;;) {
    while (!signal.aborted && crew.worksFor(crew.present[0]) < every) await pause(LOOK);
    if (signal.aborted) return;
    await crew.replace(crew.present[0]);
    await pause(random() * START);
    if (signal.aborted) return;
    if (crew.present.length > 0) await crew.replace(crew.present[0]);
  }
}
