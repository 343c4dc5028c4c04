// A database that forgets its last commits, as after a failover to a replica that was behind: what was stored in them
// comes again, although a worker has it in hand.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { appFor } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const SINCE = "2025-06-01T00:00:00Z";

async function scene(t, options = {}) {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "250000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const hire = async (more = {}) => {
    const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: SINCE, types: ["heart_rates"], concurrency: 1, ...options, ...more });
    await worker.next(({ type }) => type === "made");
    // One window has all of it.
    await database.planAtOnce(["heart_rates"], SINCE);
    return worker;
  };
  const assertAllThere = async () => {
    const present = (await app.dump("heart_rates")).filter(({ updatedAt }) => updatedAt >= SINCE.replace("Z", ".000Z"));
    const known = await database.recordsOf("heart_rates");
    assert.equal(known.length, present.length);
  };
  return { app, database, hire, assertAllThere };
}

/** Resolves after so many more deltas, as soon as the last of them is committed. */
async function deltas(database, worker, number) {
  for (let left = number; left > 0; left--) await worker.next(({ type }) => type === "applied");
  const pages = async () => Number((await database.query("SELECT coalesce(sum(pages), 0)::int AS pages FROM humansync.work_windows"))[0].pages);
  const applied = worker.told.filter(({ type }) => type === "applied").length;
  while ((await pages()) < applied);
}

/** The tables go back by two deltas, in one transaction, in the time between two pages. */
const REMEMBER = `CREATE TABLE kept_records AS TABLE records; CREATE TABLE kept_windows AS SELECT id, checkpoint, records, pages FROM humansync.work_windows`;
const FORGET = `BEGIN; DELETE FROM records WHERE NOT EXISTS (SELECT 1 FROM kept_records kept WHERE kept.id = records.id AND kept.human_id = records.human_id);
  UPDATE humansync.work_windows now SET checkpoint = kept.checkpoint, records = kept.records, pages = kept.pages FROM kept_windows kept WHERE kept.id = now.id; COMMIT`;

test("a turn whose checkpoint is forgotten is lost, and the window is read from the one that is stored", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, assertAllThere } = await scene(t);
  await app.control("faults", { latencyMs: 500 });
  const worker = await hire({ behaviour: { tellApply: true }, app: { concurrency: 1 } });
  worker.ask("start");
  await deltas(database, worker, 1);
  await database.query(REMEMBER);
  await deltas(database, worker, 2);
  const lost = worker.next(({ type, state }) => type === "window" && state === "lost");
  await database.query(FORGET);
  await lost;
  await app.control("faults", { latencyMs: 0 });
  await worker.ask("drain");
  await assertAllThere();
});

test("a failover to a replica that was behind skips nothing", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, assertAllThere } = await scene(t);
  const { server } = database;
  const [data, replica] = ["data", "replica"].map((name) => join(server.folder, name));
  await app.control("faults", { latencyMs: 700 });
  const worker = await hire({ behaviour: { tellApply: true }, app: { concurrency: 1 } });
  worker.ask("start");
  await deltas(database, worker, 2);
  await server.stop();
  execFileSync("cp", ["-a", data, replica]);
  await server.start();
  await worker.next(({ type }) => type === "applied");
  await worker.next(({ type }) => type === "applied");
  await server.stop();
  execFileSync("rm", ["-rf", data]);
  execFileSync("mv", [replica, data]);
  await server.start();
  await app.control("faults", { latencyMs: 0 });
  await worker.ask("drain");
  await assertAllThere();
});

test("a plan that the database has forgotten is not stored, but made again", { timeout: 240_000 }, async (t) => {
  const { app, database, hire, assertAllThere } = await scene(t);
  await app.control("faults", { latencyMs: 300 });
  const worker = await hire();
  worker.ask("start");
  // Its beginning is forgotten, and another one has its number.
  for (let begun = []; begun.length === 0; ) begun = await database.query("UPDATE humansync.work_types SET planner = gen_random_uuid() WHERE plans > 0 AND planned IS NULL RETURNING type");
  await app.control("faults", { latencyMs: 0 });
  await worker.ask("drain");
  assert.ok(worker.told.every(({ type, state }) => type !== "plan" || state === "done"));
  await assertAllThere();
});
