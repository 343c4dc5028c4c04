// What is simulated, and what the arithmetic says about it. bench scale runs all of it; the tests run what is quick.

import { dailyCurve } from "./arrivals.mjs";
import { afterOutage, firstSync, SETTINGS, upToDate } from "./model.mjs";
import { simulate } from "./simulation.mjs";

const HOUR = 3600;
const DAYS = 86_400;
const flat = () => 1;
const aroundNoon = (second) => dailyCurve(second + 11 * HOUR);

/** Up to this load of the slowest part the simulation is to agree with the arithmetic. */
export const AGREED_LOAD = 0.8;
/** How far the two may differ, as a share of the arithmetic's figure: requests and delays, and times to catch up. */
export const TOLERANCE = { steady: 0.1, catchingUp: 0.15 };

/** An app that is up to date, with as many updates all day. */
export const STEADY = [1e3, 1e4, 1e5, 5e5, 1e6, 2e6, 3e6, 4e6, 5e6, 6e6, 7e6, 7.5e6, 8e6, 8.4e6];
export function steady(users) {
  return { users, ...kept(simulate({ users, hours: 2, curve: flat })) };
}
export function steadyArithmetic(users) {
  return upToDate(users);
}

/** A whole day, with its quiet and its busy hours. */
export const DAY = [1e5, 1e6, 3e6, 4e6, 5e6];
export function day(users) {
  return { users, ...kept(simulate({ users, hours: 24, warmUp: HOUR })) };
}

/** An hour in which nothing can be read. */
export const OUTAGE = [1e6, 2e6, 3e6, 5e6];
export function outage(users) {
  const { caughtUp } = simulate({ users, hours: 5, curve: flat, faults: { outageAt: HOUR, outage: HOUR } });
  return { users, caughtUp: Math.round(caughtUp) };
}
export function outageArithmetic(users) {
  return afterOutage(users, HOUR);
}

/** A first sync of some days. */
export const FIRST = [
  { users: 1e3, days: 30 },
  { users: 1e4, days: 30 },
  { users: 1e5, days: 7 },
];
export function first({ users, days }) {
  const { caughtUp } = simulate({ users, hours: 3, curve: flat, warmUp: 0, history: days * DAYS });
  return { users, days, caughtUp: Math.round(caughtUp) };
}
export function firstArithmetic({ users, days }) {
  return firstSync(users, days).seconds;
}

/** What goes wrong, for a million users around noon and eight processes. */
export const FAULTY = {
  "nothing": {},
  "each process is killed after ten minutes on average": { life: 600 },
  "each is killed after twenty seconds on average": { life: 20 },
  "the server answers 429 and wants ten seconds of rest, every five minutes": { pauseEvery: 300 },
  "the last two together": { life: 20, pauseEvery: 300 },
};
export function faulty(what) {
  const result = simulate({ users: 1e6, hours: 3, curve: aroundNoon, settings: { processes: 8 }, faults: FAULTY[what] });
  const { deaths, takenOver, refused } = result;
  return { what, ...kept(result), deaths, takenOver, refused, missing: missingOf(result) };
}

/** Records that were planned and are neither committed nor in a window that is still to be read: there must be none. */
export function missingOf({ planned, delivered, underWay }) {
  return planned - delivered - underWay;
}

/** All of it. `onStep` is called with the name of each before it begins. */
export function simulateAll(onStep = () => {}) {
  const each = (name, cases, run) =>
    cases.map((one) => {
      onStep(`${name} ${JSON.stringify(one)}`);
      return run(one);
    });
  return {
    settings: SETTINGS,
    steady: each("steady", STEADY, steady),
    day: each("day", DAY, day),
    outage: each("outage", OUTAGE, outage),
    first: each("first", FIRST, first),
    faulty: each("faulty", Object.keys(FAULTY), faulty),
  };
}

/** What is kept of a result, rounded. */
function kept({ planningAnHour, readingAnHour, recordsAnHour, load, medianDelay, delay99 }) {
  return {
    planningAnHour: Math.round(planningAnHour),
    readingAnHour: Math.round(readingAnHour),
    recordsAnHour: Math.round(recordsAnHour),
    load: Number(load.toFixed(3)),
    medianDelay: Math.round(medianDelay),
    delay99: Math.round(delay99),
  };
}

