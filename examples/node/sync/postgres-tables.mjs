// The same as sqlite-tables.mjs in PostgreSQL, for all users of an app. Compare the two to see what another database
// needs.

import pg from "pg";
import { UsageError } from "../arguments.mjs";
import { overtaken, refuseOld } from "./checkpoints.mjs";
import { createTable, upsert } from "./postgres-upsert.mjs";

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

  async function ensure(type) {
    if (tables.has(type)) return;
    await createTable(database, type);
    tables.add(type);
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
      await ensure(type);
      await database.query("BEGIN");
      try {
        const { rows, result } = await upsert(database, type, records);
        await move(type, checkpoint, rows, from[type] ?? "");
        await database.query("COMMIT");
        from[type] = checkpoint;
        return result.rowCount;
      } catch (error) {
        // A connection that is lost takes the transaction with it.
        await database.query("ROLLBACK").catch(() => {});
        throw error;
      }
    },

    close: () => database.end(),
  };
}
