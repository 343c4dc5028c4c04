// What is planned: everything once, the last minutes again, and nothing that is done for good.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINCE, appFor, assertEqual, assertWithinRules } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

async function scene(t, options = {}) {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "3000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const hire = async (more = {}) => {
    const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: SINCE, types: ["weights"], ...options, ...more });
    await worker.next(({ type }) => type === "made");
    return worker;
  };
  const covered = () =>
    database.query(`SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since, to_char(before AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS before FROM humansync.work_covered ORDER BY 1`);
  return { app, database, hire, covered };
}

const idsOf = (records) => records.map(({ id }) => id).sort();

test("a record that becomes visible after its window was walked is found, as far as the overlap reaches", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t);
  const worker = await hire();
  const blind = await hire({ schema: "blind", overlap: 0 });
  await worker.ask("drain");
  await blind.ask("drain");
  await app.change({ type: "weights", visibleLate: 5, lateSeconds: 240 });
  await app.pass(120);
  const [{ records }] = await worker.ask("status");
  await blind.ask("drain");
  const [known, present] = [await database.recordsOf("weights"), await app.dump("weights")];
  assert.ok(known.length < present.length, "without an overlap they are missed");
  await worker.ask("drain");
  assert.deepEqual(idsOf(await database.recordsOf("weights")), idsOf(present));
  const [after] = await worker.ask("status");
  assert.ok(after.records - records >= 5);
});

test("a server's clock that is a year ahead for once hides nothing that comes later", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, covered } = await scene(t);
  const worker = await hire();
  const setClock = (after) => app.control("clock", { now: new Date(Date.now() + after).toISOString() });
  await setClock(365 * 86_400_000);
  await worker.ask("drain");
  // A day for the machines' clocks, which are those of this machine.
  const latest = new Date(Date.now() + 86_400_000).toISOString();
  for (const { before } of await covered()) assert.ok(before < latest, before);
  assert.ok((await worker.ask("status"))[0].until < latest);
  // As if the clock had become right a while ago; what is read ends a minute before now.
  await setClock(-150_000);
  await app.change({ type: "weights", insert: 5 });
  await setClock(0);
  await worker.ask("drain");
  assert.deepEqual(idsOf(await database.recordsOf("weights")), idsOf(await app.dump("weights")));
});

test("what is done for good is one row, and is not read again", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, covered } = await scene(t, { windowRecords: 10 });
  const worker = await hire();
  await worker.ask("drain");
  for (let round = 0; round < 3; round++) {
    await app.change({ type: "weights", insert: 2 });
    await app.pass(600);
    const { types } = await worker.ask("drain");
    assert.ok(types.weights.records >= 2 && types.weights.records <= 6, `round ${round}: ${types.weights.records} records`);
  }
  assert.deepEqual((await covered()).map(({ since }) => since), [SINCE]);
  const [{ count }] = await database.query("SELECT count(*)::int AS count FROM humansync.work_windows");
  assert.ok(count < 5, `${count} windows are left`);
  const status = await worker.ask("status");
  assert.equal(status[0].until, "2025-06-30T12:39:00Z");
  await assertWithinRules(app);
});

test("windows that are done in any order leave no gap, and `until` never goes back", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, covered } = await scene(t, { windowRecords: 5, every: 1000, concurrency: 4 });
  await app.control("faults", { latencyMs: 10, jitterMs: 30 });
  const worker = await hire();
  await worker.ask("start");
  const drained = worker.ask("drain");
  let isOver = false;
  drained.then(() => (isOver = true));
  let last = "";
  const seen = new Set();
  while (!isOver) {
    const [{ until = "" }] = await worker.ask("status");
    assert.ok(until >= last, `${until} after ${last}`);
    last = until;
    seen.add(until);
    // Everything before `until` is in the table.
    if (until === "") continue;
    const [{ count }] = await database.query("SELECT count(*)::int AS count FROM records WHERE updated_at < $1", [until.replace("Z", ".000Z")]);
    const there = (await app.dump("weights")).filter(({ updatedAt }) => updatedAt < until.replace("Z", ".000Z")).length;
    assert.ok(count >= there, `${count} of ${there} records before ${until}`);
  }
  await drained;
  assert.ok(seen.size > 3, [...seen].join(" "));
  await worker.ask("drain");
  assert.equal((await covered()).length, 1);
});

test("an earlier `since` brings what lies between, a later one forgets nothing", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, covered } = await scene(t);
  const late = await hire({ since: "2025-03-01T00:00:00Z" });
  await late.ask("drain");
  assert.equal((await late.ask("status"))[0].until, "2025-06-30T12:09:00Z");
  await late.end();
  const early = await hire();
  await early.ask("drain");
  assert.deepEqual(idsOf(await database.recordsOf("weights")), idsOf(await app.dump("weights")));
  assert.equal((await early.ask("status"))[0].until, "2025-06-30T12:09:00Z");
  await early.end();
  const again = await hire({ since: "2025-05-01T00:00:00Z" });
  const { types } = await again.ask("drain");
  assert.equal(types.weights.records, 0);
  assert.equal((await covered()).length, 1);
});

test("`until` never tells of what was not read, from the moment on at which there is an earlier `since`", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t);
  const since = "2025-06-20T00:00:00Z";
  const late = await hire({ since });
  await late.ask("drain");
  const until = "2025-06-30T12:09:00Z";
  const early = await hire({ behaviour: { tellApply: true } });
  assert.equal((await early.ask("status"))[0].until, undefined, "before anything is planned");
  assert.equal((await late.ask("status"))[0].until, until);
  // Nothing can be planned for a while.
  await app.control("faults", { latencyMs: 3000 });
  early.ask("start");
  for (let known = since; known === since; ) [{ known }] = await database.query(`SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS known FROM humansync.work_types`);
  for (const worker of [early, late]) assert.equal((await worker.ask("status"))[0].until, undefined, "while it is planned");
  await app.control("faults", { latencyMs: 0 });
  const drained = early.ask("drain");
  let isOver = false;
  drained.then(() => (isOver = true));
  for (let last = ""; !isOver; ) {
    const [{ until = "" }] = await early.ask("status");
    assert.ok(until >= last, `${until} after ${last}`);
    last = until;
    const [{ count }] = await database.query("SELECT count(*)::int AS count FROM records WHERE updated_at < $1", [until.replace("Z", ".000Z")]);
    const there = (await app.dump("weights")).filter(({ updatedAt }) => updatedAt < until.replace("Z", ".000Z")).length;
    assert.ok(count >= there, `${count} of ${there} records before ${until}`);
  }
  await drained;
  for (const worker of [early, late]) assert.equal((await worker.ask("status"))[0].until, until);
  assert.deepEqual(idsOf(await database.recordsOf("weights")), idsOf(await app.dump("weights")));
});

test("a plan that fails is shown, and stops no window", { timeout: 240_000 }, async (t) => {
  const { app, hire } = await scene(t, { types: ["weights", "sleeps"], app: { maxRetries: 0 } });
  await app.control("faults", { failNext: Array.from({ length: 3 }, () => ({ method: "GET", path: "/v1/apps/demo-app/users/sleeps", status: 500 })) });
  const worker = await hire();
  worker.ask("start");
  const { of, fault } = await worker.next(({ type, state }) => type === "plan" && state === "failed");
  assert.deepEqual({ of, code: fault.code }, { of: "sleeps", code: "server" });
  await worker.ask("drain");
  const status = await worker.ask("status");
  assert.deepEqual(status.map(({ until, planError }) => [until, planError]), [
    ["2025-06-30T12:09:00Z", undefined],
    ["2025-06-30T12:09:00Z", undefined],
  ]);
});

test("a window whose job is gone gets another one", { timeout: 240_000 }, async (t) => {
  const { database, hire } = await scene(t);
  const worker = await hire();
  await worker.ask("drain");
  // As a plan leaves it whose jobs somebody has removed.
  await database.query(`INSERT INTO humansync.work_windows (type, since, before, settled, plan) VALUES ('weights', '2024-01-01', '2024-01-02', '2024-01-02', 1)`);
  await worker.ask("drain");
  assert.equal((await database.query("SELECT 1 FROM humansync.work_windows WHERE state <> 'done'")).length, 0);
});

test("through pgbouncer, whose connections are anyone's after a transaction", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "6000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const { pgbouncerFor } = await import("../support/servers/pgbouncer.mjs");
  const { url } = await pgbouncerFor(atEnd, database.server);
  const crew = [0, 1].map(() => workerFor(atEnd, place, { database: url, baseUrl: app.url, since: SINCE, windowRecords: 300 }));
  await Promise.all(crew.map((worker) => worker.next(({ type }) => type === "made")));
  await crew[1].ask("start");
  await crew[0].ask("drain");
  assert.equal(await assertEqual(app, database.recordsOf), 6000);
  for (const worker of crew) assert.ok(!worker.told.some(({ type }) => type === "trouble"), JSON.stringify(worker.told.find(({ type }) => type === "trouble")));
});
