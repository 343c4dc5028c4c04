// Reads the tables of a consumer that is not running.

import { createRequire } from "node:module";

const Database = createRequire(import.meta.url)("libsql");

/** A function that returns the records of a type. */
export function tablesFor(file) {
  return (type) => {
    const database = new Database(file);
    try {
      const table = type.replaceAll("/", "_");
      const known = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
      if (known === undefined) return [];
      return database.prepare(`SELECT record FROM ${table}`).all().map(({ record }) => JSON.parse(record));
    } finally {
      database.close();
    }
  };
}
