// The tables that workers write, and what they do with a delta.

import pg from "pg";
import { UsageError } from "../arguments.mjs";
import { createTable, upsert } from "../sync/postgres-upsert.mjs";

/** For the lock under which tables are created: any number that nothing else takes. */
const CREATION = 7_214_063;

const JOURNAL = `CREATE TABLE IF NOT EXISTS deltas
  (type text, checkpoint text, records integer, worker integer, arrived timestamptz DEFAULT now())`;

/** Creates the tables of `types` that are missing, in PostgreSQL at the URL `database`. */
export async function createTables(database, types, { journal }) {
  const connection = await openPostgres(database);
  try {
    await connection.query("BEGIN");
    // Of two workers that create a table at once, one would fail.
    await connection.query("SELECT pg_advisory_xact_lock($1)", [CREATION]);
    for (const type of types) await createTable(connection, type);
    if (journal) await connection.query(JOURNAL);
    await connection.query("COMMIT");
  } finally {
    await connection.end();
  }
}

/**
 * What is done with a delta, in the transaction that also notes how far its window is done. With `creates`, its table is
 * created here if it is missing: PGlite is not open before the workers are, and has no other transaction that would wait.
 */
export function applied({ journal, creates }) {
  return async ({ type, records, checkpoint }, transaction) => {
    if (creates) await createTable(transaction, type);
    await upsert(transaction, type, records);
    if (!journal) return;
    if (creates) await transaction.query(JOURNAL);
    await transaction.query("INSERT INTO deltas (type, checkpoint, records, worker) VALUES ($1, $2, $3, $4)", [type, checkpoint, records.length, process.pid]);
  };
}

async function openPostgres(url) {
  const client = new pg.Client({ connectionString: url });
  // pg's messages may contain the URL's host, but never its password.
  await client.connect().catch((error) => {
    throw new UsageError(`The database does not let this in: ${error.message || error.code}`);
  });
  return client;
}
