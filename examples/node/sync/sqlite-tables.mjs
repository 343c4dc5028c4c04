// Records and checkpoints in SQLite: a table for each type with a row for each record, and a table of checkpoints.

import { overtaken, refuseOld } from "./checkpoints.mjs";
import { rowOf, tableOf } from "./rows.mjs";
import { openSqlite } from "./sqlite.mjs";

/**
 * Opens the tables in `file`, and creates what is missing. Where a function takes a `person`, it is the `humanId` of the
 * person whose lists are synced, or `""` for all users of an app.
 */
export async function sqliteTables(file) {
  const database = await openSqlite(file);
  try {
    refuseOld(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name));
    // `records` counts the rows that came with the checkpoints, those that were there already included.
    database.exec(
      `CREATE TABLE IF NOT EXISTS checkpoints
         (person TEXT, type TEXT, checkpoint TEXT, records INTEGER, PRIMARY KEY (person, type))`,
    );
  } catch (error) {
    database.close();
    throw error;
  }
  // A checkpoint only follows the one from which its run has come. So two runs at once cannot set it back.
  const move = database.prepare(
    `INSERT INTO checkpoints VALUES (?, ?, ?, ?)
     ON CONFLICT (person, type) DO UPDATE SET checkpoint = excluded.checkpoint, records = records + excluded.records
     WHERE checkpoint = ?`,
  );
  const reading = database.prepare("SELECT type, checkpoint FROM checkpoints WHERE person = ?");
  const upserts = new Map();

  /** The statement that inserts a row, or replaces one that is older or differs. */
  function upsertInto(table) {
    if (!upserts.has(table)) {
      database.exec(
        `CREATE TABLE IF NOT EXISTS ${table}
           (human_id TEXT, id TEXT, updated_at TEXT, record TEXT, PRIMARY KEY (human_id, id))`,
      );
      const upsert = `INSERT INTO ${table} VALUES (?, ?, ?, ?)
        ON CONFLICT (human_id, id) DO UPDATE SET updated_at = excluded.updated_at, record = excluded.record
        WHERE excluded.updated_at > updated_at OR (excluded.updated_at = updated_at AND excluded.record <> record)`;
      upserts.set(table, database.prepare(upsert));
    }
    return upserts.get(table);
  }

  return {
    /** The checkpoint of each type: what the option `from` takes, and what a run gives to `store`. */
    from: (person = "") => Object.fromEntries(reading.all(person).map(({ type, checkpoint }) => [type, checkpoint])),

    /**
     * Stores a delta's records and its checkpoint in one transaction, which makes it the one in `from`. Returns how
     * many rows are new or changed.
     */
    store({ type, records, checkpoint }, from, person = "") {
      const upsert = upsertInto(tableOf(type));
      let changed = 0;
      database.exec("BEGIN IMMEDIATE");
      try {
        for (const record of records) changed += Number(upsert.run(...rowOf(record, person)).changes);
        const { changes } = move.run(person, type, checkpoint, records.length, from[type] ?? "");
        if (Number(changes) === 0) throw overtaken(type);
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
      from[type] = checkpoint;
      return changed;
    },

    close: () => database.close(),
  };
}
