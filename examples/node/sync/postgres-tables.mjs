// The same as sqlite-tables.mjs in PostgreSQL, for all users of an app. Compare the two to see what another database
// needs.

import pg from "pg";
import { UsageError } from "../arguments.mjs";
import { overtaken, refuseOld } from "./checkpoints.mjs";
import { rowOf, tableOf } from "./rows.mjs";

/** Connects to the database at `url`, and creates the tables that are missing. */
export async function postgresTables(url) {
  const database = new pg.Client({ connectionString: url });
  // pg's messages may contain the URL's host, but never its password.
  await database.connect().catch((error) => {
    throw new UsageError(`The database does not let this in: ${error.message || error.code}`);
  });
  try {
    const { rows } = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()");
    refuseOld(rows.map(({ tablename }) => tablename));
    // `records` counts the rows that came with the checkpoints, those that were there already included.
    await database.query(
      `CREATE TABLE IF NOT EXISTS checkpoints
         (person text, type text, checkpoint text, records bigint, PRIMARY KEY (person, type))`,
    );
  } catch (error) {
    await database.end();
    throw error;
  }
  const tables = new Set();

  async function ensure(table) {
    if (tables.has(table)) return;
    await database.query(
      `CREATE TABLE IF NOT EXISTS ${table}
         (human_id text, id text, updated_at text, record jsonb, PRIMARY KEY (human_id, id))`,
    );
    tables.add(table);
  }

  /** Inserts rows, or replaces those that are older or differ. Returns how many. */
  async function upsert(table, rows) {
    const columns = [0, 1, 2, 3].map((column) => rows.map((row) => row[column]));
    const { rowCount } = await database.query(
      `INSERT INTO ${table} AS known SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])
       ON CONFLICT (human_id, id) DO UPDATE SET updated_at = excluded.updated_at, record = excluded.record
       WHERE excluded.updated_at > known.updated_at
          OR (excluded.updated_at = known.updated_at AND excluded.record <> known.record)`,
      columns,
    );
    return rowCount;
  }

  /** Moves a checkpoint from the one from which its run has come. Two runs at once cannot set it back. */
  async function move(type, checkpoint, records, known) {
    const { rowCount } = await database.query(
      `INSERT INTO checkpoints AS stored VALUES ('', $1, $2, $3)
       ON CONFLICT (person, type)
         DO UPDATE SET checkpoint = excluded.checkpoint, records = stored.records + excluded.records
       WHERE stored.checkpoint = $4`,
      [type, checkpoint, records, known],
    );
    if (rowCount === 0) throw overtaken(type);
  }

  return {
    async from() {
      const { rows } = await database.query("SELECT type, checkpoint FROM checkpoints WHERE person = ''");
      return Object.fromEntries(rows.map(({ type, checkpoint }) => [type, checkpoint]));
    },

    async store({ type, records, checkpoint }, from) {
      const table = tableOf(type);
      await ensure(table);
      // One statement cannot write a row twice: if a delta has two states of a record, the last one counts.
      const rows = [...new Map(records.map((record) => rowOf(record)).map((row) => [`${row[0]} ${row[1]}`, row])).values()];
      await database.query("BEGIN");
      try {
        const changed = await upsert(table, rows);
        await move(type, checkpoint, rows.length, from[type] ?? "");
        await database.query("COMMIT");
        from[type] = checkpoint;
        return changed;
      } catch (error) {
        // A connection that is lost takes the transaction with it.
        await database.query("ROLLBACK").catch(() => {});
        throw error;
      }
    },

    close: () => database.end(),
  };
}
