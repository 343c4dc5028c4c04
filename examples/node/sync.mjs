#!/usr/bin/env node
// Syncs all users of an app into SQLite, with a table for each type and a row for each record. Run it every few
// minutes: each run fetches only the changes since the last one. It may be killed at any moment.
//
//   node examples/node/sync.mjs --base-url http://127.0.0.1:8787 --since 2024-07-01T00:00:00Z

import { SYNC_OPTIONS } from "./sync/arguments.mjs";
import { keepInSync } from "./sync/keep.mjs";
import { sqliteTables } from "./sync/sqlite-tables.mjs";

const help = `Keeps all users of an app in sync, into a SQLite database.

  node sync.mjs [options]

  --database FILE    the database                            default: humansync.db
${SYNC_OPTIONS}`;

await keepInSync({
  help,
  own: { name: "database", otherwise: () => "humansync.db" },
  open: sqliteTables,
});
