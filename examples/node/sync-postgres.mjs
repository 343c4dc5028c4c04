#!/usr/bin/env node
// Like sync.mjs, but into PostgreSQL.
//
//   DATABASE_URL=postgres://localhost/health node examples/node/sync-postgres.mjs --base-url http://127.0.0.1:8787

import { SYNC_OPTIONS } from "./sync/arguments.mjs";
import { keepInSync } from "./sync/keep.mjs";
import { postgresTables } from "./sync/postgres-tables.mjs";

const help = `Keeps all users of an app in sync, into a PostgreSQL database.

  node sync-postgres.mjs [options]

  --database-url URL the database                            default: $DATABASE_URL
${SYNC_OPTIONS}`;

await keepInSync({
  help,
  own: { name: "database-url", otherwise: ({ DATABASE_URL }) => DATABASE_URL || undefined },
  open: postgresTables,
});
