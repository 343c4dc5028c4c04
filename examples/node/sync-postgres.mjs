#!/usr/bin/env node
// Like sync.mjs, but into PostgreSQL. This file has everything that differs.
//
//   DATABASE_URL=postgres://localhost/health node examples/node/sync-postgres.mjs --base-url http://127.0.0.1:8787

import pg from "pg";
import { UsageError } from "./arguments.mjs";
import { SYNC_OPTIONS } from "./sync/arguments.mjs";
import { keepInSync } from "./sync/keep.mjs";
import { rowOf, tableOf } from "./sync/rows.mjs";

const help = `Keeps all users of an app in sync, into a PostgreSQL database.

  node sync-postgres.mjs [options]

  --database-url URL the database                            default: $DATABASE_URL
  --store FOLDER     where positions are kept                default: humansync.positions
${SYNC_OPTIONS}`;

await keepInSync({
  help,
  own: { name: "database-url", otherwise: ({ DATABASE_URL }) => DATABASE_URL || undefined, folder: () => "humansync.positions" },
  async open(url) {
    const database = new pg.Client({ connectionString: url });
    // pg's messages may contain the URL's host, but never its password.
    await database.connect().catch((error) => {
      throw new UsageError(`The database does not let this in: ${error.message || error.code}`);
    });
    const tables = new Set();

    async function ensure(table) {
      if (tables.has(table)) return;
      await database.query(`CREATE TABLE IF NOT EXISTS ${table} (id text PRIMARY KEY, human_id text, updated_at text, record jsonb)`);
      tables.add(table);
    }

    return {
      async upsert(type, records) {
        const table = tableOf(type);
        await ensure(table);
        // One statement is one transaction. If a delta has two states of a record, the last one counts.
        const rows = [...new Map(records.map(rowOf).map((row) => [row[0], row])).values()];
        const columns = [0, 1, 2, 3].map((column) => rows.map((row) => row[column]));
        await database.query(
          `INSERT INTO ${table} AS known SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])
           ON CONFLICT (id) DO UPDATE SET human_id = excluded.human_id, updated_at = excluded.updated_at, record = excluded.record
           WHERE excluded.updated_at >= known.updated_at`,
          columns,
        );
      },
      close: () => database.end(),
    };
  },
});
