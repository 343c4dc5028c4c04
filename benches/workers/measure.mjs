// How many pages so many workers store in a second, in the middle of a long list.

import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { createTable } from "../../examples/node/sync/postgres-upsert.mjs";
import { startSandbox } from "../../tests/package/node/support/sandbox.mjs";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));
const TYPE = "heart_rates";
/** A year before the sandbox's clock. */
const SINCE = "2024-06-30T12:00:00Z";
/**
 * Small pages, so that the server's distance is what takes the time, and not the processor: there are as many requests
 * as for large ones, and much less to do for each.
 */
const PAGE = 20;
/** Enough for the whole measurement, in more windows than anybody takes. */
const RECORDS = 1_000_000;
const WINDOW = 2000;

/**
 * Measures `workers` processes for so many milliseconds. Each has one window and one request at a time. `shared` is how
 * many requests all of them together may have in flight.
 */
export async function measured(database, { workers, shared, latency, warmUp, time }) {
  const sandbox = await startSandbox("--app-records", String(RECORDS), "--latency", latency, "--max-limit", String(PAGE));
  const client = new pg.Client({ connectionString: database });
  const children = [];
  try {
    await client.connect();
    for (const schema of ["bench", "bench_jobs"]) await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.query(`DROP TABLE IF EXISTS ${TYPE}`);
    await createTable(client, TYPE);
    const options = {
      database,
      schema: "bench",
      app: { clientId: "demo-app", appKey: "demo-app-key", baseUrl: sandbox.url, concurrency: 1 },
      types: [TYPE],
      since: SINCE,
      windowRecords: WINDOW,
      concurrency: 1,
      sharedConcurrency: shared,
    };
    for (let number = 0; number < workers; number++) children.push(await started(options));
    await eachHasBegun(children);
    await wait(warmUp);
    const [before, busyBefore, began] = [await counts(children), busy(), performance.now()];
    await wait(time);
    const [after, busyAfter, ended] = [await counts(children), busy(), performance.now()];
    const { maxInFlight } = await sandbox.control("log");
    const pages = after.deltas - before.deltas;
    return {
      rate: (pages / (ended - began)) * 1000,
      /** Milliseconds of the workers' own processor time. */
      cost: (after.processor - before.processor) / 1000 / pages,
      maxInFlight,
      busy: (busyAfter.busy - busyBefore.busy) / (busyAfter.all - busyBefore.all),
    };
  } finally {
    await Promise.all(children.map(stopped));
    await client.end();
    await sandbox.stop();
  }
}

async function started(options) {
  const child = fork(CHILD, [JSON.stringify(options)]);
  const [message] = await Promise.race([once(child, "message"), once(child, "exit").then(([code]) => [`ended with ${code}`])]);
  if (message !== "started") throw new Error(`a worker ${message}`);
  return child;
}

async function stopped(child) {
  if (child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.send("stop");
  await exit;
}

/** Waits until each has stored something: the list is planned, and everybody has a window. */
async function eachHasBegun(children) {
  for (const child of children) while ((await count(child)).deltas === 0) await wait(50);
}

async function counts(children) {
  const all = await Promise.all(children.map(count));
  const sum = (of) => all.reduce((sum, one) => sum + of(one), 0);
  return { deltas: sum(({ deltas }) => deltas), processor: sum(({ processor }) => processor.user + processor.system) };
}

async function count(child) {
  const answer = once(child, "message");
  child.send("count");
  return (await answer)[0];
}

/** What this machine's processors have done so far, in milliseconds. */
function busy() {
  const times = cpus().map(({ times }) => times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}
