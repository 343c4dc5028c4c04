// A table for each type in a SQLite file. Each row also counts how often it was delivered.

import { openSqlite } from "./sqlite.mjs";

const tableOf = (type) => type.replaceAll("/", "_");
const idOf = (record) => record.id ?? `${record.humanId}/${record.trait}`;

export async function tablesIn(file) {
  const database = await openSqlite(file);
  const statements = new Map();
  return {
    upsert(type, records) {
      if (!statements.has(type)) {
        database.exec(`CREATE TABLE IF NOT EXISTS ${tableOf(type)} (id TEXT PRIMARY KEY, record TEXT, times INTEGER)`);
        const upsert = `INSERT INTO ${tableOf(type)} VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET record = excluded.record, times = times + 1`;
        statements.set(type, database.prepare(upsert));
      }
      database.exec("BEGIN IMMEDIATE");
      for (const record of records) statements.get(type).run(idOf(record), JSON.stringify(record));
      database.exec("COMMIT");
    },
    close: () => database.close(),
  };
}
