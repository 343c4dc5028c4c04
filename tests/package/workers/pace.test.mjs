// One pace for all processes: requests in flight, pauses, and lanes of processes that are gone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINCE, appFor, assertEqual } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

/** Milliseconds after which a request that comes in a pause was not under way when the server asked for it. */
const UNDER_WAY = 500;

const isMade = ({ type }) => type === "made";

async function scene(t, records = 6000) {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", String(records));
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const hire = async (more) => {
    const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: SINCE, windowRecords: 100, ...more });
    await worker.next(isMade);
    return worker;
  };
  return { app, database, hire };
}

test("a Retry-After that one process sees stops all", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t);
  await app.control("faults", { latencyMs: 20 });
  const crew = await Promise.all(Array.from({ length: 4 }, () => hire({ sharedConcurrency: 8 })));
  await Promise.all(crew.slice(1).map((worker) => worker.ask("start")));
  const drained = crew[0].ask("drain");
  await crew[0].next(({ type, state }) => type === "window" && state === "done");
  await app.control("faults", { failNext: [{ status: 429, retryAfter: 3 }] });
  let until;
  while (until == null) until = await crew[0].ask("pausedUntil");
  assert.ok(Math.abs(Date.parse(until) - Date.now() - 3000) < 1500);
  await drained;
  await assertEqual(app, database.recordsOf);

  const { requests, early, maxInFlight } = await app.control("log");
  const paused = requests.find(({ status }) => status === 429);
  const asked = paused.arrivedMs + paused.durationMs;
  const after = requests.filter(({ arrivedMs }) => arrivedMs > asked && arrivedMs < asked + 3000).map(({ arrivedMs }) => arrivedMs - asked);
  t.diagnostic(`${early} requests came after the server had decided, the last one ${Math.max(0, ...after).toFixed(1)} ms after its answer`);
  assert.ok(after.every((later) => later < UNDER_WAY), `requests came ${after.join(", ")} ms after the answer`);
  assert.ok(maxInFlight <= 8, `${maxInFlight} requests at once`);
});

test("all processes together have no more requests in flight than the smallest `sharedConcurrency`", { timeout: 240_000 }, async (t) => {
  const { app, hire } = await scene(t);
  await app.control("faults", { latencyMs: 20, jitterMs: 20 });
  const crew = [await hire({ sharedConcurrency: 12, concurrency: 6 }), await hire({ sharedConcurrency: 3, concurrency: 6 })];
  for (const worker of crew.toReversed()) await worker.ask("start");
  await crew[0].ask("drain");
  const { maxInFlight } = await app.control("log");
  assert.equal(maxInFlight, 3);
  // The one with the smaller bound is gone: the other one has more.
  await crew[1].end();
  await app.change({ insert: 20 });
  await app.pass(600);
  await app.control("faults", { latencyMs: 50 });
  await crew[0].ask("drain");
  assert.ok((await app.control("log")).maxInFlight > 3);
});

test("the lanes of a process that is killed are free some seconds later", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t, 2000);
  await app.control("faults", { latencyMs: 2000 });
  const first = await hire({ sharedConcurrency: 2 });
  await first.ask("start");
  while ((await app.control("log")).inFlight < 2);
  await first.kill();
  const held = await database.query("SELECT 1 FROM humansync.work_lanes WHERE holder IS NOT NULL");
  assert.equal(held.length, 2);
  await app.control("faults", { latencyMs: 0 });
  const begun = Date.now();
  const second = await hire({ sharedConcurrency: 2 });
  await second.ask("drain");
  t.diagnostic(`done ${Date.now() - begun} ms after`);
  assert.equal((await database.query("SELECT 1 FROM humansync.work_lanes WHERE holder IS NOT NULL AND expires_at < now()")).length, 0);
  await second.end();
  assert.equal((await database.query("SELECT 1 FROM humansync.work_lanes WHERE holder IS NOT NULL")).length, 0, "what `stop` leaves behind");
  assert.equal((await database.query("SELECT 1 FROM humansync.work_processes WHERE seen_at > now() - interval '1 second'")).length, 0);
});
