// What the store in PostgreSQL asks. Each is one statement, and so one transaction.
//
// Of a change under a lease: `FOR KEY SHARE` waits for a takeover that is under way, which changes the token and so a
// key, and then sees the row as that has left it, whatever the statement's snapshot says. A takeover that comes later
// waits for the end of this statement, and its holder sees what was written. Heartbeats change no key: neither waits
// for the other.
//
// A statement may be done late: it was given up and made again on another connection, and the lease has gone on since.
// So the writes of a lease are numbered, and a value's row has the number of its latest one: whatever is not later
// changes nothing. Of a delete no row would be left to tell, so that it leaves one without a value where an earlier
// write of the key is in doubt; the lock's next holder removes it, as no earlier one can write any more.

/** With the tables in `schema`, which is quoted. Leased ones: $1 lock, $2 token, $3 holder, $4 number, $5 key. */
export function statementsIn(schema: string) {
  const values = `${schema}.store_values`;
  const locks = `${schema}.store_leases`;
  const leased = (change: string) => `
    WITH held AS (SELECT token, holder FROM ${locks} WHERE lock = $1::bytea FOR KEY SHARE),
    last AS MATERIALIZED (SELECT FROM held WHERE token = $2::bigint AND holder = $3::text),
    change AS (${change})
    SELECT 1 AS done FROM last`;
  const isLater = "(known.holder IS DISTINCT FROM $3::text OR known.number < $4::bigint)";
  const put = `ON CONFLICT (key) DO UPDATE SET value = excluded.value, long_key = excluded.long_key,
      lock = excluded.lock, holder = excluded.holder, number = excluded.number`;
  return {
    get: `SELECT value FROM ${values} WHERE key = $1::bytea AND value IS NOT NULL`,
    keys: `SELECT coalesce(long_key, key) AS key FROM ${values} WHERE key >= $1::bytea AND key < $2::bytea
      AND substring(coalesce(long_key, key) FROM 1 FOR length($3::bytea)) = $3::bytea AND value IS NOT NULL`,
    set: `INSERT INTO ${values} (key, long_key, value) VALUES ($1::bytea, $2::bytea, $3::bytea) ${put}`,
    setLeased: leased(`INSERT INTO ${values} AS known (key, long_key, value, holder, number)
      SELECT $5::bytea, $6::bytea, $7::bytea, $3::text, $4::bigint FROM last ${put} WHERE ${isLater}`),
    delete: `DELETE FROM ${values} WHERE key = $1::bytea`,
    deleteLeased: leased(`DELETE FROM ${values} AS known WHERE key = $5::bytea AND EXISTS (SELECT FROM last) AND ${isLater}`),
    buryLeased: leased(`INSERT INTO ${values} AS known (key, lock, holder, number)
      SELECT $5::bytea, $1::bytea, $3::text, $4::bigint FROM last ${put} WHERE ${isLater}`),
    ...locking(values, locks),
  } as const;
}

/**
 * Those who wait for a lock only read while another one has it. Who asks again, as the answer was lost, keeps its token.
 * A lease that is free again is neither extended nor taken by its former holder, by whatever comes late.
 */
function locking(values: string, locks: string) {
  const lasting = (parameter: string) => `${parameter}::double precision * interval '1 millisecond'`;
  // An end that is farther away than the lease lasts is one by a clock that was ahead. Twice: clocks are adjusted a little.
  const isOver = (row: string) => `(${row}.expires_at <= clock_timestamp() OR ${row}.expires_at > clock_timestamp() + 2 * ${row}.duration)`;
  return {
    take: `
    WITH taken AS (
      INSERT INTO ${locks} AS held (lock, token, holder, duration, expires_at)
      SELECT $1::bytea, 1, $2::text, ${lasting("$3")}, clock_timestamp() + ${lasting("$3")}
      WHERE NOT EXISTS (SELECT FROM ${locks} AS other WHERE lock = $1::bytea AND holder <> $2::text AND NOT ${isOver("other")})
      ON CONFLICT (lock) DO UPDATE SET token = CASE WHEN held.holder = excluded.holder THEN held.token ELSE held.token + 1 END,
        holder = excluded.holder, duration = excluded.duration, expires_at = clock_timestamp() + excluded.duration
      WHERE CASE WHEN held.holder = excluded.holder THEN held.expires_at > '-infinity' ELSE ${isOver("held")} END
      RETURNING token),
    swept AS (DELETE FROM ${values} WHERE value IS NULL AND lock = $1::bytea AND holder <> $2::text AND EXISTS (SELECT FROM taken))
    SELECT token FROM taken`,
    extend: `UPDATE ${locks} SET expires_at = clock_timestamp() + ${lasting("$4")}
      WHERE lock = $1::bytea AND token = $2::bigint AND holder = $3::text AND expires_at > '-infinity' RETURNING 1 AS done`,
    free: `UPDATE ${locks} SET expires_at = '-infinity' WHERE lock = $1::bytea AND token = $2::bigint AND holder = $3::text`,
  } as const;
}
