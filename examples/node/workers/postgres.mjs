// A connection to PostgreSQL, besides those of the workers.

import { UsageError } from "../arguments.mjs";

/** A URL, or a socket. pg would take any other text for the name of a database somewhere else. */
const ADDRESS = /^(postgres(ql)?:\/\/|socket:|\/)/i;

/**
 * Gives `work` a client of the database at `url`, and ends it. `tried` begins the complaint, as in "The tables could
 * not be created".
 */
export async function withPostgres(url, tried, work) {
  if (!ADDRESS.test(url)) throw new UsageError("--database takes a URL such as postgres://user@host/name.");
  // Only here is pg needed: PGlite is without it.
  const { default: pg } = await import("pg");
  let client;
  let failed = "The database cannot be reached";
  try {
    // It takes the URL apart, which may be malformed.
    client = new pg.Client({ connectionString: url });
    // A connection that is lost fails the statement under way, too.
    client.on("error", () => {});
    await client.connect();
    failed = tried;
    return await work(client);
  } catch (error) {
    if (error.code === "ERR_INVALID_URL") throw new UsageError("--database is no valid URL; a user or a password with other characters than letters and digits needs them encoded, as %40 for @.");
    // pg's messages may contain the URL's host, but never its password.
    throw new UsageError(`${failed}: ${error.message || error.code}`);
  } finally {
    await client?.end().catch(() => {});
  }
}
