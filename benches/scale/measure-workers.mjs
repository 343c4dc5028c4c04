// What workers cost the database while there is nothing to do: the transactions of one process that looks for work.

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
/** How long it is watched, after its first windows are done. */
const MILLISECONDS = 20_000;

/** Transactions a second of one process of examples/deploy, with its defaults, for which nothing is new. */
export async function idleTransactions(databaseUrl, sandboxUrl) {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    BASE_URL: sandboxUrl,
    CLIENT_ID: "demo-app",
    APP_KEY: "demo-app-key",
    SINCE: new Date(Date.now() - 86_400_000).toISOString(),
  };
  // Where the benches find the package.
  const place = mkdtempSync(fileURLToPath(new URL("../node_modules/.worker-", import.meta.url)));
  cpSync(WORKER, join(place, "worker.mjs"));
  const child = spawn(process.execPath, [join(place, "worker.mjs")], { env, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const watcher = new pg.Client({ connectionString: databaseUrl });
  await watcher.connect();
  try {
    let types = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const { event, message } = JSON.parse(line);
      if (event === "ended") throw new Error(`the worker has ended: ${message}`);
      // A day of each type is one window.
      if (event === "window done" && ++types === TYPES.length) break;
    }
    // PostgreSQL counts up to a second late.
    await setTimeout(2000);
    const before = await transactions(watcher);
    await setTimeout(MILLISECONDS);
    // What asks is a transaction as well.
    return ((await transactions(watcher)) - before - 1) / (MILLISECONDS / 1000);
  } finally {
    await watcher.end();
    child.kill("SIGTERM");
    await closed;
    rmSync(place, { recursive: true });
  }
}

async function transactions(client) {
  await client.query("SELECT pg_stat_clear_snapshot()");
  const { rows } = await client.query("SELECT xact_commit::int AS count FROM pg_stat_database WHERE datname = current_database()");
  return rows[0].count;
}
