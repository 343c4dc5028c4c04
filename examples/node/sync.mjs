#!/usr/bin/env node
// Syncs all users of an app into SQLite, with a table for each type and a row for each record. Run it every few
// minutes: each run fetches only the changes since the last one. It may be killed at any moment.
//
//   node examples/node/sync.mjs --base-url http://127.0.0.1:8787 --since 2024-07-01T00:00:00Z

import { SYNC_OPTIONS } from "./sync/arguments.mjs";
import { keepInSync } from "./sync/keep.mjs";
import { rowOf, tableOf } from "./sync/rows.mjs";
import { openSqlite } from "./sync/sqlite.mjs";

const help = `Keeps all users of an app in sync, into a SQLite database.

  node sync.mjs [options]

  --database FILE    the database                            default: humansync.db
  --store FOLDER     where positions are kept                default: FILE.positions
${SYNC_OPTIONS}`;

await keepInSync({
  help,
  own: { name: "database", otherwise: () => "humansync.db", folder: (file) => `${file}.positions` },
  async open(file) {
    const database = await openSqlite(file);
    const statements = new Map();

    /** The statement that inserts a row or replaces an older one. A newer row is never replaced by an older one. */
    function statementOf(table) {
      if (!statements.has(table)) {
        database.exec(`CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, human_id TEXT, updated_at TEXT, record TEXT)`);
        const upsert = `INSERT INTO ${table} VALUES (?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET human_id = excluded.human_id, updated_at = excluded.updated_at, record = excluded.record
          WHERE excluded.updated_at >= updated_at`;
        statements.set(table, database.prepare(upsert));
      }
      return statements.get(table);
    }

    return {
      upsert(type, records) {
        const upsert = statementOf(tableOf(type));
        database.exec("BEGIN IMMEDIATE");
        try {
          for (const record of records) upsert.run(...rowOf(record));
          database.exec("COMMIT");
        } catch (error) {
          database.exec("ROLLBACK");
          throw error;
        }
      },
      close: () => database.close(),
    };
  },
});
