// What workers stand on: PostgreSQL for many processes, or PGlite in the only one. Each has the options that name it,
// whom to ask how far the workers are, and at the end a database to look into.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { postgresFor } from "../../support/servers/postgres.mjs";

/** As for a machine of its own: the defaults are for a small one. What is committed is on disk, as by default. */
const SETTINGS = ["max_connections=200", "shared_buffers=512MB", "max_wal_size=4GB"];

/** PostgreSQL, started for this. `place` is the folder with workers.mjs, `options` those of `createWorkers`. */
export async function onPostgres({ place, options, atEnd }) {
  const postgres = await postgresFor(atEnd, { settings: SETTINGS });
  const { url } = postgres;
  const { watcher } = await import(pathToFileURL(join(place, "workers/status.mjs")).href);
  const watch = await watcher({ ...options, database: url });
  atEnd(() => watch.stop());
  return {
    isShared: true,
    args: ["--database", url],
    watch,
    restart: () => postgres.restart(),
    heard() {},
    async opened() {
      const pool = new pg.Pool({ connectionString: url });
      // The statement under way fails, too.
      pool.on("error", () => {});
      atEnd(() => pool.end());
      return pool;
    },
  };
}

/** PGlite in a folder. Only the worker itself can look into it while it works, and tells what it sees. */
export async function onPglite({ atEnd }) {
  const folder = mkdtempSync(join(tmpdir(), "humansync-pglite-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  let seen = { rows: [], pausedUntil: undefined };
  return {
    isShared: false,
    args: ["--folder", folder],
    watch: {
      status: async () => seen.rows,
      pausedUntil: async () => seen.pausedUntil,
    },
    heard(event) {
      if (event.type === "status") seen = { rows: event.rows, pausedUntil: event.pausedUntil && new Date(event.pausedUntil) };
    },
    async opened() {
      const database = await PGlite.create(join(folder, "database"));
      atEnd(() => database.close());
      return database;
    },
  };
}
