// A whole app, brought by one process with PGlite, and by several with PostgreSQL: in the end the tables equal the
// server's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINCE, TYPES, appFor, assertEqual, assertWithinRules } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const RECORDS = 24_000;
/** Past the minute before the server's clock that no plan takes. */
const LATER = 600;

async function sandboxFor(atEnd) {
  const app = await appFor(atEnd, "--app-records", String(RECORDS));
  await app.pass(LATER);
  return app;
}

for (const processes of [2, 4]) {
  test(`${processes} processes bring all users' data into PostgreSQL`, { timeout: 240_000 }, async (t) => {
    const atEnd = endOf((stop) => t.after(stop));
    const [app, database, place] = [await sandboxFor(atEnd), await databaseFor(atEnd), programsFor(atEnd)];
    const options = { database: database.url, baseUrl: app.url, since: SINCE, windowRecords: 300 };
    const crew = Array.from({ length: processes }, () => workerFor(atEnd, place, options));
    await Promise.all(crew.map((worker) => worker.next(({ type }) => type === "made")));
    // Its report has what all store from here on: the others start when it has begun.
    const planned = crew[0].next(({ type }) => type === "plan");
    const drained = crew[0].ask("drain");
    await planned;
    await Promise.all(crew.slice(1).map((worker) => worker.ask("start")));
    const report = await drained;

    const rows = await assertEqual(app, database.recordsOf);
    assert.equal(rows, RECORDS);
    assert.ok(report.records >= RECORDS, `${report.records} records`);
    assert.deepEqual(Object.keys(report.types).sort(), [...TYPES].sort());
    for (const worker of crew) {
      assert.ok(worker.told.some(({ type, state }) => type === "window" && state === "done"), "each has done windows");
      assert.deepEqual(worker.told.filter(({ state }) => state === "lost" || state === "failed"), []);
    }
    const { maxInFlight } = await app.control("log");
    assert.ok(maxInFlight <= 6, `${maxInFlight} requests at once`);
    await assertWithinRules(app);

    // Another one that never starts sees the same.
    const observer = workerFor(atEnd, place, options);
    await observer.next(({ type }) => type === "made");
    const status = await observer.ask("status");
    assert.deepEqual(status.map(({ type }) => type), TYPES);
    for (const { type, until, windows, records } of status) {
      assert.equal(until, "2025-06-30T12:09:00Z", type);
      assert.deepEqual(windows, { waiting: 0, running: 0, failed: 0 });
      assert.equal(records, report.types[type].records);
    }
    assert.deepEqual(await observer.ask("parked"), []);
    for (const worker of [...crew, observer]) assert.deepEqual(await worker.end().then(({ code, complaint }) => ({ code, complaint })), { code: 0, complaint: "" });
  });
}

test("the report of a drain has what is stored while it looks for the first time", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [app, database, place] = [await sandboxFor(atEnd), await databaseFor(atEnd), programsFor(atEnd)];
  const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: SINCE, types: ["weights"], behaviour: { slowToLook: 5000 } });
  await worker.next(({ type }) => type === "made");
  const { records } = await worker.ask("drain");
  assert.equal(records, (await app.dump("weights")).length);
  worker.kill();
});

test("one process does the same with PGlite in memory", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [app, place] = [await sandboxFor(atEnd), programsFor(atEnd)];
  const worker = workerFor(atEnd, place, { baseUrl: app.url, since: SINCE });
  await worker.next(({ type }) => type === "made");
  const report = await worker.ask("drain");
  assert.equal(report.records, RECORDS);
  assert.equal((await worker.end()).code, 0);
});

test("with PGlite in a folder, another process goes on from there", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [app, place] = [await sandboxFor(atEnd), programsFor(atEnd)];
  const options = { baseUrl: app.url, since: SINCE, types: ["weights", "heights"], folder: `${place}/kept` };
  const drained = async () => {
    const worker = workerFor(atEnd, place, options);
    await worker.next(({ type }) => type === "made");
    const { types } = await worker.ask("drain");
    assert.equal((await worker.end()).code, 0);
    return [types.weights.records, types.heights.records];
  };
  const [weights, heights] = await Promise.all(options.types.map(async (type) => (await app.dump(type)).length));
  assert.deepEqual(await drained(), [weights, heights]);

  await app.change({ type: "weights", insert: 7 });
  await app.pass(LATER);
  assert.deepEqual(await drained(), [7, 0]);
});
