// limit, source, params and windowRecords of sync(), as the sandbox sees them, and the pages in the report.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { SINCE, appFor, clientOf } from "../sync/support/app.mjs";
import { imported, packageFolder } from "./support/installed.mjs";

const { HumanClient, OptionError } = await imported();
const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);

let app;
let client;
let person;
let end;
before(async () => {
  app = await appFor((stop) => (end = stop), "--app-users", "50", "--app-records", "40000", "--allow-params", "study");
  client = await clientOf(app);
  person = new HumanClient({ accessToken: "demo", baseUrl: app.url });
  await app.pass(86_400);
});
after(() => end());

/** The report of a run, its records, and the queries that the sandbox saw of it, but for those that ask for its clock. */
async function ran(sync) {
  const { total } = await app.control("log");
  const records = [];
  const report = await sync.run((delta) => void records.push(...delta.records));
  const { requests } = await app.control("log");
  const sent = requests.filter(({ number }) => number > total).map(({ query }) => new URLSearchParams(query));
  return { report, records, sent: sent.filter((query) => query.get("limit") !== "1") };
}

test("`limit` is the size of the pages", async () => {
  const { report, records, sent } = await ran(client.sync({ from: {}, types: ["weights"], since: SINCE, limit: 40 }));
  assert.ok(records.length > 400, `${records.length} records`);
  // A further page overlaps the one before by a record.
  assert.deepEqual(new Set(sent.map((query) => query.get("limit"))), new Set(["40", "41"]));
  assert.ok(sent.length >= records.length / 40);
  assert.equal(report.types.weights.pages, sent.length);
  const sizes = [];
  await person.sync({ from: {}, types: ["sleeps"], limit: 77 }).run(({ records }) => void sizes.push(records.length));
  assert.equal(Math.max(...sizes), 77);
  assert.ok(sizes.length > 20);
});

test("`source` selects records, in a person's lists and in those of an app, with positions of its own", async () => {
  const store = createStore();
  const all = await ran(client.sync({ store, types: ["weights"], since: SINCE }));
  const [{ source }] = all.records;
  const expected = all.records.filter((record) => record.source === source).length;
  assert.ok(expected > 0 && expected < all.records.length, `${expected} of ${all.records.length}`);
  const some = await ran(client.sync({ store, types: ["weights"], since: SINCE, source }));
  assert.equal(some.records.length, expected);
  assert.ok(some.sent.length > 0 && some.sent.every((query) => query.get("source") === source));
  assert.equal((await ran(client.sync({ store, types: ["weights"], since: SINCE }))).records.length, 0);

  const activities = await person.activities.list().toArray();
  const [{ source: own }] = activities;
  const { records } = await ran(person.sync({ from: {}, types: ["activities"], source: own }));
  assert.deepEqual(records.map(({ id }) => id).sort(), activities.filter((record) => record.source === own).map(({ id }) => id).sort());
});

test("`params` reach the server, and a time series comes with its activity", async () => {
  const { records, sent } = await ran(person.sync({ from: {}, types: ["activities"], since: "2025-06-01T00:00:00Z", params: { time_series: "true", study: "7 & 8" } }));
  assert.ok(sent.length > 0 && sent.every((query) => query.get("time_series") === "true" && query.get("study") === "7 & 8"));
  assert.ok(records.length > 0 && records.every(({ timeSeries }) => timeSeries !== undefined));
  const batch = await ran(client.sync({ from: {}, types: ["weights"], since: "2025-06-01T00:00:00Z", params: { study: "9" } }));
  assert.ok(batch.sent.length > 0 && batch.sent.every((query) => query.get("study") === "9"));
});

test("`windowRecords` divides windows, so that offsets stay small and every record comes", async () => {
  const options = { types: ["heart_rates"], since: SINCE, limit: 100 };
  const whole = await ran(client.sync({ from: {}, ...options }));
  const divided = await ran(client.sync({ from: {}, ...options, windowRecords: 200 }));
  const ids = (records) => records.map(({ id }) => id).sort();
  assert.deepEqual([...new Set(ids(divided.records))], [...new Set(ids(whole.records))]);
  assert.ok(whole.records.length > 5000, `${whole.records.length} records`);
  const highest = ({ sent }) => Math.max(...sent.map((query) => Number(query.get("offset") ?? 0)));
  const windows = ({ sent }) => new Set(sent.map((query) => `${query.get("updated_since")} ${query.get("updated_before")}`)).size;
  assert.ok(highest(divided) <= 200, `offset ${highest(divided)}`);
  assert.ok(highest(whole) > 400, `offset ${highest(whole)}`);
  assert.ok(windows(divided) >= whole.records.length / 200, `${windows(divided)} windows`);
  assert.ok(windows(whole) <= 20, `${windows(whole)} windows`);
});

test("the report has the pages of each type, and a run with nothing to do has one", async () => {
  const store = createStore();
  const sync = () => client.sync({ store, types: ["weights", "heart_rates"], since: SINCE });
  const first = await ran(sync());
  const { weights, heart_rates } = first.report.types;
  assert.equal(weights.pages + heart_rates.pages, first.sent.length);
  assert.ok(heart_rates.pages > 12, `${heart_rates.pages} pages`);
  await app.pass(86_400);
  const { report } = await ran(sync());
  assert.deepEqual([report.types.weights.pages, report.types.heart_rates.pages], [1, 1]);
});

test("what cannot be is refused by name before anything is sent", async () => {
  const { total } = await app.control("log");
  for (const [change, option] of [
    [{ limit: 0 }, "limit"],
    [{ limit: 501 }, "limit"],
    [{ limit: "50" }, "limit"],
    [{ source: "" }, "source"],
    [{ params: { limit: "5" } }, "params.limit"],
    [{ params: { study: 7 } }, "params.study"],
    [{ windowRecords: 0 }, "windowRecords"],
    [{ windowRecords: 1.5 }, "windowRecords"],
    [{ offset: 5 }, "offset"],
  ]) {
    for (const of of [client, person]) {
      assert.throws(() => of.sync({ from: {}, ...change }), (error) => error instanceof OptionError && error.option === option, JSON.stringify(change));
    }
  }
  assert.throws(() => client.sync({ from: {}, account: "one" }), (error) => error instanceof OptionError && error.option === "account");
  assert.equal((await app.control("log")).total, total);
});
