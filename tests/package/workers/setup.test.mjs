// What is refused, each with an error that says what to do, and before anything is written.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { SINCE, appFor } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { packageFolder, required } from "../node/support/installed.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
const isOld = major < 22 || (major === 22 && minor < 12);
const BASE = { baseUrl: "http://127.0.0.1:9", since: SINCE };
const isMade = ({ type }) => type === "made";

/** What the program was refused with, which then has ended. */
async function refusal(worker) {
  const [{ error }] = await Promise.all([worker.next(({ type }) => type === "refused"), worker.ended]);
  return error;
}

test("a database that cannot be reached", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const place = programsFor(atEnd);
  const refused = await refusal(workerFor(atEnd, place, { ...BASE, database: "postgres://somebody:secret-word@127.0.0.1:1/health" }));
  assert.deepEqual({ name: refused.name, code: refused.code }, { name: "StoreError", code: "unreachable" });
  assert.match(refused.message, /cannot be reached/);
  assert.doesNotMatch(JSON.stringify(refused), /secret-word|somebody|postgres:/);

  const malformed = await refusal(workerFor(atEnd, place, { ...BASE, database: "postgres://somebody:secret-word@[::1/health" }));
  assert.equal(malformed.option, "database");
  assert.doesNotMatch(JSON.stringify(malformed), /secret-word|somebody/);
});

test("a drain that has to start workers says that the database is away, and can be tried again", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [app, database] = [await appFor(atEnd, "--app-records", "800"), await databaseFor(atEnd)];
  await app.pass(600);
  const worker = workerFor(atEnd, programsFor(atEnd), { ...BASE, baseUrl: app.url, types: ["weights"], database: database.url });
  await worker.next(({ type }) => type === "made");
  await database.server.stop();
  await assert.rejects(worker.ask("drain"), { name: "StoreError", code: "unreachable", message: /cannot be reached/ });
  await database.server.start();
  assert.equal((await worker.ask("drain")).records, (await app.dump("weights")).length);
  await worker.kill();
});

test("what is wrong with a database that is there", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const options = { ...BASE, database: database.url };
  const tables = async () => (await database.query("SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'humansync%' ORDER BY 1, 2")).map(Object.values);

  const nowhere = await refusal(workerFor(atEnd, place, { ...options, database: database.url.replace(/postgres$/, "elsewhere") }));
  assert.equal(nowhere.code, "unreachable");
  await database.query("CREATE ROLE nobody LOGIN");
  const denied = await refusal(workerFor(atEnd, place, { ...options, database: database.url.replace("tests@", "nobody@") }));
  assert.equal(denied.code, "denied");
  assert.deepEqual(await tables(), []);

  const first = workerFor(atEnd, place, options);
  await first.next(isMade);
  const known = await tables();
  assert.ok(known.every(([, name]) => name.startsWith("work_")), String(known));

  const another = await refusal(workerFor(atEnd, place, { ...options, clientId: "another-app" }));
  assert.deepEqual({ name: another.name, option: another.option }, { name: "OptionError", option: "schema" });
  assert.match(another.message, /another client id: give the `clientId`/);
  const elsewhere = await refusal(workerFor(atEnd, place, { ...options, baseUrl: "http://127.0.0.1:9/elsewhere" }));
  assert.equal(elsewhere.option, "schema");
  assert.match(elsewhere.message, /another server: give the `baseUrl`/);
  const both = await refusal(workerFor(atEnd, place, { ...options, clientId: "another-app", baseUrl: "http://127.0.0.1:9/elsewhere" }));
  assert.match(both.message, /another server and another client id/);
  for (const { message } of [another, elsewhere, both]) assert.doesNotMatch(message, /another-app|demo-app|127\.0\.0\.1/);
  // The same app, however its address is written.
  await workerFor(atEnd, place, { ...options, baseUrl: "http://127.0.0.1:9/" }).next(isMade);
  await workerFor(atEnd, place, { ...options, clientId: "another-app", schema: "another" }).next(isMade);
  assert.deepEqual(await tables(), known, "nothing was written");

  await database.query("INSERT INTO humansync.work_migrations (version) VALUES (999)");
  const newer = await refusal(workerFor(atEnd, place, options));
  assert.deepEqual({ name: newer.name, code: newer.code }, { name: "StoreError", code: "newer" });
  assert.match(newer.message, /999/);
});

test("queues of a newer pg-boss", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const options = { ...BASE, database: database.url };
  const first = workerFor(atEnd, place, options);
  await first.next(isMade);
  const late = workerFor(atEnd, place, options);
  await late.next(isMade);
  await first.ask("start");
  await first.end();
  await database.query("UPDATE humansync_jobs.version SET version = version + 50");
  const dump = () => database.query("SELECT (SELECT json_agg(q) FROM humansync_jobs.queue q) AS queues, (SELECT json_agg(v) FROM humansync_jobs.version v) AS versions, (SELECT count(*)::int FROM humansync_jobs.job) AS jobs");
  const before = await dump();

  const newer = await refusal(workerFor(atEnd, place, options));
  assert.deepEqual({ name: newer.name, code: newer.code }, { name: "StoreError", code: "newer" });
  assert.match(newer.message, /newer pg-boss/);
  // One that was made before looks again.
  await assert.rejects(late.ask("start"), { name: "StoreError", code: "newer" });
  // In another schema nothing is made, either.
  await database.query("CREATE SCHEMA other_jobs; CREATE TABLE other_jobs.version (version int); INSERT INTO other_jobs.version VALUES (9999)");
  assert.equal((await refusal(workerFor(atEnd, place, { ...options, schema: "other" }))).code, "newer");
  assert.deepEqual(await database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'other'"), []);
  assert.deepEqual(await dump(), before, "nothing was written");
});

test("a start that fails leaves nothing behind, and another one succeeds", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const options = { ...BASE, database: database.url, app: { maxRetries: 0 } };
  const first = workerFor(atEnd, place, options);
  await first.next(isMade);
  await first.ask("start");
  await first.end();
  await database.query(`
    DELETE FROM humansync_jobs.job;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE insufficient_privilege; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON humansync_jobs.job FOR EACH ROW EXECUTE FUNCTION refuse()`);

  const worker = workerFor(atEnd, place, options);
  await worker.next(isMade);
  await assert.rejects(worker.ask("start"), { code: "denied" });
  const present = async () => (await database.query("SELECT count(*)::int AS count FROM humansync.work_processes"))[0].count;
  assert.equal(await present(), 0, "its `sharedConcurrency` does not count any more");

  await database.query("DROP TRIGGER refuse ON humansync_jobs.job");
  await worker.ask("start");
  assert.equal(await present(), 1);
  await worker.ask("stop");
  assert.equal(await present(), 0);
  // Longer than two heartbeats of the limiter, which would fail: the pool is closed.
  const told = worker.told.length;
  await pass(4000);
  assert.deepEqual(worker.told.slice(told).filter(({ type }) => type === "trouble"), []);
});

test("a dashboard's user, who may only read", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const options = { ...BASE, database: database.url, app: { maxRetries: 0 } };
  const worker = workerFor(atEnd, place, options);
  await worker.next(isMade);
  await worker.ask("start");
  await worker.end();
  const guide = readFileSync(new URL("../../../docs/workers.md", import.meta.url), "utf8");
  const [, grants] = /```sql\n( *GRANT USAGE[^`]*)```/.exec(guide);
  await database.query(`CREATE ROLE dashboard LOGIN; ${grants}`);

  const watcher = workerFor(atEnd, place, { ...options, database: database.url.replace("tests@", "dashboard@") });
  await watcher.next(isMade);
  assert.ok(Array.isArray(await watcher.ask("status")));
  assert.deepEqual(await watcher.ask("parked"), []);
  assert.equal(await watcher.ask("pausedUntil"), undefined);
  await assert.rejects(watcher.ask("retry"), { code: "denied" });
});

test("a store of the same app in the same schema", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const { createStore } = required("humansync/stores/postgres");
  const pool = { query: async (text, values) => ({ rows: await database.query(text, values) }) };
  const store = await createStore({ pool });
  await store.set("key", new Uint8Array([1]));
  await workerFor(atEnd, place, { ...BASE, database: database.url }).next(isMade);
  assert.deepEqual(await (await createStore({ pool })).get("key"), new Uint8Array([1]));
  await workerFor(atEnd, place, { ...BASE, database: database.url }).next(isMade);
});

test("a schema whose name is a word of SQL", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  for (const schema of ["user", "order"]) {
    const refused = await refusal(workerFor(atEnd, place, { ...BASE, database: database.url, schema }));
    assert.deepEqual({ name: refused.name, option: refused.option }, { name: "OptionError", option: "schema" });
  }
  assert.deepEqual(await database.query("SELECT 1 FROM pg_namespace WHERE nspname IN ('user', 'order')"), []);
});

test("what `retry` is given must be parked windows", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const worker = workerFor(atEnd, programsFor(atEnd), BASE);
  await worker.next(isMade);
  for (const [given, option] of [["x", "windows"], [{ id: "1" }, "windows"], [[{ id: 1 }], "windows[0]"]]) {
    await assert.rejects(worker.ask("retry", given), { name: "OptionError", code: "option", option });
  }
});

test("six processes that begin at once find one set of tables", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const crew = Array.from({ length: 6 }, () => workerFor(atEnd, place, { ...BASE, database: database.url, app: { maxRetries: 0 } }));
  await Promise.all(crew.map((worker) => worker.next(isMade)));
  await Promise.all(crew.map((worker) => worker.ask("start")));
  assert.equal((await database.query("SELECT count(*)::int AS count FROM humansync.work_migrations"))[0].count, 1);
});

test("a folder of PGlite that another process has", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const place = programsFor(atEnd);
  const options = { ...BASE, folder: join(place, "kept") };
  const first = workerFor(atEnd, place, options);
  await first.next(isMade);
  const second = await refusal(workerFor(atEnd, place, options));
  assert.deepEqual({ name: second.name, code: second.code }, { name: "StoreError", code: "locked" });
  // A process that is killed leaves no lock behind.
  await first.kill();
  await workerFor(atEnd, place, options).next(isMade);
});

test("a Node that pg-boss does not run on", async () => {
  const { checkNode } = await import(join(packageFolder, "workers/optional-peers.js"));
  for (const version of ["22.12.0", "22.13.1", "23.0.0", "24.0.0-nightly", "100.1.0"]) checkNode(version);
  for (const version of ["22.11.0", "22.2.0", "20.20.2", "18.0.0", "2.30.0", ""]) {
    assert.throws(() => checkNode(version), ({ name, code, message }) => {
      assert.deepEqual({ name, code }, { name: "HumansyncError", code: "unsupported" });
      assert.match(message, /needs Node 22\.12 or newer/);
      return true;
    });
  }
});

test("a Node that is too old is refused before anything is made", { skip: isOld ? false : "this Node is new enough" }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const place = programsFor(atEnd);
  const folder = join(place, "kept");
  const refused = await refusal(workerFor(atEnd, place, { ...BASE, folder }, { runtime: process.execPath }));
  assert.equal(refused.code, "unsupported");
  assert.ok(!existsSync(folder));
});

test("packages that are not installed", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const place = realpathSync(mkdtempSync(join(tmpdir(), "humansync-alone-")));
  atEnd(() => rmSync(place, { recursive: true, force: true }));
  mkdirSync(join(place, "node_modules"));
  cpSync(packageFolder, join(place, "node_modules/humansync"), { recursive: true });
  cpSync(new URL("programs", import.meta.url), place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const folder = join(place, "kept");
  const refused = await refusal(workerFor(atEnd, place, { ...BASE, folder }));
  assert.deepEqual({ name: refused.name, code: refused.code }, { name: "HumansyncError", code: "peer-missing" });
  assert.match(refused.message, /npm install pg-boss@12/);
  assert.ok(!existsSync(folder));
});

test("options", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const place = programsFor(atEnd);
  const cases = [
    [{ schema: "Health" }, "schema"],
    [{ schema: "a; DROP TABLE x" }, "schema"],
    [{ types: ["steps"] }, "types[0]"],
    [{ types: [] }, "types"],
    [{ since: "yesterday" }, "since"],
    [{ since: "2025" }, "since"],
    [{ since: "06/01/2025" }, "since"],
    [{ since: "2025-01-01T00:00:00" }, "since"],
    [{ since: 8.64e15 }, "since"],
    [{ since: -8.64e15 }, "since"],
    [{ since: "0000-01-01T00:00:00Z" }, "since"],
    [{ since: new Date(Date.now() + 2 * 86_400_000) }, "since"],
    [{ since: null }, "since"],
    [{ behaviour: { undefined: ["since"] } }, "since"],
    [{ every: 10 }, "every"],
    [{ overlap: 1500 }, "overlap"],
    [{ leaseDuration: 5000 }, "leaseDuration"],
    [{ concurrency: 0 }, "concurrency"],
    [{ sharedConcurrency: 257 }, "sharedConcurrency"],
    [{ attempts: 0.5 }, "attempts"],
    [{ database: "" }, "database"],
    [{ database: {} }, "database"],
    [{ database: null }, "database"],
    [{ behaviour: { undefined: ["database"] } }, "database"],
    [{ database: "localhost:5432/health" }, "database"],
    [{ database: "mysql://somebody:secret-word@localhost/health" }, "database"],
    [{ database: "nonsense" }, "database"],
    [{ database: "postgres://x", folder: "y" }, "folder"],
    [{ folder: "" }, "folder"],
    [{ folder: null }, "folder"],
    [{ behaviour: { undefined: ["folder"] } }, "folder"],
    [{ folder: fileURLToPath(import.meta.url) }, "folder"],
    [{ schema: "pg_health" }, "schema"],
    [{ schema: "information_schema" }, "schema"],
    [{ colour: 1 }, "colour"],
    [{ concurency: 3 }, "concurency", /there is no option "concurency": did you mean "concurrency"\?/],
    [{ app: { timeout: -1 } }, "timeout"],
    [{ app: { baseUrl: "not a URL" } }, "baseUrl"],
  ];
  for (const [wrong, option, message = /./] of cases) {
    const refused = await refusal(workerFor(atEnd, place, { ...BASE, folder: join(place, "kept"), ...("database" in wrong && !("folder" in wrong) && { folder: undefined }), ...wrong }));
    assert.deepEqual({ name: refused.name, option: refused.option }, { name: "OptionError", option }, JSON.stringify(wrong));
    assert.doesNotMatch(refused.message, /DROP|yesterday|secret-word/);
    assert.match(refused.message, message);
  }
  assert.ok(!existsSync(join(place, "kept")));
});
