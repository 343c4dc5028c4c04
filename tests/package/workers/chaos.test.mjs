// Workers that are killed while a database crashes and a server asks for a pause, on a small scale: what
// `cargo xtask demo --workers` does with five million records.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { scriptsFor } from "../node/support/scripts.mjs";

const CHAOS = fileURLToPath(new URL("chaos.mjs", import.meta.url));
/** Milliseconds after which a request that comes in a pause was not under way when the server asked for it. */
const UNDER_WAY = 500;

const place = scriptsFor(after);

test("three workers on PostgreSQL, killed again and again: every row is the server's, and the pace is kept", async (t) => {
  const account = await accountOf("--records", 60_000, "--workers", 3, "--kill-every", 2500, "--shared-concurrency", 8);
  t.diagnostic(described(account));
  assert.deepEqual(account.trouble, []);
  assert.ok(account.rows > 60_000, `${account.rows} rows`);
  assert.ok(account.crew.killed >= 5, `${account.crew.killed} killed`);
  assert.deepEqual([account.happened.restarts, account.happened.pauses], [1, 1]);
  assert.ok(account.windows.lostWithWorkers > 0);
  assert.ok(account.windows.takenOver > 0);
  assert.equal(account.journal.twice, 0);
  assert.ok(account.stopped.lost > 0, "a worker that was stopped for longer than its lease lost what it had");
  assert.equal(account.stopped.late, 0, "it stored nothing more in it");
  assert.ok(account.pace.refused > 0);
  assert.ok((account.pace.lastEarlyAfter ?? 0) < UNDER_WAY, `a request came ${account.pace.lastEarlyAfter} ms after the pause was known`);
});

test("one worker on PGlite, killed now and then: every row is the server's", async (t) => {
  const account = await accountOf("--here", "--records", 20_000, "--kill-every", 9000);
  t.diagnostic(described(account));
  assert.deepEqual(account.trouble, []);
  assert.ok(account.rows > 20_000, `${account.rows} rows`);
  assert.ok(account.crew.killed > 0);
  assert.equal(account.journal.twice, 0);
});

/** Runs it, and returns its account. */
async function accountOf(...args) {
  const all = ["--json", "--scripts", place, ...args.map(String)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [CHAOS, ...all], { maxBuffer: 1 << 24 }, (error, said, complained) => {
      // With trouble it ends with 1, and says in the account which.
      if (said.trim() === "") reject(new Error(`it ended with ${error?.code}: ${complained}`));
      else resolve(JSON.parse(said));
    });
  });
}

function described({ took, crew, windows, journal, pace }) {
  return [
    `${Math.round(took / 1000)} s`,
    `${crew.killed} killed`,
    `${windows.lostWithWorkers} windows lost with them, ${windows.takenOver} taken over`,
    `${journal.deltas} deltas, ${journal.twice} of them twice`,
    `${pace.requests} requests, ${pace.maxInFlight} in flight at most, ${pace.early} in the pause, the last after ${Math.round(pace.lastEarlyAfter ?? 0)} ms`,
  ].join("; ");
}
