/**
 * A store in PostgreSQL, which any number of machines may share.
 *
 * - A value is in the database when `set` resolves, as safe as its commits are (`synchronous_commit`).
 * - A lock is a row with an end that its holder puts off again and again. It is free at once when its work has ended,
 *   and `leaseDuration` after its holder has died, was stopped, or lost its way to the database. The signal of such a
 *   holder's lease aborts, and what it still writes with its lease is refused, in the same statement that would write.
 *   Where the server's clock is set back, the lock of a dead holder is free after twice that time at most.
 * - A call that loses its connection, or is not answered within 10 seconds, is made again, for about half a minute at
 *   most. The server may come to the earlier one late. With a lease, such a write changes nothing any more once a later
 *   write of this lease to the same key, or the lock's next holder, has come. Writes without a lease have no such
 *   protection, and one of them, or one under another lock, ends that of earlier writes to its key: write each key
 *   under one lock.
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
import { statementsIn } from "./postgres-statements.js";
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

  async function ask(tried: string, text: string, values: unknown[], onAttempt = () => {}): Promise<unknown[]> {
    const attempt = () => {
      onAttempt();
      return pool.query(text, values);
    };
    try {
      return (await patientlyAsk(attempt, mayPass)).rows;
    } catch (cause) {
      throw failure(tried, cause);
    }
  }

  /**
   * A change of a value under a lease, in a statement that gives a row if the lease is the last one of its lock. The
   * key is in doubt from then on, unless the very first attempt is answered.
   */
  async function change(tried: string, { place: key }: Place, held: ServerHeld, text: string, values: unknown[]): Promise<void> {
    const { place } = await placeOf(held.lock);
    const number = ++held.writes;
    const name = textOfBytes(key);
    const isSure = !held.doubtful.has(name);
    held.doubtful.add(name);
    let attempts = 0;
    const rows = await ask(tried, text, [place, held.token, held.holder, number, key, ...values], () => attempts++);
    if (isSure && attempts === 1) held.doubtful.delete(name);
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
        const tried = "A value could not be written to PostgreSQL";
        const place = await placeOf(name);
        if (held === undefined) await ask(tried, statements.set, [place.place, place.whole, bytes]);
        else await change(tried, place, held, statements.setLeased, [place.whole, bytes]);
      });
    },

    async delete(key: string, lease?: Lease) {
      const name = checkedName("key", key);
      const held = leases.known(lease);
      return inTurn("value", name, async () => {
        const tried = "A value could not be deleted from PostgreSQL";
        const place = await placeOf(name);
        if (held === undefined) await ask(tried, statements.delete, [place.place]);
        else await change(tried, place, held, held.doubtful.has(textOfBytes(place.place)) ? statements.buryLeased : statements.deleteLeased, []);
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

function mayPass(error: unknown): boolean {
  return isPassing(error, isPoolUnreachable);
}

function lockServer(pool: PostgresPool, statements: ReturnType<typeof statementsIn>): LockServer {
  return {
    async take(lock, holder, lasts, answerTime) {
      const { place } = await placeOf(lock);
      let since = 0;
      const attempt = () => {
        since = performance.now();
        return pool.query(statements.take, [place, holder, lasts]);
      };
      try {
        const { rows } = await patientlyAsk(attempt, mayPass, answerTime);
        return rows.length === 0 ? undefined : { token: Number((rows[0] as { token: unknown }).token), since };
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

interface Place {
  readonly place: Uint8Array;
  readonly whole: Uint8Array | null;
}

async function placeOf(key: string): Promise<Place> {
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
