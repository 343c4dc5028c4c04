// sync.mjs and sync-postgres.mjs in a pipe: the sandbox's app is synced into a database, and the tables are compared
// with it row by row.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { startSandbox } from "./support/sandbox.mjs";
import { outcomeOf, scriptsFor } from "./support/scripts.mjs";

const Database = createRequire(import.meta.url)("libsql");

/** A year before the sandbox's clock: it has no older records. */
const SINCE = "2024-06-30T12:00:00Z";

const place = scriptsFor(after);
let sandbox;
let types;
before(async () => {
  sandbox = await startSandbox("--app-users", "100", "--app-records", "12000");
  types = Object.keys((await sandbox.control("app")).lists);
});
afterEach(async () => {
  for (const name of ["users.db", "users.db-wal", "users.db-shm"]) {
    rmSync(join(place, name), { force: true });
  }
  await sandbox.control("reset", {});
});
after(() => sandbox.stop());

const outcome = (script, args, watch) => outcomeOf(place, script, args, watch);
const address = () => ["--base-url", sandbox.url, "--since", SINCE];
const sync = (...options) => outcome("sync.mjs", [...address(), "--database", "users.db", ...options]);
const synced = () => outcome("synced.mjs", ["--base-url", sandbox.url, "--database", "users.db"]);
const lastLine = (text) => text.trimEnd().split("\n").at(-1).trim();
const tableOf = (type) => type.replaceAll("/", "_");
/** A number as the scripts print it: `1 234`. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, " ");

async function recordsOf(type) {
  const text = await (await fetch(new URL(`/_sandbox/app/dump/${type}`, sandbox.url))).text();
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/**
 * Asserts that each type's table, read by `select(table)`, equals the server's records; returns the number of all rows.
 */
async function assertEqual(select) {
  let rows = 0;
  for (const type of types) {
    const kept = new Map((await select(tableOf(type))).map((row) => [`${row.human_id}/${row.id}`, row]));
    for (const record of await recordsOf(type)) {
      const id = record.id ?? record.trait;
      const key = `${record.humanId}/${id}`;
      assert.deepEqual(kept.get(key), { human_id: record.humanId, id, updated_at: record.updatedAt ?? "", record }, `${type} ${key}`);
      kept.delete(key);
      rows++;
    }
    assert.deepEqual([...kept.keys()], [], `${type} has what the server has not`);
  }
  return rows;
}

const sqlite = () => {
  const database = new Database(join(place, "users.db"));
  const rows = (table) => database.prepare(`SELECT * FROM ${table}`).all();
  return assertEqual((table) => rows(table).map(({ human_id, id, updated_at, record }) => ({ human_id, id, updated_at, record: JSON.parse(record) }))).finally(
    () => database.close(),
  );
};

test("a year of all users is synced into SQLite, and the tables equal the server's records", async () => {
  const { code, said, complained } = await sync();
  assert.equal(complained, "");
  assert.equal(code, 0);
  assert.ok(!said.includes("\x1b") && !said.includes("\r"), "plain lines in a pipe");
  const rows = await sqlite();
  assert.ok(rows > 11_000, String(rows));
  for (const type of types) {
    const { length } = await recordsOf(type);
    assert.match(said, new RegExp(`^  ${type} +${grouped(length)} records? +12 of 12 windows( +[\\d ]+/s)?$`, "m"), "while it runs, when it is done");
    assert.match(said, new RegExp(`^  ${type} +${grouped(length)}   2025-06-30T12:00:0\\dZ$`, "m"), "in the account");
  }
  assert.match(said, /^  \d+ requests · 0 retries · .*s · [\d ]+ records a second$/m);
  assert.equal(lastLine(said), `✔ ${grouped(rows)} records new or changed, all of them kept`);

  const compared = await synced();
  assert.equal(lastLine(compared.said), `✔ ${grouped(rows)} rows in 16 tables, equal to the server's one by one`);
  assert.equal(compared.code, 0);
});

test("after the demo's hour, only records that were added or changed in it are fetched", async () => {
  await sync();
  const hour = await outcome("pass-an-hour.mjs", ["--base-url", sandbox.url]);
  const most = [...hour.said.matchAll(/^ +([\d ]+)  (?:records|changes) /gm)].map(([, number]) => Number(number.replaceAll(" ", "")));
  assert.equal(most.length, 4, hour.said + hour.complained);
  const again = await sync();
  const records = Number(/✔ ([\d ]+) records/.exec(again.said)[1].replaceAll(" ", ""));
  const changes = most.at(-1);
  const others = most.slice(0, -1).reduce((sum, number) => sum + number);
  assert.ok(others < records && records <= others + changes, `${records} records for ${others} new ones and ${changes} changes`);
  assert.match((await synced()).said, /✔/);
});

test("a second run fetches only what has changed since the first", async () => {
  const types = "heart_rates,food/meals";
  await sync("--types", types);
  const before = Object.values((await sandbox.control("app")).requests).reduce((sum, requests) => sum + requests);
  const unchanged = await sync("--types", types);
  assert.match(lastLine(unchanged.said), /^✔ nothing new( \(\d+ more came again, unchanged\))?$/);
  assert.match(unchanged.said, /^  2 types: nothing new, all there until 2025-06-30T12:00:0\dZ$/m);

  await sandbox.control("app/mutate", { type: "heart_rates", visibleLate: 3 });
  await sandbox.control("clock", { advanceSeconds: 3600 });
  await sandbox.control("app/mutate", { type: "heart_rates", update: 1 });
  await sandbox.control("app/mutate", { type: "heart_rates", insert: 5, late: 2 });
  const changed = await sync("--types", types);
  assert.match(changed.said, /^  heart_rates +11   2025-06-30T13:00:00Z$/m);
  assert.match(changed.said, /^  1 other type: nothing new, all there until 2025-06-30T13:00:00Z$/m);
  assert.equal(lastLine(changed.said), "✔ 11 records new or changed, all of them kept");
  const after = Object.values((await sandbox.control("app")).requests).reduce((sum, requests) => sum + requests);
  assert.ok(after - before <= 8, `${after - before} requests: one for each type and run, and one for the empty page after records`);
});

test("an older state of a record does not replace a newer one", async () => {
  await sync("--types", "weights");
  const [record] = await recordsOf("weights");
  const database = new Database(join(place, "users.db"));
  const newer = ["2099-01-01T00:00:00.000Z", "{}", record.id];
  database.prepare("UPDATE weights SET updated_at = ?, record = ? WHERE id = ?").run(...newer);
  // Without the checkpoints, everything is delivered again.
  database.prepare("DELETE FROM checkpoints").run();
  const { said, code } = await sync("--types", "weights");
  assert.equal(code, 0);
  const { length } = await recordsOf("weights");
  assert.equal(lastLine(said), `✔ nothing new (${grouped(length)} more came again, unchanged)`);
  const kept = database.prepare("SELECT updated_at, record, id FROM weights WHERE id = ?").get(record.id);
  database.close();
  assert.deepEqual([kept.updated_at, kept.record, kept.id], newer);
});

for (const [how, signal] of [["Ctrl-C", "SIGINT"], ["SIGKILL", "SIGKILL"]]) {
  test(`after ${how} in the middle, the next run fetches the rest`, { skip: process.platform === "win32" }, async () => {
    await sandbox.control("faults", { latencyMs: 20 });
    // At this point some types are done and others are not. The signal is sent once, because a second Ctrl-C would kill
    // the script at once.
    const watch = (said, child) => !child.killed && said.includes("12 of 12 windows") && child.kill(signal);
    const stopped = await outcome("sync.mjs", [...address(), "--database", "users.db"], watch);
    if (signal === "SIGKILL") assert.equal(stopped.signal, "SIGKILL");
    else {
      assert.equal(stopped.code, 130);
      assert.match(stopped.complained, /Stopped; what has come is kept\. The same command goes on from there\./);
    }
    assert.doesNotMatch(stopped.said, /account/);

    await sandbox.control("faults", { latencyMs: 0 });
    const rest = await sync();
    assert.equal(rest.code, 0, rest.complained);
    const rows = await sqlite();
    const brought = Number(/✔ ([\d ]+) records/.exec(rest.said)[1].replaceAll(" ", ""));
    assert.ok(brought < rows, `${brought} of ${rows}: what was there is not brought again`);
  });
}

test("synced.mjs ends with 1 and the first difference if a row is missing, different, or extra", async () => {
  await sync("--types", "weights");
  const database = new Database(join(place, "users.db"));
  const [one, two] = database.prepare("SELECT id FROM weights LIMIT 2").all();
  database.prepare("DELETE FROM weights WHERE id = ?").run(one.id);
  database.prepare("UPDATE weights SET record = '{}' WHERE id = ?").run(two.id);
  database.prepare("INSERT INTO weights VALUES ('more', '', '', '{}')").run();
  database.close();
  const others = (await Promise.all(types.map(recordsOf))).reduce((sum, { length }) => sum + length, 0) - (await recordsOf("weights")).length;
  const { code, said } = await synced();
  assert.match(lastLine(said), new RegExp(`^✘ of [\\d ]+ rows, ${grouped(others + 3)} differ; the first: activities: [0-9a-f]{32}/[0-9a-f]{24} is missing$`));
  assert.equal(code, 1);
});

test("sync-postgres.mjs syncs the same into PostgreSQL, and on the second run only what has changed", async () => {
  const database = await PGlite.create();
  const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: 0 });
  await server.start();
  try {
    const args = [...address(), "--database-url", `postgres://postgres:postgres@${server.getServerConn()}/postgres`];
    const postgres = () => assertEqual(async (table) => (await database.query(`SELECT * FROM ${table}`)).rows);
    await database.query("CREATE TABLE weights (id text PRIMARY KEY)");
    assert.match((await outcome("sync-postgres.mjs", args)).complained, /records but no checkpoints/);
    await database.query("DROP TABLE weights");

    const first = await outcome("sync-postgres.mjs", args);
    assert.equal(first.complained, "");
    assert.equal(first.code, 0);
    const rows = await postgres();
    assert.equal(lastLine(first.said), `✔ ${grouped(rows)} records new or changed, all of them kept`);

    await sandbox.control("clock", { advanceSeconds: 3600 });
    await sandbox.control("app/mutate", { update: 1 });
    await sandbox.control("app/mutate", { insert: 2 });
    const second = await outcome("sync-postgres.mjs", args);
    assert.equal(lastLine(second.said), `✔ ${3 * types.length} records new or changed, all of them kept`, second.complained);
    assert.equal(await postgres(), rows + 2 * types.length);
  } finally {
    await server.stop();
    await database.close();
  }
});

test("a database of an earlier version, which has no checkpoints, is refused and left as it is", async () => {
  const file = join(place, "users.db");
  const old = new Database(file);
  old.exec("CREATE TABLE weights (id TEXT PRIMARY KEY, human_id TEXT, updated_at TEXT, record TEXT)");
  old.close();
  const { code, complained } = await sync();
  assert.equal(code, 1);
  assert.match(complained, /records but no checkpoints\. An earlier version/);
  const after = new Database(file);
  assert.deepEqual(after.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name), ["weights"]);
  after.close();
});

test("a run whose checkpoint another run has moved ends, and stores nothing of that delta", async () => {
  await sync("--types", "weights");
  await sandbox.control("clock", { advanceSeconds: 3600 });
  await sandbox.control("app/mutate", { type: "weights", insert: 5 });
  const before = (await sandbox.control("log")).total;
  await sandbox.control("faults", { hold: { method: "GET", path: "/v1/apps", after: 0 } });
  const running = sync("--types", "weights");
  // Its first request is on the way, so that it has read the checkpoints.
  while ((await sandbox.control("log")).total === before);
  const database = new Database(join(place, "users.db"));
  database.prepare("UPDATE checkpoints SET checkpoint = 'of another run'").run();
  const count = () => database.prepare("SELECT count(*) AS rows FROM weights").get().rows;
  const rows = count();
  await sandbox.control("faults", { hold: null });
  const { code, complained } = await running;
  assert.equal(code, 1);
  assert.match(complained, /Another run has moved the checkpoint of weights/);
  assert.equal(count(), rows);
  assert.equal(database.prepare("SELECT checkpoint FROM checkpoints").get().checkpoint, "of another run");
  database.close();
});

test("a checkpoint of another app is refused before anything is sent", async () => {
  await sync("--types", "weights");
  const { code, complained } = await sync("--types", "weights", "--client-id", "another");
  assert.equal(code, 1);
  assert.match(complained, /checkpoint/);
});

for (const script of ["sync.mjs", "sync-postgres.mjs"]) {
  test(`${script} --help prints the options, and does nothing else`, async () => {
    const { code, said, complained } = await outcome(script, ["--help"]);
    for (const option of ["--base-url", "--client-id", "--app-key", "--since", "--types", "--concurrency", "--database"]) {
      assert.ok(said.includes(option), option);
    }
    assert.equal(complained, "");
    assert.equal(code, 0);
  });
}

for (const [what, script, args, expected] of [
  ["an App Key that is refused", "sync.mjs", ["--app-key", "not-this-one"], /status 401.*\n.*--app-key, or HUMANSYNC_APP_KEY/],
  ["an app that does not exist", "sync.mjs", ["--client-id", "nobodys"], /status 404.*\n.*--client-id/],
  ["a type that does not exist", "sync.mjs", ["--types", "steps"], /no batch type "steps"/],
  ["an option that does not exist", "sync.mjs", ["--sinse", SINCE], /--sinse.*--help/],
  ["a database that cannot be made", "sync.mjs", ["--database", "nowhere/users.db"], /nowhere\/users\.db cannot be opened/],
  ["no database", "sync-postgres.mjs", [], /--database-url/],
  ["no server of PostgreSQL", "sync-postgres.mjs", ["--database-url", "postgres://me:not-this-one@127.0.0.1:1/x"], /database.*ECONNREFUSED/],
]) {
  test(`${what} is reported without a stack trace, and ends with 1`, async () => {
    const place = script === "sync.mjs" && !args.includes("--database") ? ["--database", "users.db"] : [];
    const { code, said, complained } = await outcome(script, ["--base-url", sandbox.url, ...place, ...args]);
    assert.match(complained, expected);
    assert.ok(!(said + complained).includes("not-this-one"), "no secret");
    assert.doesNotMatch(complained, /^\s+at /m, "no stack");
    assert.equal(code, 1);
  });
}
