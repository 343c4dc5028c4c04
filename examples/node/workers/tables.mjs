// The tables that workers write, and what they do with a delta.

import { createTable, upsert } from "../sync/postgres-upsert.mjs";
import { withPostgres } from "./postgres.mjs";

/** For the lock under which tables are created: any number that nothing else takes. */
const CREATION = 7_214_063;

const JOURNAL = `CREATE TABLE IF NOT EXISTS deltas
  (type text, checkpoint text, records integer, worker integer, arrived timestamptz DEFAULT now())`;

/** Creates the tables of `types` that are missing, in PostgreSQL at the URL `database`. */
export async function createTables(database, types, { journal }) {
  await withPostgres(database, "The tables could not be created", async (client) => {
    await client.query("BEGIN");
    // Of two workers that create a table at once, one would fail.
    await client.query("SELECT pg_advisory_xact_lock($1)", [CREATION]);
    for (const type of types) await createTable(client, type);
    if (journal) await client.query(JOURNAL);
    await client.query("COMMIT");
  });
}

/**
 * What is done with a delta, in the transaction that also notes how far its window is done. With `creates`, its table
 * is created here if it is missing: PGlite is not open before the workers are, and has no other transaction that would
 * wait.
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
