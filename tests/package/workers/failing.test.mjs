// Windows that fail, keys that are refused, servers that are away: what is tried again, what is parked, and what is
// kept of errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SINCE, appFor } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

/** The second window of its type, as they are 31 days less a second long. */
const BAD = { type: "weights", since: "2024-07-31T11:59:58Z", before: "2024-08-31T00:00:00Z" };

async function scene(t, options = {}) {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "6000");
  await app.pass(600);
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const hire = async (more = {}) => {
    const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: SINCE, types: ["weights", "heights"], ...options, ...more });
    await worker.next(({ type }) => type === "made");
    await database.planAtOnce(["weights", "heights"], SINCE);
    return worker;
  };
  return { app, database, hire };
}

/** Everything that is in the database, but for the records, as one text. */
async function everything({ query }) {
  const tables = await query("SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'humansync%'");
  const texts = await Promise.all(tables.map(({ schemaname, tablename }) => query(`SELECT row_to_json(rows)::text AS text FROM ${schemaname}.${tablename} rows`)));
  return texts.flat().map(({ text }) => text).join("\n");
}

for (const code of [undefined, "23505"]) {
  test(`a window whose \`apply\` always fails${code ? " with an error of the database" : ""} is parked, and the others go on`, { timeout: 240_000 }, async (t) => {
    const { app, database, hire } = await scene(t, { attempts: 3 });
    const worker = await hire({ behaviour: { fail: { ...BAD, code }, tellErrors: true } });
    await assert.rejects(worker.ask("drain"), { name: "HumansyncError", code: "parked", message: /^1 window is parked/ });
    const parked = await worker.ask("parked");
    assert.equal(parked.length, 1);
    const [{ window, attempts, error }] = parked;
    assert.deepEqual({ type: window.type, since: window.since, attempts }, { type: "weights", since: "2024-07-31T11:59:59Z", attempts: 3 });
    const known = code === undefined ? "" : ` (${code})`;
    assert.deepEqual(error, { name: "Error", ...(code && { code }), message: `\`apply\` failed with Error${known}; onEvent is given the error itself` });

    const [weights, heights] = await worker.ask("status");
    assert.deepEqual(weights.windows, { waiting: 0, running: 0, failed: 1 });
    assert.equal(weights.until, "2024-07-31T11:59:59Z");
    assert.equal(heights.until, "2025-06-30T12:09:00Z");
    const failures = worker.told.filter(({ state }) => state === "failed");
    assert.deepEqual(failures.map(({ parked }) => parked), [false, false, true]);
    // The error itself is given, but nothing of it is kept, or told by an event that is written down.
    assert.match(worker.told.find(({ type }) => type === "error-object").message, /is too high/);
    assert.doesNotMatch(JSON.stringify(failures), /humanId|too high/);
    const stored = await everything(database);
    assert.match(stored, /onEvent is given the error itself/);
    assert.doesNotMatch(stored, /humanId|too high|sourceData|demo-app/);
    const present = await database.query("SELECT 1 FROM records WHERE type = 'weights' AND updated_at >= '2024-08-01' AND updated_at < '2024-08-30'");
    assert.equal(present.length, 0, "what it wrote was rolled back");

    // What fails is put right, by a process that does not work itself, and by another one that does.
    await worker.end();
    const [observer, other] = [await hire(), await hire()];
    assert.equal(await observer.ask("retry", [{ id: "999999" }]), 0);
    assert.equal(await observer.ask("retry", parked), 1);
    await other.ask("drain");
    assert.equal((await database.query("SELECT 1 FROM records WHERE type = 'weights'")).length, (await app.dump("weights")).length);
    assert.deepEqual(await observer.ask("parked"), []);
    await assert.rejects(observer.ask("retry", [{}]), { code: "option", option: "windows[0]" });
  });
}

test("an error that `apply` has caught is named as what it is", { timeout: 240_000 }, async (t) => {
  const { hire } = await scene(t, { attempts: 1, types: ["weights"] });
  const worker = await hire({ behaviour: { catches: true } });
  await assert.rejects(worker.ask("drain"), { code: "parked" });
  for (const { error } of await worker.ask("parked")) {
    assert.deepEqual({ name: error.name, code: error.code }, { name: "StoreError", code: "rolled-back" });
    assert.match(error.message, /A statement in `apply` had failed before, and its error was caught/);
  }
});

test("a client id that the server does not know ends a drain at once, and says what to check", { timeout: 240_000 }, async (t) => {
  const { hire } = await scene(t, { attempts: 100 });
  const worker = await hire({ clientId: "another-app" });
  await assert.rejects(worker.ask("drain"), { code: "not-found", message: /could not be planned: .*check `clientId` and `baseUrl`/ });
});

test("listeners that reject disturb nobody", { timeout: 240_000 }, async (t) => {
  const { hire } = await scene(t);
  const worker = await hire({ behaviour: { rejects: true } });
  const { records } = await worker.ask("drain");
  assert.ok(records > 0);
  const { code, complaint } = await worker.end();
  assert.deepEqual({ code, complaint }, { code: 0, complaint: "" });
});

for (const code of ["ENOENT", "ECONNREFUSED", "57P01"]) {
  test(`a window whose \`apply\` misses something else (${code}) is parked, as its transaction is well`, { timeout: 240_000 }, async (t) => {
    const { hire } = await scene(t, { attempts: 2, types: ["weights"] });
    const worker = await hire({ behaviour: { fail: { ...BAD, code } } });
    await assert.rejects(worker.ask("drain"), { code: "parked" });
    const [{ attempts, error }] = await worker.ask("parked");
    assert.deepEqual({ attempts, code: error.code }, { attempts: 2, code });
  });
}

test("a deadlock in `apply`, and a connection that breaks in it, use up no attempt", { timeout: 240_000 }, async (t) => {
  const { database, hire } = await scene(t, { attempts: 1, types: ["weights"] });
  const deadlocked = await hire({ behaviour: { fail: { ...BAD, code: "40P01" } } });
  await deadlocked.ask("start");
  const { fault } = await deadlocked.next(({ type, state }) => type === "window" && state === "returned");
  assert.equal(fault.code, "40P01");
  await deadlocked.ask("stop");
  const cut = await hire({ behaviour: { tellApply: true, slow: 1000, writeTwice: true } });
  await cut.ask("start");
  await cut.next(({ type }) => type === "apply");
  const returned = cut.next(({ type, state }) => type === "window" && state === "returned");
  await database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'");
  await returned;
  await cut.ask("drain");
  assert.deepEqual(await cut.ask("parked"), []);
});

test("while the disk of the database is full this process takes no windows, and says so", { timeout: 240_000 }, async (t) => {
  const { hire } = await scene(t, { attempts: 1, types: ["weights"] });
  const worker = await hire({ behaviour: { fail: { ...BAD, code: "53100" } } });
  await worker.ask("start");
  const { fault } = await worker.next(({ type }) => type === "hold");
  assert.equal(fault.code, "53100");
  await worker.ask("stop");
  const other = await hire();
  await other.ask("drain");
  assert.deepEqual(await other.ask("parked"), []);
});

test("a window that the server cannot give is parked, as the server answers everything else", { timeout: 240_000 }, async (t) => {
  const { app, hire } = await scene(t, { attempts: 2 });
  const worker = await hire({ app: { maxRetries: 0 } });
  await worker.ask("start");
  await worker.next(({ type, of }) => type === "plan" && of === "heights");
  // Whatever asks for heights from now on, which is windows.
  const path = "/v1/apps/demo-app/users/heights";
  await app.control("faults", { failNext: Array.from({ length: 200 }, () => ({ method: "GET", path, status: 500 })) });
  const { fault, window } = await worker.next(({ state, parked }) => state === "failed" && parked);
  assert.deepEqual({ code: fault.code, type: window.type }, { code: "server", type: "heights" });
  assert.ok(!worker.told.some(({ type }) => type === "hold"), "the server is up");
  await app.control("faults", { failNext: [] });
  // What was in hand when the faults ended is parked meanwhile, or is not.
  await worker.ask("drain").catch(({ code }) => assert.equal(code, "parked"));
  assert.ok((await worker.ask("retry")) > 0);
  await worker.ask("drain");
});

test("while the server is away no attempt is used up, and then everything goes on", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t, { attempts: 2, windowRecords: 20, concurrency: 2 });
  const worker = await hire({ app: { maxRetries: 0 } });
  await worker.ask("drain");
  await app.change({ type: "weights", insert: 300 });
  await app.pass(600);
  await app.control("faults", { latencyMs: 30 });
  // A plan may fail, too, and then the drain does.
  worker.ask("drain").catch(() => {});
  // Windows wait from here on.
  await worker.next(({ type, of, state }) => type === "plan" && of === "weights" && state === "done");
  await app.control("faults", { errorRate: 1, errorStatus: 502 });
  const { until } = await worker.next(({ type }) => type === "hold");
  assert.ok(Date.parse(until) > Date.now());
  await worker.next(({ type }) => type === "hold");
  assert.ok(!worker.told.some(({ type, state }) => type === "window" && state === "failed"));
  await app.control("faults", { errorRate: null });
  await worker.ask("drain");
  assert.deepEqual(await worker.ask("parked"), []);
  assert.equal((await database.query("SELECT 1 FROM records")).length, (await app.dump("weights")).length + (await app.dump("heights")).length);
});

test("a refused key ends a drain, uses up no attempt, and is no end for workers that were started", { timeout: 240_000 }, async (t) => {
  const { app, database, hire } = await scene(t, { attempts: 2, windowRecords: 20 });
  await app.control("faults", { latencyMs: 30 });
  const worker = await hire();
  await worker.ask("start");
  await worker.next(({ type, state }) => type === "window" && state === "done");
  await app.control("faults", { appKeys: ["another-key"] });
  const { fault } = await worker.next(({ type }) => type === "hold");
  assert.equal(fault.code, "authentication");
  await assert.rejects(worker.ask("drain"), { code: "authentication" });
  assert.ok((await worker.ask("status")).some(({ planError }) => planError?.code === "authentication"));
  await app.control("faults", { appKeys: ["demo-app-key"] });
  await worker.next(({ type, state }) => type === "window" && state === "done");
  await worker.ask("drain");
  assert.deepEqual(await worker.ask("parked"), []);
  assert.equal((await database.query("SELECT max(failures) AS failures FROM humansync.work_windows"))[0].failures ?? 0, 0);
});

test("a page of somebody in front of the server uses up no attempt, and then everything goes on", { timeout: 240_000 }, async (t) => {
  for (const page of [{ status: 200, body: "<html>be back soon</html>" }, { status: 403, body: "{}" }]) {
    const { app, database, hire } = await scene(t, { attempts: 2, windowRecords: 20, types: ["weights"] });
    const worker = await hire();
    await worker.ask("drain");
    await app.change({ type: "weights", insert: 300 });
    await app.pass(600);
    const answers = Array.from({ length: 400 }, () => ({ ...page, path: "/v1" }));
    const drained = worker.ask("drain").catch((error) => error);
    await worker.next(({ type, state }) => type === "plan" && state === "done");
    await app.control("faults", { failNext: answers });
    await worker.next(({ type }) => type === "hold");
    await app.control("faults", { failNext: [] });
    await drained;
    await worker.ask("drain");
    assert.deepEqual(await worker.ask("parked"), [], String(page.status));
    assert.equal((await database.query("SELECT max(failures) AS failures FROM humansync.work_windows"))[0].failures ?? 0, 0);
  }
});

test("a key that is refused while a drain is under way ends it", { timeout: 240_000 }, async (t) => {
  const { app, hire } = await scene(t, { windowRecords: 5 });
  await app.control("faults", { latencyMs: 30 });
  const worker = await hire();
  // A plan or a window is refused first.
  const drained = assert.rejects(worker.ask("drain"), { code: "authentication" });
  // Everything is planned, and much is to be done.
  for (let planned = 0; planned < 2; planned++) await worker.next(({ type, state }) => type === "plan" && state === "done");
  await app.control("faults", { appKeys: ["another-key"] });
  await drained;
  await app.control("faults", { appKeys: ["demo-app-key"] });
  await worker.ask("drain");
  assert.deepEqual(await worker.ask("parked"), []);
});

test("a window in which every process ends is parked", { timeout: 240_000 }, async (t) => {
  const { database, hire } = await scene(t, { attempts: 2, types: ["heights"], windowRecords: 100_000 });
  for (let turns = 0; turns < 2; turns++) {
    const worker = await hire({ behaviour: { tellApply: true, slow: 60_000 } });
    worker.ask("start").catch(() => {});
    await worker.next(({ type }) => type === "apply");
    await worker.kill();
    // As if the lease were over.
    await database.query("UPDATE humansync_jobs.job SET heartbeat_on = now() - interval '1 day' WHERE state = 'active'");
    // The window that took it down comes first again, and alone.
    await database.query("UPDATE humansync_jobs.job SET start_after = now() + interval '1 hour' WHERE name = 'windows' AND state = 'created'");
  }
  const last = await hire({ attempts: 2 });
  last.ask("start").catch(() => {});
  const { fault, parked } = await last.next(({ state }) => state === "failed");
  assert.equal(parked, true);
  assert.equal(fault.code, "processes-lost");
  assert.equal((await last.ask("parked"))[0].error.code, "processes-lost");
});

test("`apply` that leaves its transaction idle for longer than the lease is told so", { timeout: 240_000 }, async (t) => {
  const { database, hire } = await scene(t, { attempts: 1, types: ["heights"], windowRecords: 100_000 });
  const worker = await hire({ behaviour: { slow: 12_000 } });
  await worker.ask("start");
  const { fault, parked } = await worker.next(({ state }) => state === "failed");
  assert.deepEqual({ name: fault.name, code: fault.code, parked }, { name: "StoreError", code: "idle", parked: true });
  assert.match(fault.message, /do not wait for anything else in `apply`/);
  assert.equal((await database.query("SELECT 1 FROM records")).length, 0);
});
