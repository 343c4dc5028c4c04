// The tables of the store in PostgreSQL, and how they come about.
//
// Migrations are numbered and only go forward. Each is a single statement, a DO block, and so one transaction, on
// whatever connection: it takes a lock that ends with the transaction, looks where the tables stand, and does its part
// only if they stand just before it. So any number of programs may do this at once.

import { type StoreError, storeError } from "../core/errors.js";
import { isPoolUnreachable, postgresFailure, sqlStateOf } from "./postgres-errors.js";
import type { PostgresPool } from "./postgres.js";

/** What each migration adds, from the first one on. `schema` is quoted. */
const MIGRATIONS: readonly ((schema: string) => string)[] = [
  // A key of 1000 bytes or more is in `long_key`, and `key` has its beginning and a hash: an entry of an index has a
  // bound. A lease's row stays when it is free, as its token must only grow. The token is in a key, so that to change
  // it takes a stronger lock on the row than to extend the lease: writes under the lease keep the next holder waiting,
  // and not the heartbeats.
  //
  // `holder` and `number` are those of the last write under a lease. A row without a value is what such a delete leaves
  // until the next holder of `lock` comes.
  (schema) => `
    CREATE TABLE ${schema}.store_values (key bytea PRIMARY KEY, long_key bytea, value bytea, lock bytea, holder text, number bigint);
    CREATE INDEX ON ${schema}.store_values (lock) WHERE value IS NULL;
    CREATE TABLE ${schema}.store_leases (lock bytea PRIMARY KEY, token bigint NOT NULL, holder text NOT NULL, duration interval NOT NULL,
      expires_at timestamptz NOT NULL, UNIQUE (lock, token));`,
];

/**
 * What concurrent migrations of a database that shows old snapshots may end with; the next look sees what the other
 * one has done.
 */
const MET_ANOTHER: ReadonlySet<unknown> = new Set(["42P06", "42P07", "23505", "40001", "40P01", "XX000"]);
const ATTEMPTS = 10;

/** Brings the tables up to date. Nothing is written where a later version has been before. */
export async function migrate(pool: PostgresPool, name: string): Promise<void> {
  const tried = "The store in PostgreSQL could not be opened";
  for (let attempt = 1; ; attempt++) {
    try {
      let version = await versionOf(pool, name);
      for (; version < MIGRATIONS.length; version++) await pool.query(migrationTo(version + 1, name), []);
      if ((await versionOf(pool, name)) === MIGRATIONS.length) return;
    } catch (error) {
      if (!MET_ANOTHER.has(sqlStateOf(error)) || attempt === ATTEMPTS) throw failure(tried, error);
    }
  }
}

/** 0 where nothing is there yet. */
async function versionOf(pool: PostgresPool, name: string): Promise<number> {
  let rows;
  try {
    ({ rows } = await pool.query(`SELECT version FROM ${identifier(name)}.store_version`, []));
  } catch (error) {
    if (["42P01", "3F000"].includes(sqlStateOf(error) ?? "")) return 0;
    throw error;
  }
  const version = Number((rows[0] as { version?: unknown } | undefined)?.version);
  if (version > MIGRATIONS.length) {
    throw storeError("newer", "The tables of the store in PostgreSQL are of a later version of humansync: use that one, or give another schema");
  }
  return version;
}

function migrationTo(version: number, name: string): string {
  const schema = identifier(name);
  const table = `${schema}.store_version`;
  const body = `
  DECLARE current_version integer := 0;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(${literal(`humansync store ${name}`)}, 0));
    IF to_regclass(${literal(table)}) IS NOT NULL THEN
      SELECT version INTO current_version FROM ${table};
    END IF;
    IF current_version <> ${version - 1} THEN RETURN; END IF;
    IF current_version = 0 THEN
      IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = ${literal(name)}) THEN CREATE SCHEMA ${schema}; END IF;
      CREATE TABLE ${table} (version integer NOT NULL);
      INSERT INTO ${table} VALUES (0);
    END IF;
    ${MIGRATIONS[version - 1]!(schema)}
    UPDATE ${table} SET version = ${version};
  END`;
  let tag = "$humansync$";
  while (body.includes(tag)) tag = tag.replace(/\$$/, "_$");
  return `DO ${tag}${body}${tag}`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same whether backslashes are special in texts or not. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** `tried` is the first half of a sentence, as in "The value could not be written". */
export function failure(tried: string, cause: unknown): StoreError {
  return postgresFailure(tried, cause, {
    isAway: isPoolUnreachable,
    away: "what the pool connects to",
    missing: "check the pool's address",
    login: "the pool's user and password",
    readOnly: "a pool of the primary server",
    forbidden: "let it own the schema, or grant it CREATE on the database",
  });
}
