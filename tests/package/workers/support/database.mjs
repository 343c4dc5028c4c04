// A server of PostgreSQL for a test file, with an empty database and a client.

import pg from "pg";
import { postgresFor } from "../../support/servers/postgres.mjs";
import { create } from "../programs/tables.js";

/** Its URL, and `query`. The table of the program `worker.js` is there. */
export async function databaseFor(atEnd) {
  const server = await postgresFor(atEnd);
  const { url } = server;
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => {});
  atEnd(() => pool.end());
  const query = async (text, values) => (await pool.query(text, values)).rows;
  await create({ query });
  /** The first plan of these types has everything, and not six hours. Before workers of theirs are started. */
  const planAtOnce = (types, since) =>
    query("INSERT INTO humansync.work_types (type, since, slice) SELECT type, $2::timestamptz, 400 * 86400 FROM unnest($1::text[]) AS given (type) ON CONFLICT DO NOTHING", [types, since]);
  return { planAtOnce, url, server, query, recordsOf: async (type) => (await query("SELECT record FROM records WHERE type = $1", [type])).map(({ record }) => record) };
}
