// The arithmetic of docs/scale.md: the page has it, the simulation agrees with it, and the package asks as it says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { filledIn } from "../../../benches/scale/document.mjs";
import {
  AGREED_LOAD,
  first,
  firstArithmetic,
  missingOf,
  outage,
  outageArithmetic,
  steady,
  steadyArithmetic,
  TOLERANCE,
} from "../../../benches/scale/experiments.mjs";
import { figure } from "../../../benches/scale/figure.mjs";
import { pace, planOf, requestsOf, SETTINGS, upToDate } from "../../../benches/scale/model.mjs";
import { simulate } from "../../../benches/scale/simulation.mjs";
import { RECORDS_A_DAY } from "../../../benches/scale/users.mjs";
import { imported, root } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const simulated = JSON.parse(read("benches/scale/simulated.json"));
const COMPARED = ["planningAnHour", "readingAnHour", "recordsAnHour", "medianDelay", "delay99"];
/** Of a simulation that is repeated: other machines may round a logarithm in another way. */
const ROUNDING = 0.02;

test("the page and its figure have what is computed: `cargo xtask bench scale --write` makes it so", () => {
  const page = read("docs/scale.md");
  assert.equal(filledIn(page, simulated), page);
  assert.equal(figure(simulated), read("docs/scale.svg"));
});

test("the page says what the settings are", () => {
  assert.deepEqual(simulated.settings, SETTINGS);
});

for (const users of [1e3, 1e5, 1e6, 3e6]) {
  test(`a simulation of ${users} users gives what it gave when the page was made`, () => {
    const then = simulated.steady.find((one) => one.users === users);
    near(steady(users), then, COMPARED, ROUNDING);
  });
}

test("up to a load of 80 % the simulation agrees with the arithmetic", () => {
  const agreed = simulated.steady.filter(({ users }) => steadyArithmetic(users).load <= AGREED_LOAD);
  assert.ok(agreed.length >= 8 && steadyArithmetic(agreed.at(-1).users).load > 0.7);
  for (const found of agreed) near(found, steadyArithmetic(found.users), COMPARED, TOLERANCE.steady);
});

test("it agrees for other random numbers, other lanes and another latency as well", () => {
  const others = [{}, { lanes: 3 }, { latency: 0.05 }, { every: 900 }, { lanes: 12, processes: 4 }, { lanes: 24, concurrency: 2 }];
  for (const [seed, settings] of others.entries()) {
    const found = simulate({ users: 1e6, hours: 2, seed: seed + 2, settings, curve: () => 1 });
    near(found, upToDate(1e6, { ...SETTINGS, ...settings }), COMPARED, TOLERANCE.steady);
  }
});

test("with more requests than the lanes allow the arithmetic does not hold, as the page says", () => {
  const found = simulated.steady.at(-1);
  const said = steadyArithmetic(found.users);
  assert.ok(said.load > 1.05 && found.load > 0.99);
  assert.ok(found.delay99 > 1.2 * said.delay99);
});

test("an outage and a first sync take as long as the arithmetic says", () => {
  const [history] = simulated.first;
  near(outage(3e6), { caughtUp: outageArithmetic(3e6) }, ["caughtUp"], TOLERANCE.catchingUp);
  near(first(history), { caughtUp: firstArithmetic(history) }, ["caughtUp"], TOLERANCE.catchingUp);
});

test("whatever dies, each record is committed once as a new one", () => {
  for (const seed of [1, 2]) {
    // The users stop after two hours, so that everything can be done by the end.
    const result = simulate({
      users: 2e6,
      hours: 2.5,
      warmUp: 0,
      seed,
      curve: (second) => (second < 7200 ? 1 : 0),
      settings: { processes: 4 },
      faults: { life: 30, pauseEvery: 200 },
    });
    assert.ok(result.deaths > 100 && result.takenOver > 20 && result.refused > 5, "there was something to survive");
    assert.equal(missingOf(result), 0);
    assert.equal(result.underWay, 0);
    const expected = (2e6 * RECORDS_A_DAY * 2) / 24;
    assert.ok(Math.abs(result.delivered / expected - 1) < 0.02, `${result.delivered} records of about ${Math.round(expected)}`);
  }
});

test("six lanes that are 200 ms long are 30 requests a second, and 54 million records an hour", () => {
  const { requests, records } = pace({ ...SETTINGS, lanes: 6, latency: 0.2 });
  assert.equal(Math.round(requests), 30);
  assert.equal(Math.round(records / 1e6), 54);
});

let sandbox;
let client;
let requests = 0;
before(async () => {
  // With this machine's clock: another one takes more requests to be believed.
  sandbox = await startSandbox("--stream-records", "600000", "--stream-days", "1", "--clock", "running", "--now", instant(Date.now()));
  const { AppClient } = await imported();
  const onEvent = ({ type }) => void (requests += type === "request" ? 1 : 0);
  client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl: sandbox.url, onEvent });
});
after(async () => {
  client?.close();
  await sandbox?.stop();
});

for (const [what, endedAgo, seconds, least, most] of [
  ["no records", 5 * 86_400, 3600, 0, 0],
  ["less than a page", 3600, 20, 1, 500],
  ["some pages", 3600, 600, 1001, 10_000],
  ["many pages", 3600, 7200, 20_000, 100_000],
]) {
  test(`a window with ${what} takes as many requests as the arithmetic says`, async () => {
    const end = Date.now() - endedAgo * 1000;
    requests = 0;
    let records = 0;
    const window = { type: "heart_rates", since: instant(end - seconds * 1000), before: instant(end) };
    for await (const delta of client.window(window)) records += delta.records.length;
    assert.ok(records >= least && records <= most, `${records} records`);
    assert.equal(requests, requestsOf(records));
  });
}

for (const [hours, windowRecords] of [[1, 50_000], [5, 50_000], [8, 20_000]]) {
  test(`a plan of ${hours} hours takes about as many requests as the arithmetic says`, async () => {
    requests = 0;
    const windows = await client.plan("heart_rates", { since: instant(Date.now() - 60_000 - hours * 3_600_000), windowRecords });
    const said = planOf(windows.reduce((sum, { expected }) => sum + expected, 0), { windowRecords });
    assert.ok(Math.abs(requests / said.requests - 1) <= 0.25, `${requests} requests, and not about ${said.requests}`);
    assert.ok(Math.abs(windows.length / said.windows - 1) <= 0.25, `${windows.length} windows, and not about ${said.windows}`);
  });
}

function instant(milliseconds) {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
}

/** Asserts that figures differ by no more than this share. */
function near(found, expected, keys, tolerance) {
  for (const key of keys) {
    const apart = Math.abs(found[key] / expected[key] - 1);
    assert.ok(apart <= tolerance, `${key} is ${found[key]}, ${(apart * 100).toFixed(1)} % from ${expected[key]}`);
  }
}
