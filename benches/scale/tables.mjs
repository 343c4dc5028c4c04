// The tables of docs/scale.md, from the model and from what was simulated. Each is a list of lines of Markdown.

import { COSTS, MACHINE, REAL_RUN } from "./costs.mjs";
import { afterOutage, capacity, firstSync, mostUsers, pace, SETTINGS, stretchOf, upToDate } from "./model.mjs";
import { firstArithmetic, outageArithmetic, steadyArithmetic } from "./experiments.mjs";
import { data, number, percent, span } from "./quantities.mjs";
import { BURST, RECORD_BYTES, RECORDS_A_DAY, TYPES, USERS } from "./users.mjs";
import { SWING } from "./arrivals.mjs";

const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7];
/** Noon, the busiest moment. */
const NOON = 1 + SWING;
const HOUR = 3600;
/** The part of a capacity that is planned for. */
const MOST = 0.8;

/** Every table by its name. `simulated` is what simulateAll() returned. */
export function tables(simulated) {
  return {
    users: users(),
    costs: costs(),
    sizes: sizes(),
    machines: machines(),
    pace: paces(),
    every: intervals(),
    catching: catching(),
    agreement: agreement(simulated),
    faults: faults(simulated),
  };
}

function users() {
  const code = (type) => `\`${type}\``;
  const isRare = (type) => USERS[type].aDay < 1;
  const rows = TYPES.filter((type) => !isRare(type)).map((type) => [code(type), String(USERS[type].aDay), `${USERS[type].bytes} B`, USERS[type].because]);
  const rare = TYPES.filter(isRare);
  const aDay = rare.reduce((sum, type) => sum + USERS[type].aDay, 0);
  const bytes = rare.reduce((sum, type) => sum + USERS[type].aDay * USERS[type].bytes, 0) / aDay;
  rows.push([rare.map(code).join(" "), aDay.toFixed(1), `${Math.round(bytes)} B`, "scales and cuffs of some; heights and traits once"]);
  const total = ["**together**", `**${number(RECORDS_A_DAY)}**`, `**${Math.round(RECORD_BYTES)} B**`, `uploaded about ${BURST} at a time`];
  return table(["type", "updates a day", "a record", "assumed because"], [...rows, total], "lrrl");
}

function costs() {
  const ms = (value) => `${value.toFixed(1)} ms`;
  return table(
    ["a page of 500 records", "", "of"],
    [
      ["reading: `fetch`, `JSON.parse`, the walk", ms(COSTS.readMs), "the worker's processor"],
      ["upsert: rows to text, one statement", ms(COSTS.writeMs), "the worker's processor"],
      ["the same, of new rows and of those that are there already", [COSTS.databaseFreshMs, COSTS.databaseAgainMs].map(ms).join(", "), "PostgreSQL's processor"],
      ["write-ahead log, of new rows and of others", [COSTS.logFreshBytes, COSTS.logAgainBytes].map(data).join(", "), "disk and replicas"],
      ["table and index", data(COSTS.rowBytes * 500), "disk, for good"],
      ["the answer, as JSON", data(297 * 500), `network; gzip makes it ${percent(COSTS.gzipShare)} of that`],
    ],
    "lrl",
  );
}

function sizes() {
  const rows = SIZES.map((size) => {
    const day = upToDate(size);
    const noon = upToDate(size, SETTINGS, { load: NOON });
    return [
      ...[size, day.recordsADay, day.windowsAnHour, day.planningAnHour, day.readingAnHour].map(number),
      data(day.bytesADay),
      ...[day, noon].map(({ load }) => percent(load)),
      ...["medianDelay", "delay99"].map((key) => delay(day, key)),
    ];
  });
  const heads = [
    "users",
    "records a day",
    "windows an hour",
    "requests an hour to plan",
    "to read",
    "JSON a day",
    "of the pace, on average",
    "at noon",
    "delay, median",
    "99 %",
  ];
  return table(heads, rows, "rrrrrrrrrr");
}

function delay(day, key) {
  return day.load > 1 ? "grows" : span(day[key]);
}

function machines() {
  const rows = SIZES.map((size) => {
    const day = upToDate(size);
    const noon = upToDate(size, SETTINGS, { load: NOON });
    const year = day.tableBytesADay * 365;
    return [
      ...[size, day.transactionsADay, day.rowsReadADay, day.recordsADay, noon.rowsASecond].map(number),
      ...[day.logBytesADay, year].map(data),
      ...[noon.databaseCores, noon.workerCores].map(cores),
    ];
  });
  const heads = [
    "users",
    "transactions a day",
    "rows upserted",
    "of them new or changed",
    "look-ups a second at noon",
    "log a day",
    "tables after a year, at most",
    "PostgreSQL's cores at noon",
    "the workers' cores at noon",
  ];
  return table(heads, rows, "rrrrrrrrr");
}

function cores(value) {
  return value < 0.1 ? "< 0.1" : value.toFixed(1);
}

function paces() {
  const rows = [[1, 0.2], [6, 0.5], [6, 0.2], [6, 0.05], [12, 0.2]].map(([lanes, latency]) => {
    const settings = { ...SETTINGS, lanes, latency, processes: 8 };
    const { requests, records } = pace(settings);
    return [String(lanes), `${latency * 1000} ms`, number(requests), number(records), number(mostUsers(settings, { load: NOON, most: MOST }))];
  });
  return table(["lanes", "latency", "requests a second", "records an hour, at full pages", "users, up to date at noon"], rows, "rrrrr");
}

function intervals() {
  const size = 1e7;
  const rows = [300, 900, 1800, 3600].map((every) => {
    const settings = { ...SETTINGS, every };
    const day = upToDate(size, settings);
    const noon = upToDate(size, settings, { load: NOON });
    const lanes = (at) => String(Math.ceil((at.demand * settings.latency) / MOST));
    const roomy = upToDate(size, { ...settings, lanes: Number(lanes(noon)), processes: 8 });
    const times = `${(stretchOf(settings) / every).toFixed(2)} ×`;
    const ends = [roomy.medianDelay, roomy.delay99].map(span);
    return [`${every / 60} min`, times, number(day.readingAnHour), lanes(day), lanes(noon), ...ends];
  });
  const heads = ["`every`", "each record is read", "requests an hour to read", "lanes, on average", "lanes for noon", "delay, median", "99 %"];
  return table(heads, rows, "rrrrrrr");
}

function catching() {
  const rows = SIZES.map((size) => {
    const { seconds, records } = firstSync(size, 365);
    const noon = afterOutage(size, HOUR, SETTINGS, { load: NOON });
    return [number(size), number(records), span(seconds), after(afterOutage(size, HOUR)), after(noon)];
  });
  return table(["users", "records in a year", "first sync of a year", "after an outage of an hour", "the same at noon"], rows, "rrrrr");
}

function after(seconds) {
  if (seconds === Infinity) return "never";
  return seconds < 60 ? "< 1 min" : span(seconds);
}

function agreement({ steady, outage, first }) {
  const rows = steady.filter(({ users }) => [1e3, 1e6, 3e6, 6e6, 7.5e6, 8.4e6].includes(users)).map((found) => {
    const said = steadyArithmetic(found.users);
    const both = (valueOf) => `${valueOf(said)} → ${valueOf(found)}`;
    return [
      `up to date, ${number(found.users)} users`,
      percent(said.load),
      both(({ planningAnHour, readingAnHour }) => number(planningAnHour + readingAnHour)),
      both(({ medianDelay }) => span(medianDelay)),
      both(({ delay99 }) => span(delay99)),
    ];
  });
  for (const { users, caughtUp } of outage.filter(({ users }) => users > 2e6)) {
    rows.push([`an hour's outage, ${number(users)} users`, percent(steadyArithmetic(users).load), "", `${span(outageArithmetic(users))} → ${span(caughtUp)}`, ""]);
  }
  for (const { users, days, caughtUp } of first.slice(1)) {
    rows.push([`first sync of ${days} days, ${number(users)} users`, "100 %", "", `${span(firstArithmetic({ users, days }))} → ${span(caughtUp)}`, ""]);
  }
  return table(["", "load", "requests an hour", "median delay, or time", "99 %"], rows, "lrrrr");
}

function faults({ faulty }) {
  const rows = faulty.map(({ what, deaths, takenOver, refused, medianDelay, delay99, load, missing }) => [
    what,
    ...[deaths, takenOver, refused].map(number),
    percent(load),
    ...[medianDelay, delay99].map(span),
    number(missing),
  ]);
  return table(["", "deaths", "windows taken over", "429", "lanes in use", "delay, median", "99 %", "records missing"], rows, "lrrrrrrr");
}

/** Single figures that sentences of the page name. */
export function figures({ day }) {
  const busy = day.find(({ users }) => users === 5e6);
  const { requests, records } = pace();
  const parts = capacity();
  return {
    "pace-requests": number(requests),
    "pace-records": number(records),
    "process-pages": number(parts.processes / SETTINGS.processes),
    "idle": number(COSTS.idleTransactions),
    "core-pages": number(parts.database / SETTINGS.databaseCores),
    "read-again": `${stretchOf() / SETTINGS.every} times`,
    "users-flat": number(mostUsers(SETTINGS, { load: 1, most: MOST })),
    "users-noon": number(mostUsers(SETTINGS, { load: NOON, most: MOST })),
    "real-records": number(REAL_RUN.records),
    "real-one": span(REAL_RUN.seconds[1]),
    "real-two": span(REAL_RUN.seconds[2]),
    "real-said": span(REAL_RUN.records / (records / HOUR)),
    "day-median": span(busy.medianDelay),
    "day-99": span(busy.delay99),
    "machine": MACHINE,
  };
}

/** A table whose columns are aligned to the left or to the right. */
function table(heads, rows, alignments) {
  const rules = [...alignments].map((alignment) => (alignment === "r" ? "---:" : "---"));
  return [heads, rules, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
