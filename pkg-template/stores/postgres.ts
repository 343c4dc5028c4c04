/**
 * A store in PostgreSQL, which any number of machines may share.
 *
 * - A value is in the database when `set` resolves, as safe as its commits are (`synchronous_commit`). Calls that lose
 *   their connection, as when the server restarts, are made again for about ten seconds.
 * - A lock is a row with an end that its holder puts off again and again. It is free at once when its work has ended,
 *   and `leaseDuration` after its holder has died, was stopped, or lost its way to the database. The signal of such a
 *   holder's lease aborts, and what it still writes with its lease is refused, in the same statement that would write.
 * - Within one program, locks go to those who wait in the order in which they came; between programs, to whoever asks
 *   first when it is free, at most a second later. A work must not ask for a lock that it runs under: it would wait
 *   for itself.
 * - Every call is a single statement, and nothing is kept in a session: poolers such as pgbouncer may be in between,
 *   in transaction mode as well. The pool must lead to the primary server, of version 12 or later, and have a
 *   connection to spare while a work runs, for its lease.
 */

import type { Lease, Store } from "../types/store.js";
import { checkedName, checkedPrefix, checkedWork, copyOf, isBytes, kindOf, misfit } from "./checks.js";
import { bytesOfText, textOfBytes } from "./key-bytes.js";
import { fenced, leasesOf } from "./leases.js";
import { patientlyAsk } from "./patience.js";
import { isPassing, isPoolUnreachable } from "./postgres-errors.js";
import { failure, identifier, migrate } from "./postgres-schema.js";
import { type LockServer, type ServerHeld, checkedLeaseDuration, underServerLock } from "./server-locks.js";
import { checkNames } from "./option-names.js";
import { serialQueue } from "./serial-queue.js";
import { storeError } from "../core/errors.js";

/**
 * A Pool of `pg`, or anything else that runs a statement with its `$1`, `$2` … as `values`. Columns of bytes are
 * given as a Uint8Array.
 */
export interface PostgresPool {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface PostgresStoreOptions {
  pool: PostgresPool;
  /** The tables are in this schema, which is made where it is missing. Default `"humansync"`. */
  schema?: string | undefined;
  /** How long a lock stays taken when its holder cannot be heard of any more, in milliseconds. Default 15 000. */
  leaseDuration?: number | undefined;
}

const OPTIONS = ["pool", "schema", "leaseDuration"] satisfies (keyof PostgresStoreOptions)[];

/** Opens the store; its tables are made, or brought up to date, where that is needed. */
export async function createStore(options: PostgresStoreOptions): Promise<Store> {
  const pool = checkedPool(options?.pool);
  checkNames("options", options, OPTIONS);
  const schema = checkedSchema(options.schema);
  const leaseDuration = checkedLeaseDuration(options.leaseDuration);
  await migrate(pool, schema);
  return storeOf(pool, schema, leaseDuration);
}

/** Over all stores of this program, by the pool: two of one pool take turns like the calls of one. */
const queues = new WeakMap<PostgresPool, ReturnType<typeof serialQueue>>();

function storeOf(pool: PostgresPool, schema: string, leaseDuration: number): Store {
  const leases = leasesOf<ServerHeld>();
  const statements = statementsIn(identifier(schema));
  const queue = queues.get(pool) ?? serialQueue();
  queues.set(pool, queue);
  const inTurn = <T>(kind: string, name: string, work: () => Promise<T>) => queue(JSON.stringify([schema, kind, name]), work);
  const server = lockServer(pool, statements);

  async function ask(tried: string, text: string, values: unknown[]): Promise<unknown[]> {
    try {
      return (await patientlyAsk(() => pool.query(text, values), mayPass)).rows;
    } catch (cause) {
      throw failure(tried, cause);
    }
  }

  /**
   * A change of a value: as it is, or, with a lease, in a statement that gives a row if the lease is the last one of
   * its lock.
   */
  async function change(tried: string, held: ServerHeld | undefined, [plain, leased]: readonly [string, string], values: unknown[]): Promise<void> {
    if (held === undefined) return void (await ask(tried, plain, values));
    const rows = await ask(tried, leased, [(await placeOf(held.lock)).place, held.token, held.holder, ...values]);
    if (rows.length === 0) throw fenced();
  }

  return Object.freeze({
    async get(key: string) {
      const { place } = await placeOf(checkedName("key", key));
      const rows = await ask("A value could not be read from PostgreSQL", statements.get, [place]);
      return rows.length === 0 ? undefined : new Uint8Array(bytesIn(rows[0], "value"));
    },

    async set(key: string, value: Uint8Array, lease?: Lease) {
      const name = checkedName("key", key);
      const bytes = copyOf(value);
      const held = leases.known(lease);
      return inTurn("value", name, async () => {
        const { place, whole } = await placeOf(name);
        await change("A value could not be written to PostgreSQL", held, statements.set, [place, whole, bytes]);
      });
    },

    async delete(key: string, lease?: Lease) {
      const name = checkedName("key", key);
      const held = leases.known(lease);
      return inTurn("value", name, async () => {
        const { place } = await placeOf(name);
        await change("A value could not be deleted from PostgreSQL", held, statements.delete, [place]);
      });
    },

    async keys(prefix: string) {
      const start = bytesOfText(checkedPrefix(prefix));
      const rows = await ask("The keys in PostgreSQL could not be listed", statements.keys, [...rangeOf(start), start]);
      return rows.map((row) => textOfBytes(bytesIn(row, "key"))).sort();
    },

    async lock<T>(name: string, work: (lease: Lease) => Promise<T>) {
      const run = checkedWork(work);
      const place = { server, leases, leaseDuration, inTurn: <R>(lock: string, turn: () => R | Promise<R>) => inTurn("lock", lock, async () => turn()) };
      return underServerLock(place, checkedName("name", name), run);
    },
  });
}

/**
 * What is asked, with the tables in `schema`.
 *
 * Of a change under a lease: `FOR KEY SHARE` waits for a takeover that is under way, which changes the token and so a
 * key, and then sees the row as that has left it, whatever the statement's snapshot says. A takeover that comes later
 * waits for the end of this statement, and its holder sees what was written. Heartbeats change no key: neither waits
 * for the other.
 */
function statementsIn(schema: string) {
  const values = `${schema}.store_values`;
  const locks = `${schema}.store_leases`;
  const lasting = (parameter: string) => `clock_timestamp() + ${parameter}::double precision * interval '1 millisecond'`;
  const leased = (change: string) => `
    WITH held AS (SELECT token, holder FROM ${locks} WHERE lock = $1::bytea FOR KEY SHARE),
    last AS MATERIALIZED (SELECT FROM held WHERE token = $2::bigint AND holder = $3::text),
    change AS (${change})
    SELECT 1 AS done FROM last`;
  const put = "ON CONFLICT (key) DO UPDATE SET value = excluded.value";
  return {
    get: `SELECT value FROM ${values} WHERE key = $1::bytea`,
    keys: `SELECT coalesce(long_key, key) AS key FROM ${values} WHERE key >= $1::bytea AND key < $2::bytea
      AND substring(coalesce(long_key, key) FROM 1 FOR length($3::bytea)) = $3::bytea`,
    set: [
      `INSERT INTO ${values} (key, long_key, value) VALUES ($1::bytea, $2::bytea, $3::bytea) ${put}`,
      leased(`INSERT INTO ${values} (key, long_key, value) SELECT $4::bytea, $5::bytea, $6::bytea FROM last ${put}`),
    ],
    delete: [`DELETE FROM ${values} WHERE key = $1::bytea`, leased(`DELETE FROM ${values} WHERE key = $4::bytea AND EXISTS (SELECT FROM last)`)],
    // Those who wait only read while another one has it.
    take: `INSERT INTO ${locks} AS held (lock, token, holder, expires_at)
      SELECT $1::bytea, 1, $2::text, ${lasting("$3")}
      WHERE NOT EXISTS (SELECT FROM ${locks} WHERE lock = $1::bytea AND holder <> $2::text AND expires_at > clock_timestamp())
      ON CONFLICT (lock) DO UPDATE SET token = held.token + 1, holder = excluded.holder, expires_at = ${lasting("$3")}
      WHERE held.holder = excluded.holder OR held.expires_at <= clock_timestamp()
      RETURNING token`,
    // One that is free again is not extended, by whatever came late.
    extend: `UPDATE ${locks} SET expires_at = ${lasting("$4")}
      WHERE lock = $1::bytea AND token = $2::bigint AND holder = $3::text AND expires_at > '-infinity' RETURNING 1 AS done`,
    free: `UPDATE ${locks} SET expires_at = '-infinity' WHERE lock = $1::bytea AND token = $2::bigint AND holder = $3::text`,
  } as const satisfies Record<string, string | readonly [plain: string, leased: string]>;
}

function mayPass(error: unknown): boolean {
  return isPassing(error, isPoolUnreachable);
}

function lockServer(pool: PostgresPool, statements: ReturnType<typeof statementsIn>): LockServer {
  return {
    async take(lock, holder, lasts) {
      const { place } = await placeOf(lock);
      try {
        const { rows } = await patientlyAsk(() => pool.query(statements.take, [place, holder, lasts]), mayPass);
        return rows.length === 0 ? undefined : Number((rows[0] as { token: unknown }).token);
      } catch (cause) {
        throw failure("A lock in PostgreSQL could not be taken", cause);
      }
    },
    async extend({ lock, token, holder }, lasts) {
      const { place } = await placeOf(lock);
      return (await pool.query(statements.extend, [place, token, holder, lasts])).rows.length > 0;
    },
    async free({ lock, token, holder }) {
      const { place } = await placeOf(lock);
      await patientlyAsk(() => pool.query(statements.free, [place, token, holder]), mayPass);
    },
  };
}

/** From this length on, in bytes, a key's place is its beginning and its hash, of this length together. */
const LONG = 1000;
const HASH = 32;

async function placeOf(key: string): Promise<{ place: Uint8Array; whole: Uint8Array | null }> {
  const bytes = bytesOfText(key);
  if (bytes.length < LONG) return { place: bytes, whole: null };
  const place = new Uint8Array(LONG);
  place.set(bytes.subarray(0, LONG - HASH));
  place.set(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), LONG - HASH);
  return { place, whole: bytes };
}

/** Where the keys with this beginning are, among others that begin nearly so. */
function rangeOf(start: Uint8Array): [from: Uint8Array, before: Uint8Array] {
  const from = start.slice(0, LONG - HASH);
  const before = from.length === 0 ? Uint8Array.of(0xff) : from.slice();
  if (from.length > 0) before[before.length - 1]!++;
  return [from, before];
}

function bytesIn(row: unknown, column: string): Uint8Array {
  const value = (row as Record<string, unknown>)[column];
  if (isBytes(value)) return value;
  throw storeError("unsupported", "The pool of the store in PostgreSQL gives bytes (bytea) as something else than a Uint8Array: leave its parser of that type as it is");
}

function checkedPool(pool: unknown): PostgresPool {
  if (typeof (pool as PostgresPool | null | undefined)?.query === "function") return pool as PostgresPool;
  throw misfit("pool", "a Pool of `pg`, or an object with its `query`", kindOf(pool));
}

/** PostgreSQL cuts a longer name without a word. */
const LONGEST_NAME = 63;

function checkedSchema(schema: unknown = "humansync"): string {
  const name = checkedName("schema", schema);
  const isFit = new TextEncoder().encode(name).length <= LONGEST_NAME && !/\0|\p{Surrogate}/u.test(name);
  if (isFit) return name;
  throw misfit("schema", `a name that PostgreSQL takes, of at most ${LONGEST_NAME} bytes`, "another text");
}
