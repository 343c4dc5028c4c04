// What workers cost and how fast they are, measured with the worker of examples/deploy: the transactions of one that
// has nothing to do, and a first sync from a server that is far away.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { TYPES } from "./users.mjs";

const WORKER = fileURLToPath(new URL("../../examples/deploy/worker.mjs", import.meta.url));
/** How long a worker without work is watched. */
const MILLISECONDS = 20_000;

/** Transactions a second of one process with its defaults, for which nothing is new. */
export async function idleTransactions(databaseUrl, sandboxUrl) {
  const watcher = new pg.Client({ connectionString: databaseUrl });
  await watcher.connect();
  const since = new Date(Date.now() - 86_400_000).toISOString();
  const workers = startWorkers(1, { DATABASE_URL: databaseUrl, BASE_URL: sandboxUrl, SINCE: since });
  try {
    // A day of each type is one window.
    await workers.until(({ windows }) => windows === TYPES.length);
    // PostgreSQL counts up to a second late.
    await setTimeout(2000);
    const before = await transactions(watcher);
    await setTimeout(MILLISECONDS);
    // What asks is a transaction as well.
    return ((await transactions(watcher)) - before - 1) / (MILLISECONDS / 1000);
  } finally {
    await workers.stop();
    await watcher.end();
  }
}

/** Seconds in which so many processes bring `records` heart rate readings from `since` on. */
export async function firstSyncSeconds(databaseUrl, sandboxUrl, { processes, records, since }) {
  const workers = startWorkers(processes, { DATABASE_URL: databaseUrl, BASE_URL: sandboxUrl, SINCE: since, TYPES: "heart_rates" });
  try {
    await workers.until(({ started }) => started > 0);
    const began = performance.now();
    await workers.until((done) => done.records >= records);
    return (performance.now() - began) / 1000;
  } finally {
    await workers.stop();
  }
}

/** Starts so many processes of the worker, and counts what they say. */
function startWorkers(processes, options) {
  // Where the benches find the package.
  const place = mkdtempSync(fileURLToPath(new URL("../node_modules/.worker-", import.meta.url)));
  cpSync(WORKER, join(place, "worker.mjs"));
  const env = { PATH: process.env.PATH, CLIENT_ID: "demo-app", APP_KEY: "demo-app-key", ...options };
  const done = { started: 0, windows: 0, records: 0 };
  const waiting = new Set();
  const children = Array.from({ length: processes }, () => {
    const child = spawn(process.execPath, [join(place, "worker.mjs")], { env, stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { event, message, records } = JSON.parse(line);
      if (event === "started") done.started++;
      if (event === "window done") {
        done.windows++;
        done.records += records;
      }
      const failure = event === "ended" ? new Error(`a worker has ended: ${message}`) : undefined;
      for (const look of waiting) look(failure);
    });
    return { child, closed: once(child, "close") };
  });
  return {
    /** Resolves when what is done `isEnough`. */
    until: (isEnough) =>
      new Promise((resolve, reject) => {
        const look = (failure) => {
          if (failure === undefined && !isEnough(done)) return;
          waiting.delete(look);
          if (failure === undefined) resolve();
          else reject(failure);
        };
        waiting.add(look);
        look();
      }),
    async stop() {
      for (const { child } of children) child.kill("SIGTERM");
      for (const { closed } of children) await closed;
      rmSync(place, { recursive: true });
    },
  };
}

async function transactions(client) {
  await client.query("SELECT pg_stat_clear_snapshot()");
  const { rows } = await client.query("SELECT xact_commit::int AS count FROM pg_stat_database WHERE datname = current_database()");
  return rows[0].count;
}
