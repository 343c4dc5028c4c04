// The tables of the workers: migrations, numbered and forward only, and which app they are of. Several stores may share
// the schema.

import { createHash } from "node:crypto";
import type { AppClientOptions } from "../app-client.js";
import { HumansyncError, optionError } from "../core/errors.js";
import { type Database, LOCK, type Queryable } from "./database.js";
import { databaseError, databaseFailure } from "./database-errors.js";

/** Each is what one version adds; none is ever changed. `S` stands for the schema. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE S.work_app (
     one boolean PRIMARY KEY DEFAULT true CHECK (one),
     app text NOT NULL);
   CREATE TABLE S.work_types (
     type text PRIMARY KEY,
     since timestamptz NOT NULL,
     planned timestamptz,
     planned_at timestamptz,
     reached timestamptz,
     slice int,
     plans bigint NOT NULL DEFAULT 0,
     planner uuid,
     complete_plan bigint NOT NULL DEFAULT 0,
     wanted_plan bigint NOT NULL DEFAULT 0,
     records bigint NOT NULL DEFAULT 0,
     pages bigint NOT NULL DEFAULT 0,
     failed_plan bigint NOT NULL DEFAULT 0,
     failures int NOT NULL DEFAULT 0,
     fault jsonb);
   CREATE TABLE S.work_windows (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     type text NOT NULL REFERENCES S.work_types,
     since timestamptz NOT NULL,
     before timestamptz NOT NULL,
     settled timestamptz NOT NULL,
     expected bigint,
     plan bigint NOT NULL,
     state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
     token bigint NOT NULL DEFAULT 0,
     holder uuid,
     checkpoint text,
     records bigint NOT NULL DEFAULT 0,
     pages bigint NOT NULL DEFAULT 0,
     claims int NOT NULL DEFAULT 0,
     failures int NOT NULL DEFAULT 0,
     fault jsonb,
     changed_at timestamptz NOT NULL DEFAULT now());
   CREATE INDEX work_windows_state ON S.work_windows (type, state);
   CREATE INDEX work_windows_open ON S.work_windows (type, since) WHERE state <> 'done';
   CREATE INDEX work_windows_unsettled ON S.work_windows (type) WHERE settled < before;
   CREATE TABLE S.work_covered (
     type text NOT NULL REFERENCES S.work_types,
     since timestamptz NOT NULL,
     before timestamptz NOT NULL,
     PRIMARY KEY (type, since));
   CREATE TABLE S.work_processes (
     id uuid PRIMARY KEY,
     lanes int NOT NULL,
     seen_at timestamptz NOT NULL,
     hungry_at timestamptz,
     hungry_since timestamptz) WITH (fillfactor = 50);
   CREATE TABLE S.work_lanes (
     lane int PRIMARY KEY,
     holder uuid,
     expires_at timestamptz) WITH (fillfactor = 50);
   CREATE TABLE S.work_pace (
     one boolean PRIMARY KEY DEFAULT true CHECK (one),
     pause_until timestamptz) WITH (fillfactor = 50);
   INSERT INTO S.work_pace DEFAULT VALUES;
   INSERT INTO S.work_lanes (lane) SELECT generate_series(0, 255);`,
];

/** Brings the tables of `schema` to this version. Nothing is written if they are of a newer one, or of another app. */
export async function migrate(database: Database, schema: string, app: AppClientOptions): Promise<void> {
  try {
    await database.transaction(async (tx) => {
      await tx.query(LOCK, [schema]);
      const version = await versionOf(tx, schema);
      if (version > MIGRATIONS.length) {
        throw databaseError("newer", `The tables of the workers are of a newer version of humansync (${version}; this one knows ${MIGRATIONS.length}); use that version, or give another \`schema\``);
      }
      if (version > 0) await checkApp(tx, schema, app);
      for (const [index, statements] of MIGRATIONS.entries()) {
        if (index < version) continue;
        for (const statement of statements.split(/;\s*(?=CREATE|INSERT|$)/)) await tx.query(statement.replace(/\bS\./g, `${schema}.`));
        await tx.query(`INSERT INTO ${schema}.work_migrations (version) VALUES ($1)`, [index + 1]);
      }
      if (version === 0) await tx.query(`INSERT INTO ${schema}.work_app (app) VALUES ($1)`, [hashesOf(app).join(" ")]);
    });
  } catch (error) {
    throw error instanceof HumansyncError ? error : databaseFailure("The tables of the workers could not be prepared", error);
  }
}

/** 0 where there are none yet; the table of versions is made then. */
async function versionOf(tx: Queryable, schema: string): Promise<number> {
  const { rows: found } = await tx.query("SELECT to_regnamespace($1) IS NOT NULL AS schema, to_regclass($2) IS NOT NULL AS known, quote_ident($1) <> $1 AS is_word", [schema, `${schema}.work_migrations`]);
  if (found[0]?.["is_word"] === true) throw optionError("schema", "`schema` must be a name that is no word of SQL, such as \"user\" or \"order\": give another one");
  if (found[0]?.["known"] === true) {
    const { rows } = await tx.query(`SELECT coalesce(max(version), 0) AS version FROM ${schema}.work_migrations`);
    return Number(rows[0]?.["version"]);
  }
  if (found[0]?.["schema"] !== true) await tx.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await tx.query(`CREATE TABLE ${schema}.work_migrations (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  return 0;
}

async function checkApp(tx: Queryable, schema: string, app: AppClientOptions): Promise<void> {
  const { rows } = await tx.query(`SELECT app FROM ${schema}.work_app`);
  const theirs = String(rows[0]?.["app"]).split(" ");
  const [isServer, isClient] = hashesOf(app).map((hash, index) => hash === theirs[index]);
  if (isServer && isClient) return;
  const [whose, options] =
    isServer ? ["another client id", "the `clientId`"] : isClient ? ["another server", "the `baseUrl`"] : ["another server and another client id", "the `baseUrl` and the `clientId`"];
  throw optionError("schema", `\`schema\` must be one of this app; its tables are of ${whose}: give ${options} with which they were made, or another \`schema\``);
}

/** Say which server and which app it is, without the client id. */
function hashesOf({ baseUrl = "https://api.humanapi.co", clientId }: AppClientOptions): string[] {
  const { origin, pathname } = new URL(baseUrl);
  return [`server ${origin}${pathname.replace(/\/+$/, "")}`, `client ${clientId}`].map((text) => createHash("sha256").update(text).digest("hex"));
}
