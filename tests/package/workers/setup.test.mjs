// What is refused, each with an error that says what to do, and before anything is written.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SINCE, appFor } from "../sync/support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { packageFolder, required } from "../node/support/installed.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const [major] = process.versions.node.split(".").map(Number);
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
  assert.equal((await refusal(workerFor(atEnd, place, { ...options, baseUrl: "http://127.0.0.1:9/elsewhere" }))).option, "schema");
  // The same app, however its address is written.
  await workerFor(atEnd, place, { ...options, baseUrl: "http://127.0.0.1:9/" }).next(isMade);
  await workerFor(atEnd, place, { ...options, clientId: "another-app", schema: "another" }).next(isMade);
  assert.deepEqual(await tables(), known, "nothing was written");

  await database.query("INSERT INTO humansync.work_migrations (version) VALUES (999)");
  const newer = await refusal(workerFor(atEnd, place, options));
  assert.deepEqual({ name: newer.name, code: newer.code }, { name: "StoreError", code: "newer" });
  assert.match(newer.message, /999/);
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

test("a Node that pg-boss does not run on", { skip: major >= 22 ? "this is Node 22 or newer" : false }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const place = programsFor(atEnd);
  const folder = join(place, "kept");
  const refused = await refusal(workerFor(atEnd, place, { ...BASE, folder }, { runtime: process.execPath }));
  assert.deepEqual({ name: refused.name, code: refused.code }, { name: "HumansyncError", code: "unsupported" });
  assert.match(refused.message, /needs Node 22\.12 or newer/);
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
    [{ every: 10 }, "every"],
    [{ overlap: 1500 }, "overlap"],
    [{ leaseDuration: 5000 }, "leaseDuration"],
    [{ concurrency: 0 }, "concurrency"],
    [{ sharedConcurrency: 257 }, "sharedConcurrency"],
    [{ attempts: 0.5 }, "attempts"],
    [{ database: "" }, "database"],
    [{ database: {} }, "database"],
    [{ database: "postgres://x", folder: "y" }, "folder"],
    [{ folder: "" }, "folder"],
    [{ colour: 1 }, "colour"],
    [{ app: { timeout: -1 } }, "timeout"],
    [{ app: { baseUrl: "not a URL" } }, "baseUrl"],
  ];
  for (const [wrong, option] of cases) {
    const refused = await refusal(workerFor(atEnd, place, { ...BASE, folder: join(place, "kept"), ...("database" in wrong && !("folder" in wrong) && { folder: undefined }), ...wrong }));
    assert.deepEqual({ name: refused.name, option: refused.option }, { name: "OptionError", option }, JSON.stringify(wrong));
    assert.doesNotMatch(refused.message, /DROP|yesterday/);
  }
  assert.ok(!existsSync(join(place, "kept")));
});
