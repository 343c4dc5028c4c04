// Whether there are workers to look at: to make their tables is for those who work.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { withPostgres } from "./postgres.mjs";

const FOUND = "SELECT to_regclass(format('%I.work_app', $1::text)) IS NOT NULL AS found";

/** Whether workers have worked with these options of `createWorkers`. If not, the screen says so. */
export async function arePresent(screen, { database, folder, schema = "humansync" }) {
  const found =
    database === undefined
      ? existsSync(join(folder, "database"))
      : await withPostgres(database, "The database could not be looked at", async (client) => (await client.query(FOUND, [schema])).rows[0].found);
  if (!found) screen.line(`  there are no workers in ${database === undefined ? "this folder" : "this schema"} yet`);
  return found;
}
