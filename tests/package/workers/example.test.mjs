// workers.mjs in a pipe: workers bring the sandbox's app into PostgreSQL and PGlite, tell how far they are, and end
// when they are asked to.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { scriptsFor } from "../node/support/scripts.mjs";
import { startSandbox } from "../node/support/sandbox.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { comparedAll } from "./chaos/compare.mjs";
import { node } from "./support/node.mjs";

/** A year before the sandbox's clock. */
const SINCE = "2024-06-30T12:00:00Z";
const TYPES = ["weights", "food/meals", "genetic_traits"];

const atEnd = endOf(after);
const place = scriptsFor(atEnd);
let sandbox;
let database;
before(async () => {
  sandbox = await startSandbox("--app-users", "100", "--app-records", "12000");
  atEnd(() => sandbox.stop());
  // Nothing is updated in the last minute before its clock, up to which workers read.
  await sandbox.control("clock", { advanceSeconds: 120 });
  ({ url: database } = await postgresFor(atEnd));
});

const address = () => ["--base-url", sandbox.url, "--since", SINCE, "--types", TYPES.join()];
const there = (schema) => ["--database", database, "--schema", schema];

/** Starts workers.mjs. `until(text)` waits until it has printed that; `ended` resolves with how it ended. */
function started(...args) {
  const { HUMANSYNC_APP_KEY: _, HUMANSYNC_CLIENT_ID: __, DATABASE_URL: ___, ...env } = process.env;
  const child = spawn(node, [join(place, "workers.mjs"), ...args], { cwd: place, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let complained = "";
  let heard = () => {};
  child.stdout.setEncoding("utf8").on("data", (text) => heard((said += text)));
  child.stderr.setEncoding("utf8").on("data", (text) => (complained += text));
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, said, complained })));
  return {
    child,
    ended,
    async until(text) {
      const over = ended.then(({ code, complained }) => assert.fail(`it has ended with ${code}: ${complained}`));
      over.catch(() => {});
      while (!said.includes(text)) await Promise.race([new Promise((resolve) => (heard = resolve)), over]);
    },
  };
}

const outcome = (...args) => started(...args).ended;

/** Asserts that the tables are the server's. Returns how many rows they have. */
async function assertEqual(client) {
  const { lists } = await sandbox.control("app");
  const { rows, differences } = await comparedAll(client, sandbox.url, Object.fromEntries(TYPES.map((type) => [type, lists[type]])), () => {});
  assert.deepEqual(differences, []);
  return rows;
}

async function withClient(work) {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test("everything there is to do is done, and the tables are the server's", async () => {
  const { code, said, complained } = await outcome(...there("drained"), ...address(), "--drain", "--journal");
  assert.equal(complained, "");
  assert.equal(code, 0);
  assert.ok(!said.includes("\x1b"), "plain lines in a pipe");
  assert.match(said, /records, and nothing is left to do/);
  await withClient(async (client) => {
    const rows = await assertEqual(client);
    const { rows: [journal] } = await client.query("SELECT count(*)::int AS deltas, count(DISTINCT (type, checkpoint))::int AS different, sum(records)::int AS records FROM deltas");
    assert.equal(journal.different, journal.deltas);
    assert.equal(journal.records, rows, "each record was delivered once");
  });
});

test("the table of status has a line for each type, and is printed once in a pipe", async () => {
  const { code, said, complained } = await outcome("status", ...there("drained"), ...address());
  assert.equal(complained, "");
  assert.equal(code, 0);
  const lines = said.trimEnd().split("\n");
  assert.equal(lines.length, TYPES.length + 2);
  assert.match(lines[0], /type +all there until +waiting +running +failed +records/);
  const { lists } = await sandbox.control("app");
  for (const [index, type] of [...TYPES, "all"].entries()) {
    const records = type === "all" ? TYPES.reduce((sum, one) => sum + lists[one], 0) : lists[type];
    assert.match(lines[index + 1].replaceAll(/(?<=\d) (?=\d{3}\b)/g, ""), new RegExp(`^  ${type} +2025-06-30 12:0\\d:\\d\\d +· +· +· +${records}$`));
  }
});

test("no window has failed too often, and there is nothing to be tried again", async () => {
  const failed = await outcome("failed", ...there("drained"), ...address());
  assert.deepEqual([failed.code, failed.complained], [0, ""]);
  assert.match(failed.said, /no window has failed/);
  const retried = await outcome("retry", ...there("drained"), ...address());
  assert.deepEqual([retried.code, retried.complained], [0, ""]);
  assert.match(retried.said, /0 windows will be tried again/);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 0]]) {
  test(`a worker that gets ${signal} ends with ${code}, and another one goes on from there`, async () => {
    const schema = signal.toLowerCase();
    await sandbox.control("faults", { latencyMs: 50 });
    const worker = started(...there(schema), ...address(), "--json");
    await worker.until('"state":"begun"');
    worker.child.kill(signal);
    const ended = await worker.ended;
    await sandbox.control("faults", { latencyMs: 0 });
    assert.deepEqual([ended.code, ended.signal], [code, null]);
    assert.match(ended.complained, /Stopped; what has come is kept/);
    const next = await outcome(...there(schema), ...address(), "--drain", "--json");
    assert.deepEqual([next.code, next.complained], [0, ""]);
    const events = next.said.trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(events.at(-1).type, "report");
    await withClient(assertEqual);
  });
}

test("without a database everything is in a folder", async (t) => {
  const folder = join(place, "embedded");
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { code, said, complained } = await outcome("--folder", folder, ...address(), "--drain");
  assert.deepEqual([code, complained], [0, ""]);
  assert.match(said, /records, and nothing is left to do/);
  const status = await outcome("status", "--folder", folder, ...address());
  assert.deepEqual([status.code, status.complained], [0, ""]);
  const { PGlite } = await import("@electric-sql/pglite");
  const client = await PGlite.create(join(folder, "database"));
  try {
    await assertEqual(client);
  } finally {
    await client.close();
  }
});

for (const [name, args, complaint] of [
  ["a type that does not exist", ["--types", "steps"], /There is no type steps; there are activities,/],
  ["a database and a folder", ["--database", "postgres://nowhere", "--folder", "here"], /give one of the two/],
  ["a command that does not exist", ["stop"], /There are the commands work, status, failed, retry; given: stop/],
  ["a database that cannot be reached", ["--database", "postgres://nobody@127.0.0.1:1/none"], /cannot be reached/],
  ["a point in time that is none", ["--since", "yesterday"], /since: expected RFC 3339/],
  ["a URL with a password that is not encoded", ["--database", "postgres://u:p#w@nowhere/none"], /`database` must be a connection string/],
  ["a status with such a URL", ["status", "--database", "postgres://u:p#w@nowhere/none"], /--database is no valid URL/],
  ["a status with an address that is none", ["status", "--database", "localhost:5432/health"], /--database takes a URL/],
  ["a status without a database that can be reached", ["status", "--database", "postgres://nobody@127.0.0.1:1/none"], /cannot be reached/],
]) {
  test(`${name} is reported without a stack trace, and ends with 1`, async () => {
    const { code, complained } = await outcome(...args);
    assert.equal(code, 1);
    assert.match(complained, complaint);
    assert.doesNotMatch(complained, /\n +at /);
  });
}

for (const command of ["status", "failed", "retry"]) {
  test(`${command} where nobody has worked says so, creates nothing, and ends with 1`, async () => {
    const looked = await outcome(command, ...there("nobody"), ...address(), ...(command === "status" ? ["--once"] : []));
    assert.deepEqual([looked.code, looked.complained], [1, ""]);
    assert.match(looked.said, /there are no workers in this schema yet/);
    await withClient(async (client) => {
      const { rows } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'nobody%'");
      assert.deepEqual(rows, []);
    });
    const folder = join(place, "nowhere");
    const alone = await outcome(command, "--folder", folder, ...address());
    assert.deepEqual([alone.code, alone.complained, existsSync(folder)], [1, "", false]);
    assert.match(alone.said, /there are no workers in this folder yet/);
  });
}

test("a type that could not be planned: the worker, the table of status and the list of what failed say why", async () => {
  const where = ["--base-url", sandbox.url, "--since", SINCE, "--types", " weights, heights", ...there("refused"), "--app-key", "another-key"];
  const worker = started(...where);
  await worker.until("weights could not be planned");
  await worker.until("heights could not be planned");
  worker.child.kill("SIGTERM");
  await worker.ended;
  const status = await outcome("status", ...where, "--once");
  assert.deepEqual([status.code, status.complained], [1, ""]);
  assert.match(status.said, /^  weights +cannot be planned/m);
  assert.match(status.said, /^  weights, heights could not be planned: .*status 401: the secret was not accepted/m, "a reason that is the same is said once");
  const failed = await outcome("failed", ...where);
  assert.match(failed.said, /^  weights, heights could not be planned: .*status 401: the secret was not accepted/m);
});

test("--help prints the options, and does nothing else", async () => {
  const { code, said, complained } = await outcome("--help");
  assert.deepEqual([code, complained], [0, ""]);
  for (const option of ["--database", "--folder", "--concurrency", "--shared-concurrency", "--drain", "--once"]) assert.ok(said.includes(option), option);
});
