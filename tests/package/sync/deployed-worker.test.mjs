// The worker of examples/deploy, as it is deployed: with secrets in files, against PostgreSQL, and stopped by SIGTERM.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import pg from "pg";
import { folder, packageFolder, root } from "../node/support/installed.mjs";
import { startSandbox } from "../node/support/sandbox.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";

const APP_KEY = "demo-app-key";
const TYPES = ["heights", "weights", "genetic_traits"];
const hasWorkers = "./workers" in JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")).exports;
const skip = hasWorkers ? false : "this build of the package has no workers";

test("two workers bring everything, stop when they are told to, and say no secret", { skip }, async (t) => {
  const endings = [];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const { url } = await postgresFor((end) => endings.push(end));
  const now = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
  const old = new Date(Date.now() - 90_000).toISOString();
  const sandbox = await startSandbox("--app-users", "50", "--clock", "running", "--now", now);
  endings.push(() => sandbox.stop());
  const place = placeFor(t);
  writeFileSync(join(place, "app-key"), `${APP_KEY}\n`);
  writeFileSync(join(place, "database-url"), `${url}\n`);
  const environment = {
    PATH: process.env.PATH,
    APP_KEY_FILE: join(place, "app-key"),
    DATABASE_URL_FILE: join(place, "database-url"),
    CLIENT_ID: "demo-app\n",
    BASE_URL: sandbox.url,
    TYPES: TYPES.join(", "),
    SINCE: new Date(Date.now() - 400 * 86_400_000).toISOString(),
  };
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  endings.push(() => database.end());
  const refused = startWorker(t, place, { ...environment, SINCE: "2025" }, new EventEmitter());
  assert.deepEqual(await refused.ended, [1, null]);
  assert.match(refused.lines.at(-1).message, /since: expected RFC 3339/);
  const { rows } = await database.query("SELECT 1 FROM pg_tables WHERE tablename = 'records'");
  assert.deepEqual(rows, [], "nothing is written before the options are checked");

  // A secret in the environment, as Kubernetes gives it.
  const environments = [environment, { ...environment, APP_KEY_FILE: "", APP_KEY: `${APP_KEY}\n`, DATABASE_URL_FILE: "", DATABASE_URL: `${url}\n` }];
  // Both create the table, if they can.
  const news = new EventEmitter();
  const workers = environments.map((given) => startWorker(t, place, given, news));
  await Promise.all(workers.map((worker) => worker.said(({ event }) => event === "started")));
  await everyWindowDone(news, url);

  for (const type of TYPES) {
    const { rows } = await database.query("SELECT record FROM records WHERE type = $1", [type]);
    const found = new Set(rows.map(({ record }) => keyOf(record)));
    const known = await dumpOf(sandbox, type);
    assert.ok(found.size > 10 && found.size === rows.length);
    const all = new Set(known.map(keyOf));
    assert.deepEqual([...found].filter((key) => !all.has(key)), []);
    // The last minute is not planned yet.
    const due = known.filter(({ updatedAt }) => updatedAt < old);
    assert.deepEqual(due.filter((record) => !found.has(keyOf(record))), []);
  }

  for (const { child } of workers) child.kill("SIGTERM");
  for (const worker of workers) {
    assert.deepEqual(await worker.ended, [0, null]);
    const events = worker.lines.map(({ event }) => event);
    assert.deepEqual(events.slice(-2), ["stopping", "stopped"]);
    assert.doesNotMatch(JSON.stringify(worker.lines) + worker.complaints(), new RegExp(`${APP_KEY}|postgres://`));
  }
});

/** A folder with the worker and what it needs, as an image has it. */
function placeFor(t) {
  const place = mkdtempSync(join(folder, "worker-"));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  cpSync(join(root, "examples/deploy/worker.mjs"), join(place, "worker.mjs"));
  return place;
}

/** Starts a worker. Each line of its output is told to `news`. */
function startWorker(t, place, env, news) {
  const child = spawn(node22(), [join(place, "worker.mjs")], { cwd: place, env, stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const lines = [];
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaints += text));
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => {
    lines.push(JSON.parse(line));
    news.emit("line");
  });
  const ended = once(child, "close");
  return {
    child,
    lines,
    ended,
    complaints: () => complaints,
    /** Resolves when there is a line that `fits`. */
    async said(fits) {
      const early = ended.then(() => assert.fail(`the worker has ended: ${JSON.stringify(lines.at(-1))} ${complaints}`));
      early.catch(() => {});
      while (!lines.some(fits)) await Promise.race([once(news, "line"), early]);
    },
  };
}

/** Resolves when every type is planned and every window done. Workers tell when they have done one. */
async function everyWindowDone(news, url) {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    for (;;) {
      const { rows } = await database.query(
        `SELECT count(*) FILTER (WHERE planned_at IS NOT NULL)::int AS planned,
           (SELECT count(*)::int FROM humansync.work_windows WHERE state <> 'done') AS open FROM humansync.work_types`,
      );
      if (rows[0].planned === TYPES.length && rows[0].open === 0) return;
      await once(news, "line");
    }
  } finally {
    await database.end();
  }
}

/** What the server has of a type. */
async function dumpOf({ url }, type) {
  const answer = await fetch(new URL(`/_sandbox/app/dump/${type}`, url));
  return (await answer.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** A record in a form that compares. */
function keyOf(record) {
  return JSON.stringify(Object.entries(record).sort());
}

/** pg-boss needs a newer Node than the package: this one, or the one that npm has brought. */
function node22() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
  const brought = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  assert.ok(existsSync(brought), "there is no Node 22.12 or newer: npm install");
  return brought;
}
