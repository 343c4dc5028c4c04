// The arithmetic: what an app of so many users costs, as formulas. simulation.mjs checks them.

import { COSTS } from "./costs.mjs";
import { BURST, RECORD_BYTES, RECORDS_A_DAY, TYPES, updatesASecond } from "./users.mjs";

/** How the workers run. Times are in seconds. */
export const SETTINGS = {
  /** How often windows are planned. */
  every: 300,
  /** How far before the end of the last plan the next one begins: what became visible late is found then. */
  overlap: 300,
  /** So much before its own moment a plan ends: what is older cannot be updated without getting a later time. */
  closedAfter: 60,
  /** The most records in a window, and in a page. */
  windowRecords: 50_000,
  pageRecords: 500,
  /** Requests in flight at once over all processes of the App Key: `sharedConcurrency`. */
  lanes: 6,
  /** From a request to its answer, with the body. */
  latency: 0.2,
  /** Processes; windows at once in each, types that it plans at once, and its requests at once (`app.concurrency`). */
  processes: 2,
  slots: 2,
  plans: 4,
  concurrency: 6,
  /** How often a worker without work looks for some. */
  poll: 0.5,
  /** Cores of PostgreSQL. */
  databaseCores: 4,
};

const HOUR = 3600;
const DAY = 86_400;
/** What one plan takes of a long time, as in pkg-template/workers/slices.ts. Seconds, windows, times. */
export const SLICES = { first: DAY / 4, shortest: 300, longest: 31 * DAY - 1, aim: 100, step: 8 };
/** Every page after the first begins with the last record of the one before. */
const SEAM = 1;

/** The requests that a window of so many records takes. A single page is followed by one that shows that it was all. */
export function requestsOf(records, { pageRecords } = SETTINGS) {
  if (records <= 0) return 1;
  if (records <= pageRecords) return 2;
  return 1 + Math.ceil((records - pageRecords) / (pageRecords - SEAM));
}

/**
 * The windows into which so many records are divided, and the requests of their plan: one for the clock, one for the
 * total of each window, and one for each time that a window was halved before it was small enough.
 */
export function planOf(records, { windowRecords } = SETTINGS) {
  const halvings = Math.max(0, Math.ceil(Math.log2(records / windowRecords)));
  return { windows: 2 ** halvings, requests: 1 + 2 ** halvings + halvings };
}

/** The update time that one plan covers, in seconds: what is new, and what is read again. */
export function stretchOf({ every, overlap } = SETTINGS) {
  return every + overlap;
}

/** What one App Key allows, at full pages: requests a second, records an hour. */
export function pace(settings = SETTINGS) {
  const requests = settings.lanes / settings.latency;
  return { requests, records: requests * (settings.pageRecords - SEAM) * HOUR };
}

/** What each part can do alone, in pages a second. The least is what all of them can do together. */
export function capacity(settings = SETTINGS, costs = COSTS) {
  const commit = (costs.writeMs + costs.databaseFreshMs) / 1000;
  const parts = {
    lanes: pace(settings).requests,
    clients: (settings.processes * settings.concurrency) / settings.latency,
    // Each commits one page at a time.
    windows: (settings.processes * settings.slots) / commit,
    processes: (settings.processes * 1000) / (costs.readMs + costs.writeMs),
    database: (settings.databaseCores * 1000) / costs.databaseFreshMs,
  };
  return { ...parts, pages: Math.min(...Object.values(parts)) };
}

/** An app of so many users that is up to date, on the average of a day; `load` is the part of it at another time. */
export function upToDate(users, settings = SETTINGS, { costs = COSTS, load = 1 } = {}) {
  const types = TYPES.map((type) => {
    const updates = updatesASecond(type, users) * load;
    const read = updates * stretchOf(settings);
    const plan = planOf(read, settings);
    const reading = plan.windows * expectedRequests(read / plan.windows, settings);
    return { updates, read, windows: plan.windows, planning: plan.requests, reading };
  });
  const each = sums(types);
  const plansAnHour = HOUR / settings.every;
  const plansADay = DAY / settings.every;
  const demand = (each.planning + each.reading) / settings.every;
  const fresh = settings.every / stretchOf(settings);
  const pagesADay = each.reading * plansADay;
  const pageFraction = each.read / settings.pageRecords / Math.max(each.reading, 1e-9);
  const perPage = (whenFresh, whenAgain) => whenFresh * fresh + whenAgain * (1 - fresh);
  return {
    users,
    recordsADay: each.updates * DAY,
    recordsAnHour: each.updates * HOUR,
    windowsAnHour: each.windows * plansAnHour,
    planningAnHour: each.planning * plansAnHour,
    readingAnHour: each.reading * plansAnHour,
    /** Requests a second, and the part of the App Key's pace that they are. */
    demand,
    load: demand / capacity(settings, costs).pages,
    bytesADay: each.read * plansADay * RECORD_BYTES,
    transactionsADay: pagesADay,
    rowsReadADay: each.read * plansADay,
    rowsASecond: each.read / settings.every,
    tableBytesADay: each.updates * DAY * costs.rowBytes,
    logBytesADay: pagesADay * pageFraction * perPage(costs.logFreshBytes, costs.logAgainBytes),
    /** Cores that are busy all the time. A page costs as much as it has records. */
    workerCores: (pagesADay * pageFraction * (costs.readMs + costs.writeMs)) / 1000 / DAY,
    databaseCores: (pagesADay * pageFraction * perPage(costs.databaseFreshMs, costs.databaseAgainMs)) / 1000 / DAY,
    ...delays(types, settings, costs),
  };
}

/** The requests of a window in which so many records are expected: on average over how many there may be. */
function expectedRequests(records, settings) {
  const bursts = records / BURST;
  let [expected, known] = [0, 0];
  const add = (likelihood, count) => {
    expected += likelihood * requestsOf(count * BURST, settings);
    known += likelihood;
  };
  if (bursts < 50) {
    for (let count = 0, likelihood = Math.exp(-bursts); count < 200; likelihood *= bursts / ++count) add(likelihood, count);
  } else {
    for (let deviation = -3; deviation <= 3; deviation += 0.1) {
      add(Math.exp((-deviation * deviation) / 2), bursts + deviation * Math.sqrt(bursts));
    }
  }
  return expected / known;
}

/**
 * From a record's update to its commit, for half of the records and for 99 of 100: the margin, the wait for the next
 * plan of its type, that plan, and half of the time in which all windows are read at the pace of the slowest part.
 */
function delays(types, settings, costs) {
  const { read, reading } = sums(types);
  // A type with many records counts for more, and its plan takes longer.
  const plan = types.reduce((sum, type) => sum + type.planning * (type.read / read), 0) * settings.latency;
  const windows = Math.max(reading / capacity(settings, costs).pages / 2, settings.latency);
  const at = (share) => settings.closedAfter + share * settings.every + plan + settings.poll / 2 + windows;
  return { medianDelay: at(0.5), delay99: at(0.99) };
}

/**
 * A first sync is planned slice by slice, as slices.ts does it: of each type one request after the other, while windows
 * of earlier slices are read. A slice takes two requests besides those of its windows: one for the server's clock, and
 * one that shows that it is past by the overlap. Gives windows and requests.
 */
export function slicesOf(updatesADay, days, settings = SETTINGS) {
  const { first, longest, aim, step } = SLICES;
  let [windows, requests, length] = [0, 0, first];
  for (let planned = 0; planned < days * DAY; ) {
    const taken = Math.min(length, days * DAY - planned);
    const plan = planOf((updatesADay * taken) / DAY, settings);
    windows += plan.windows;
    requests += plan.requests + 1;
    planned += taken;
    length = Math.min(length * Math.min(Math.max(aim / plan.windows, 1 / step), step), longest);
  }
  return { windows, requests };
}

/**
 * The first sync: so many days of history. The rate is that of the slowest part, if planning of the type that takes
 * longest to plan does not take longer.
 */
export function firstSync(users, days, settings = SETTINGS, costs = COSTS) {
  const records = users * RECORDS_A_DAY * days;
  const plans = TYPES.map((type) => slicesOf(updatesASecond(type, users) * DAY, days, settings));
  const pages = records / (settings.pageRecords - SEAM);
  const planning = sums(plans).requests;
  const planningSeconds = Math.max(...plans.map(({ requests }) => requests)) * settings.latency;
  const seconds = Math.max((pages + planning) / capacity(settings, costs).pages, planningSeconds);
  return { records, pages, planning, planningSeconds, seconds };
}

/**
 * How long it takes until all is as it was before, after so many seconds in which nothing could be read. What was
 * missed is read once, by the capacity that is left.
 */
export function afterOutage(users, outage, settings = SETTINGS, { costs = COSTS, load = 1 } = {}) {
  const usual = upToDate(users, settings, { costs, load });
  const { pages } = capacity(settings, costs);
  const missed = ((usual.recordsAnHour / HOUR) * outage) / (settings.pageRecords - SEAM);
  const spare = pages - usual.demand;
  return spare <= 0 ? Infinity : missed / spare;
}

/** The most users for whom the pace of one App Key is enough, at the busiest time of the day (`load`), by bisection. */
export function mostUsers(settings = SETTINGS, { load = 1, most = 0.8 } = {}) {
  let [enough, tooMany] = [0, 1e9];
  while (tooMany - enough > 1000) {
    const users = Math.round((enough + tooMany) / 2);
    if (upToDate(users, settings, { load }).load <= most) enough = users;
    else tooMany = users;
  }
  return enough;
}

function sums(rows) {
  const keys = Object.keys(rows[0]);
  return Object.fromEntries(keys.map((key) => [key, rows.reduce((sum, row) => sum + row[key], 0)]));
}
