// What a page costs on this machine: the figures that costs.mjs has, measured anew.

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import { AppClient } from "humansync";
import pg from "pg";
import { postgresTables } from "../../examples/node/sync/postgres-tables.mjs";
import { postgresFor } from "../../tests/package/support/servers/postgres.mjs";
import { median } from "../send/statistics.mjs";
import { withSandboxOfNow } from "../sync/measure.mjs";
import { REAL_RUN } from "./costs.mjs";
import { firstSyncSeconds, idleTransactions } from "./measure-workers.mjs";
import { TYPES } from "./users.mjs";

const RECORDS = 100_000;
const DAYS = 20;
const TYPE = "heart_rates";
/** Linux counts the processor's time of a process in hundredths of a second. */
const TICKS_A_SECOND = 100;

/** Measures everything `rounds` times, where it is quick after one round that does not count, and returns medians. */
export async function measureAll(rounds) {
  return { ...(await measureCosts(rounds)), firstSync: await measureFirstSync(rounds) };
}

/** The run that REAL_RUN is about, by one process and by two. */
async function measureFirstSync(rounds) {
  const { records, days, latency } = REAL_RUN;
  const flags = ["--stream-records", records, "--stream-days", days, "--latency", `${latency * 1000}ms`];
  const seconds = {};
  for (const processes of [1, 2]) {
    const all = [];
    for (let round = 0; round < rounds; round++) {
      const run = (database) =>
        withSandboxOfNow(flags, ({ url }, ago) => {
          // The last minute is not planned.
          return firstSyncSeconds(database, url, { processes, records: 0.999 * records, since: ago(days + 1) });
        });
      all.push(await withDatabase(run));
    }
    seconds[processes] = median(all);
  }
  return seconds;
}

async function measureCosts(rounds) {
  const flags = ["--stream-records", RECORDS, "--stream-days", DAYS];
  return withSandboxOfNow(flags, async ({ url }, ago) => {
    const window = { type: TYPE, since: wholeMinute(ago(DAYS)), before: wholeMinute(ago(0), -120_000) };
    let requests = 0;
    const onEvent = ({ type }) => void (requests += type === "request" ? 1 : 0);
    const client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl: url, onEvent });
    const reading = [];
    let deltas;
    for (let round = 0; round <= rounds; round++) {
      deltas = [];
      const cost = await spent(async () => {
        for await (const { type, records, checkpoint } of client.window(window)) deltas.push({ type, records, checkpoint });
      });
      if (round > 0) reading.push(cost.cpu / deltas.length);
    }
    requests = 0;
    await client.plan(TYPE, { since: window.since });
    const planRequests = requests;
    client.close();
    return {
      machine: { processor: cpus()[0].model, cores: cpus().length, node: process.versions.node },
      pages: deltas.length,
      pageCpuMs: median(reading),
      planRequests,
      ...(await pageSizes(url, ago)),
      ...(await withDatabase((database) => databaseCosts(database, deltas, rounds))),
      idleTransactions: await withDatabase((database) => idleTransactions(database, url)),
    };
  });
}

/** The processor's time of this process, and the clock's, that `work` takes, in milliseconds. */
async function spent(work) {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - began };
}

function wholeMinute(instant, shift = 0) {
  return new Date(Math.floor((Date.parse(instant) + shift) / 60_000) * 60_000).toISOString();
}

/** Bytes of a record of each type as JSON, and how much smaller gzip makes a page. */
async function pageSizes(url, ago) {
  const headers = { accept: "application/json", authorization: `Basic ${btoa("demo-app-key:")}` };
  const since = ago(30).replace(/\.\d+|[-:]/g, "");
  const recordBytes = {};
  const shares = [];
  for (const type of TYPES) {
    const answer = await fetch(new URL(`/v1/apps/demo-app/users/${type}?limit=500&updated_since=${since}`, url), { headers });
    const page = await answer.text();
    const records = JSON.parse(page).length;
    if (records > 0) recordBytes[type] = Math.round(Buffer.byteLength(page) / records);
    if (records > 400) shares.push(gzipSync(page).length / Buffer.byteLength(page));
  }
  return { recordBytes, gzipShare: median(shares) };
}

/** A page into PostgreSQL with its checkpoint, in one transaction: when its rows are new, and when it comes again. */
async function databaseCosts(url, deltas, rounds) {
  const watcher = new pg.Client({ connectionString: url });
  try {
    await watcher.connect();
    const results = { fresh: [], again: [] };
    for (let round = 0; round <= rounds; round++) {
      await watcher.query("DROP TABLE IF EXISTS heart_rates, checkpoints");
      const tables = await postgresTables(url);
      const { rows: [{ pid }] } = await watcher.query(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      );
      for (const name of ["fresh", "again"]) {
        const from = await tables.from();
        const wal = await walPosition(watcher);
        const server = cpuOf(pid);
        const cost = await spent(async () => {
          for (const delta of deltas) await tables.store(delta, from);
        });
        const pages = deltas.length;
        if (round === 0) continue;
        results[name].push({
          clientCpuMs: cost.cpu / pages,
          serverCpuMs: (cpuOf(pid) - server) / pages,
          wallMs: cost.wall / pages,
          walBytes: ((await walPosition(watcher)) - wal) / pages,
        });
      }
      await tables.close();
    }
    const { rows: [{ bytes }] } = await watcher.query(
      "SELECT pg_total_relation_size('heart_rates')::float / count(*) AS bytes FROM heart_rates",
    );
    return { fresh: medians(results.fresh), again: medians(results.again), rowBytes: bytes };
  } finally {
    await watcher.end();
  }
}

/** Starts a PostgreSQL for `work`, which is given its URL. */
async function withDatabase(work) {
  const endings = [];
  try {
    return await work((await postgresFor((end) => endings.unshift(end))).url);
  } finally {
    for (const end of endings) await end();
  }
}

async function walPosition(client) {
  const { rows: [{ at }] } = await client.query(
    "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS at",
  );
  return at;
}

/** The processor's time of another process on Linux so far, in milliseconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND;
}

function medians(results) {
  return Object.fromEntries(Object.keys(results[0]).map((key) => [key, median(results.map((result) => result[key]))]));
}
