// Workers that are stopped: by the system, beyond their lease, and by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINCE, appFor, assertEqual } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const isMade = ({ type }) => type === "made";
const isState = (state) => (event) => event.type === "window" && event.state === state;

async function scene(t, options) {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "6000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const hire = async (more) => {
    const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: SINCE, types: ["heart_rates"], windowRecords: 100_000, ...options, ...more });
    await worker.next(isMade);
    await database.planAtOnce(["heart_rates"], SINCE);
    return worker;
  };
  return { app, database, hire };
}

for (const [when, behaviour] of [
  ["between two deltas", { tellApply: true }],
  ["in the middle of a transaction", { tellApply: true, slow: 300 }],
]) {
  test(`a worker that is stopped ${when} for longer than its lease, and goes on, writes nothing more`, { timeout: 240_000 }, async (t) => {
    const { app, database, hire } = await scene(t, { concurrency: 1 });
    await app.control("faults", { latencyMs: 200 });
    const slow = await hire({ behaviour });
    const stored = async () => Number((await database.query("SELECT ((SELECT coalesce(sum(records), 0) FROM humansync.work_types) + coalesce(sum(records), 0))::int AS sum FROM humansync.work_windows"))[0].sum);
    await slow.ask("start");
    if (behaviour.slow) await slow.next(({ type }) => type === "apply");
    else while ((await stored()) === 0) await new Promise((resolve) => setTimeout(resolve, 5)); // and while it waits for the next page
    slow.signal("SIGSTOP");
    const [before] = await database.query(`SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since FROM humansync.work_windows WHERE state = 'running'`);

    const other = await hire();
    const begun = Date.now();
    await other.ask("drain");
    const took = Date.now() - begun;
    assert.ok(other.told.filter(isState("done")).some(({ window }) => window.since === before.since));
    const [written, table] = [await stored(), await database.query("SELECT sum(times)::int AS times FROM records")];

    const lost = slow.next(isState("lost"));
    slow.signal("SIGCONT");
    const event = await lost;
    await slow.ask("status"); // it is alive
    assert.equal(await stored(), written);
    assert.deepEqual(await database.query("SELECT sum(times)::int AS times FROM records"), table, "nothing was written after it went on");
    await assertEqualOfType(app, database);
    t.diagnostic(`taken over and done ${took} ms after; the other lost it with ${event.records} records stored`);
    assert.equal((await slow.end()).code, 0);
  });
}

async function assertEqualOfType(app, database) {
  await assertEqual({ dump: (type) => (type === "heart_rates" ? app.dump(type) : []) }, async (type) => (type === "heart_rates" ? database.recordsOf(type) : []));
}

test("`stop` finishes the delta under way, and others take the window at once", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t, { concurrency: 1 });
  await app.control("faults", { latencyMs: 100 });
  const [one, other] = [await hire({ behaviour: { tellApply: true, slow: 200 } }), await hire()];
  await one.ask("start");
  await one.next(({ type }) => type === "apply");
  const stopped = one.ask("stop");
  await one.next(({ type }) => type === "applied");
  await one.next(isState("returned"));
  await stopped;
  const [{ state, records, claims }] = await database.query("SELECT state, records::int, claims FROM humansync.work_windows WHERE token > 0");
  assert.deepEqual({ state, claims, some: records > 0 }, { state: "waiting", claims: 0, some: true });
  await assert.rejects(one.ask("status"), { code: "stopped" });
  await assert.rejects(one.ask("start"), { code: "stopped" });

  const begun = Date.now();
  other.ask("start");
  await other.next(isState("begun"));
  const took = Date.now() - begun;
  assert.ok(took < 5000, `it was begun after ${took} ms`);
  await other.ask("drain");
  await assertEqualOfType(app, database);
  assert.equal((await one.end()).code, 0);
});

test("`stop` ends a drain, and a wait for a pause", { timeout: 240_000 }, async (t) => {
  const { app, hire } = await scene(t, {});
  await app.control("faults", { failNext: [{ status: 429, retryAfter: 60 }] });
  const worker = await hire();
  const drained = assert.rejects(worker.ask("drain"), { code: "stopped" });
  for (let until; until == null; ) until = await worker.ask("pausedUntil");
  const begun = Date.now();
  await worker.ask("stop");
  await drained;
  assert.ok(Date.now() - begun < 10_000);
  assert.equal((await worker.end()).code, 0);
});
