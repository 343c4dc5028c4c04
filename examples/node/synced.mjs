#!/usr/bin/env node
// For the demo: compares the tables of sync.mjs, or with --person those of sync-person.mjs, with the sandbox's records
// row by row. No other server can list all of them.
//
//   node examples/node/synced.mjs --database humansync.db --base-url http://127.0.0.1:8787

import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parsed, UsageError } from "./arguments.mjs";
import { run } from "./run.mjs";
import { idOf, tableOf } from "./sync/rows.mjs";
import { dumped } from "./sync/sandbox.mjs";
import { openSqlite } from "./sync/sqlite.mjs";
import { APP_TYPES, PERSON_TYPES } from "./sync/types.mjs";
import { counted } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

const screen = screenOn(process.stdout);

await run(screen, async (signal) => {
  const { values } = parsed({ options: { database: { type: "string" }, "base-url": { type: "string" }, person: { type: "boolean" } } });
  const [whose, types, script] = values.person ? ["person", PERSON_TYPES, "sync-person"] : ["app", APP_TYPES, "sync"];
  const file = values.database ?? (values.person ? "person.db" : "humansync.db");
  // Opening a missing file would create it.
  if (!existsSync(file)) throw new UsageError(`There is no ${file}: ${script}.mjs makes it.`);
  const database = await openSqlite(file);
  let rows = 0;
  const differences = [];
  try {
    for (const type of types) {
      const kept = rowsOf(database, tableOf(type), whose);
      for (const record of await dumped(values["base-url"], whose, type, signal)) {
        rows++;
        const id = whose === "app" ? `${record.humanId}/${idOf(record)}` : idOf(record);
        if (!kept.has(id)) differences.push(`${type}: ${id} is missing`);
        else if (!isDeepStrictEqual(JSON.parse(kept.get(id)), record)) differences.push(`${type}: ${id} is in another state`);
        kept.delete(id);
      }
      for (const id of kept.keys()) differences.push(`${type}: ${id} is not the server's`);
    }
  } finally {
    database.close();
  }
  if (differences.length > 0) {
    screen.line(`  ${screen.paint("red", "✘")} of ${counted(rows, "row")}, ${counted(differences.length, "differs", "differ")}; the first: ${differences[0]}`);
    return false;
  }
  const words = `${counted(rows, "row")} in ${types.length} tables, equal to the server's one by one`;
  screen.line(`  ${screen.paint("green", "✔")} ${screen.paint("bold", words)}`);
});

/** The JSON of a table's records, by id: of an app, by person and id. */
function rowsOf(database, table, whose) {
  if (database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) === undefined) return new Map();
  const rows = database.prepare(`SELECT human_id, id, record FROM ${table}`).all();
  return new Map(rows.map(({ human_id, id, record }) => [whose === "app" ? `${human_id}/${id}` : id, record]));
}
