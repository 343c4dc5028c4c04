// The tables of records in PostgreSQL, as sync-postgres.mjs and workers.mjs have them. `database` is whatever has pg's
// `query(text, values)`: a client, a pool, a transaction, PGlite.

import { rowOf, tableOf } from "./rows.mjs";

/** Creates the table of `type` if it is missing. */
export function createTable(database, type) {
  return database.query(
    `CREATE TABLE IF NOT EXISTS ${tableOf(type)}
       (human_id text, id text, updated_at text, record jsonb, PRIMARY KEY (human_id, id))`,
  );
}

/**
 * Inserts the records of `type`, or replaces what is older or differs. `rows` is how many there are, `result` the answer
 * of the database.
 */
export async function upsert(database, type, records) {
  // One statement cannot write a row twice: if a delta has two states of a record, the last one counts.
  const latest = new Map(records.map((record) => rowOf(record)).map((row) => [`${row[0]} ${row[1]}`, row]));
  // Whoever else writes some of these rows locks them in the same order, so that neither waits for the other for ever.
  const rows = [...latest.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  const result = await database.query(
    `INSERT INTO ${tableOf(type)} AS known
     SELECT * FROM ROWS FROM (unnest($1::text[], $2::text[], $3::text[]), jsonb_array_elements($4::jsonb))
     ON CONFLICT (human_id, id) DO UPDATE SET updated_at = excluded.updated_at, record = excluded.record
     WHERE excluded.updated_at > known.updated_at
        OR (excluded.updated_at = known.updated_at AND excluded.record <> known.record)`,
    [...[0, 1, 2].map((column) => rows.map((row) => row[column])), `[${rows.map(([, , , record]) => record).join(",")}]`],
  );
  return { rows: rows.length, result };
}
