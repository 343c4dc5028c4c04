// The records that users produce: how many of each type are updated in each second. Their number is all that matters to
// a list's windows and pages, so that ten million users cost the simulation no more than a thousand.

import { BURST, TYPES, updatesASecond } from "./users.mjs";

const DAY = 86_400;
/** The busiest moment of the day has so much more than the average, and the quietest so much less. */
export const SWING = 0.8;

/** The updates at a moment of the day, as a multiple of the day's average: least at midnight, most at noon. */
export function dailyCurve(second) {
  return 1 - SWING * Math.cos((2 * Math.PI * second) / DAY);
}

/**
 * Draws the updates of each of so many seconds. `curve` gives a moment's multiple of the day's average. Returns for
 * each type the sums up to each second: `sums[type][second]` records were updated before that second.
 */
export function arrivals({ users, seconds, random, curve = dailyCurve }) {
  return TYPES.map((type) => {
    const sums = new Float64Array(seconds + 1);
    const uploads = updatesASecond(type, users) / BURST;
    for (let second = 0; second < seconds; second++) {
      sums[second + 1] = sums[second] + BURST * random.poisson(uploads * curve(second));
    }
    return sums;
  });
}
