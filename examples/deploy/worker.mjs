#!/usr/bin/env node
// A worker: keeps all users of an app in sync with PostgreSQL, together with any number of others like it.
//
// Its options come from the environment, secrets also from files (`DATABASE_URL_FILE`, `APP_KEY_FILE`):
//
//   DATABASE_URL   the database                    CLIENT_ID   the app
//   APP_KEY        its App Key                     SINCE       where the first sync begins, as 2026-01-01T00:00:00Z
//   TYPES          only these types, as weights,sleeps         BASE_URL   another server than Human API's own
//   CONCURRENCY    windows at once in this process             SHARED_CONCURRENCY   requests at once over all processes

import { readFileSync } from "node:fs";
import { createWorkers } from "humansync/workers";
import pg from "pg";

/** Besides those of the windows: for the limiter, plans and pg-boss. */
const SPARE_CONNECTIONS = 5;
/** For the lock under which the table is created: any number that nothing else takes. */
const CREATION = 1_208_311;

const TABLE = `
  SELECT pg_advisory_xact_lock(${CREATION});
  CREATE TABLE IF NOT EXISTS records
    (type text, human_id text, id text, updated_at text, record json, PRIMARY KEY (type, human_id, id))`;

/** Replaces rows that are older, and those of the same time that differ. */
const UPSERT = `
  INSERT INTO records AS known SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::json[])
  ON CONFLICT (type, human_id, id) DO UPDATE SET updated_at = excluded.updated_at, record = excluded.record
  WHERE excluded.updated_at > known.updated_at
     OR (excluded.updated_at = known.updated_at AND excluded.record::text <> known.record::text)`;

try {
  await main();
} catch (error) {
  // Messages of the library and of pg contain no secret; pg's may contain the host.
  log({ event: "ended", message: error.message || error.code });
  process.exitCode = 1;
}

async function main() {
  const concurrency = numberOf("CONCURRENCY", 2);
  const pool = new pg.Pool({
    connectionString: secretOf("DATABASE_URL"),
    application_name: "humansync-worker",
    max: concurrency + SPARE_CONNECTIONS,
    connectionTimeoutMillis: 10_000,
  });
  try {
    const workers = await createWorkers({
      database: pool,
      app: { clientId: required("CLIENT_ID"), appKey: secretOf("APP_KEY"), ...given("BASE_URL", "baseUrl") },
      ...given("TYPES", "types", (text) => text.split(",").map((type) => type.trim())),
      since: required("SINCE"),
      concurrency,
      sharedConcurrency: numberOf("SHARED_CONCURRENCY", 6),
      apply,
      onEvent,
    });
    await workUntilTold(workers, pool);
  } finally {
    await pool.end();
  }
}

/** Works until SIGTERM or SIGINT. A second signal ends the process at once, which loses nothing either. */
async function workUntilTold(workers, pool) {
  const told = new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve(signal));
  });
  try {
    // Only now: options that are wrong are refused before anything is written.
    await pool.query(TABLE);
    await workers.start();
    log({ event: "started" });
    log({ event: "stopping", signal: await told });
  } finally {
    // The delta under way is finished, and windows are given back.
    await workers.stop();
  }
  log({ event: "stopped" });
}

/** Stores a delta, in the transaction that also stores how far its window is done. */
async function apply({ type, records }, tx) {
  if (records.length === 0) return;
  // One statement cannot write a row twice: of two states of a record the newer one counts.
  const rows = new Map();
  for (const row of records.map(rowOf)) {
    const key = `${row[0]} ${row[1]}`;
    if (!(row[2] < rows.get(key)?.[2])) rows.set(key, row);
  }
  // In the same order in every transaction, so that two of them never wait for each other.
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  await tx.query(UPSERT, [type, ...[0, 1, 2, 3].map((column) => sorted.map((row) => row[column]))]);
}

/** Person, id (traits have none, and are known by their name), time of the update, and the whole record. */
function rowOf(record) {
  const at = Date.parse(record.updatedAt ?? "");
  const updatedAt = Number.isNaN(at) ? "" : new Date(at).toISOString();
  return [record.humanId ?? "", record.id ?? record.trait, updatedAt, JSON.stringify(record)];
}

/** What an operator wants to know, as a line of JSON each: no record, and no secret. */
function onEvent(event) {
  const { type, state, fault } = event;
  if (type === "window") {
    const { type: of, since, before } = event.window;
    log({ event: `window ${state}`, of, since, before, records: event.records, parked: event.parked, fault });
  }
  if (type === "plan" && state === "failed") log({ event: "plan failed", of: event.of, fault });
  // Something that concerns all windows, or that is tried again by itself.
  if (type === "hold" || type === "trouble") log({ event: type, until: event.until, fault });
  if (type === "warning") log({ event: type, code: event.code, message: event.message });
}

function log(line) {
  console.log(JSON.stringify({ at: new Date().toISOString(), ...line }));
}

/** The content of the file that NAME_FILE names, or NAME itself. */
function secretOf(name) {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, "utf8").trim() : required(name);
}

/** Secrets of Kubernetes often end with a line break. */
function required(name) {
  const value = process.env[name]?.trim();
  if (!value) throw new Error(`${name} is missing in the environment`);
  return value;
}

function numberOf(name, otherwise) {
  const number = process.env[name] ? Number(process.env[name]) : otherwise;
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`${name} must be a whole number above 0`);
}

/** `{ [option]: value }`, or nothing where NAME is not set. */
function given(name, option, valueOf = (text) => text) {
  const value = process.env[name]?.trim();
  return value ? { [option]: valueOf(value) } : {};
}
