// Workers that are killed again and again while the data change, and a database that is restarted: in the end the
// tables equal the server's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINCE, appFor, assertEqual, assertWithinRules } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { mulberry32 } from "../sync/support/random.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const KILLS = Number(process.env.HUMANSYNC_KILLS ?? 24);
const WORKERS = 3;

test(`three workers, of which ${KILLS} are killed at random moments and replaced`, { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "12000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  await app.control("faults", { latencyMs: 10 });
  const options = { database: database.url, baseUrl: app.url, since: SINCE, windowRecords: 200, every: 2000, behaviour: { tellApply: true } };
  const random = mulberry32(14);
  const hire = async () => {
    const worker = workerFor(atEnd, place, options);
    await worker.next(({ type }) => type === "made");
    worker.ask("start").catch(() => {}); // it may be killed meanwhile
    return worker;
  };
  const crew = await Promise.all(Array.from({ length: WORKERS }, hire));
  const moments = { apply: 0, applied: 0, other: 0 };
  for (let kills = 0; kills < KILLS; kills++) {
    const index = kills % WORKERS;
    // At one of its next steps; every other one between the records and the checkpoint.
    const step = kills % 2 === 0 ? "applied" : ["apply", "window"][Math.floor(random() * 2)];
    const at = await Promise.race([crew[index].next(({ type }) => type === step), new Promise((resolve) => setTimeout(resolve, 3000))]);
    moments[at?.type in moments ? at.type : "other"]++;
    await crew[index].kill();
    if (kills % 4 === 0) await app.change({ insert: 3, late: 2, update: 6 });
    if (kills % 8 === 0) await app.pass(600);
    crew[index] = await hire();
  }
  await app.pass(600);
  await crew[0].ask("drain");
  const rows = await assertEqual(app, database.recordsOf);
  const [{ twice }] = await database.query("SELECT sum(times - 1)::int AS twice FROM records");
  t.diagnostic(`${rows} rows, ${twice} written more than once; killed at ${JSON.stringify(moments)}`);
  assert.ok(moments.apply > 0 && moments.applied > 0, "it was killed in the middle of transactions");
  assert.deepEqual(await crew[0].ask("parked"), []);
  await assertWithinRules(app);
});

test("records and checkpoint are there together, or not at all", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "6000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  // Rows that are written are counted by the database, and records that are stored by the workers: in one transaction.
  await database.query("CREATE TABLE written (type text)");
  await database.query("CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO written VALUES (NEW.type); RETURN NEW; END $$");
  await database.query("CREATE TRIGGER watch BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION watch()");
  const options = { database: database.url, baseUrl: app.url, since: SINCE, types: ["heart_rates", "sleeps"], windowRecords: 100, behaviour: { tellApply: true } };
  const observer = workerFor(atEnd, place, options);
  await observer.next(({ type }) => type === "made");
  let kills = 0;
  for (; kills < 12; kills++) {
    const worker = workerFor(atEnd, place, options);
    await worker.next(({ type }) => type === "made");
    worker.ask("start").catch(() => {});
    const at = await Promise.race([worker.next(({ type }) => type === "applied"), new Promise((resolve) => setTimeout(resolve, 15_000))]);
    await worker.kill();
    // The server may still be at work for the one that was killed.
    const others = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'humansync' AND state <> 'idle'";
    while ((await database.query(others)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const { type, records } of await observer.ask("status")) {
      const [{ count }] = await database.query("SELECT count(*)::int AS count FROM written WHERE type = $1", [type]);
      assert.equal(count, records, `${type} after ${kills + 1} kills`);
    }
    if (at === undefined) break; // everything is done
  }
  assert.ok(kills >= 6, `only ${kills} kills found something to do`);
});

test("who opens PGlite's folder after a kill has at once what the other had", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "6000");
  await app.pass(600);
  const place = programsFor(atEnd);
  // The test would not live to see the end of a lease.
  const options = { folder: `${place}/kept`, baseUrl: app.url, since: SINCE, types: ["heart_rates", "sleeps"], leaseDuration: 3_600_000, behaviour: { tellApply: true } };
  const records = (await Promise.all(options.types.map((type) => app.dump(type)))).flat().length;
  for (const moment of ["window", "apply", "applied"]) {
    const worker = workerFor(atEnd, place, options);
    await worker.next(({ type }) => type === "made");
    const reached = worker.next(({ type }) => type === moment);
    worker.ask("start").catch(() => {}); // it is killed meanwhile
    await reached;
    await worker.kill();
  }
  const last = workerFor(atEnd, place, options);
  await last.next(({ type }) => type === "made");
  const report = await last.ask("drain");
  assert.ok(report.records > 0 && report.records <= records, `${report.records} records`);
  const status = await last.ask("status");
  assert.equal(status.reduce((sum, { records }) => sum + records, 0), records);
  assert.equal((await last.end()).code, 0);
});

test("PostgreSQL is restarted without mercy, and nobody ends", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "12000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  await app.control("faults", { latencyMs: 20 });
  const options = { database: database.url, baseUrl: app.url, since: SINCE, windowRecords: 200 };
  const crew = [workerFor(atEnd, place, options), workerFor(atEnd, place, options)];
  await Promise.all(crew.map((worker) => worker.next(({ type }) => type === "made")));
  await crew[1].ask("start");
  const drained = crew[0].ask("drain");
  for (let times = 0; times < 2; times++) {
    await crew[0].next(({ type, state }) => type === "window" && state === "done");
    await database.server.restart();
  }
  await drained;
  assert.equal(await assertEqual(app, database.recordsOf), 12_000);
  assert.deepEqual(await crew[0].ask("parked"), []);
  for (const worker of crew) {
    assert.ok(worker.told.some(({ type }) => type === "trouble"), "it has told of the trouble");
    const { code, complaint } = await worker.end();
    assert.deepEqual({ code, complaint }, { code: 0, complaint: "" });
  }
});
