// The database of workers in PostgreSQL: a pool of `pg`, the user's or our own.

import { optionError } from "../core/errors.js";
import type { DatabasePool } from "../types/workers.js";
import type { Database, Queryable } from "./database.js";
import { misfit } from "../stores/checks.js";
import { codeOf, databaseError, rolledBack } from "./database-errors.js";
import { ADDRESSES } from "./options.js";
import { pg } from "./optional-peers.js";

/** Connections besides those of the windows: for the limiter, for pg-boss, and for plans. */
export const SPARE_CONNECTIONS = 3;
/** Before a connection that is not made is given up. Milliseconds. */
const CONNECTING = 10_000;

/** What the server says where `idle_in_transaction_session_timeout` is over. */
const IDLE = "25P03";

/** A pool as `pg` has it, besides what everybody's has. */
interface Pool extends DatabasePool {
  on?(event: "error", listener: (error: unknown) => void): unknown;
  off?(event: "error", listener: (error: unknown) => void): unknown;
  end?(): Promise<void>;
  readonly options?: { readonly max?: number };
}
type Client = Awaited<ReturnType<Pool["connect"]>> & Pick<Pool, "on" | "off">;

export interface PostgresOptions {
  readonly database: string | DatabasePool;
  readonly concurrency: number;
  readonly leaseDuration: number;
}

/** `trouble` is told of connections that break while nobody uses them. */
export async function postgres({ database: given, concurrency, leaseDuration }: PostgresOptions, trouble: (error: unknown) => void): Promise<Database> {
  const pool = typeof given === "string" ? await poolOf(given, concurrency) : (given as Pool);
  const room = pool.options?.max;
  if (typeof room === "number" && room < concurrency + SPARE_CONNECTIONS) {
    throw optionError("database", `the pool of \`database\` must have room for \`concurrency\` + ${SPARE_CONNECTIONS} connections, which is ${concurrency + SPARE_CONNECTIONS}; its \`max\` is ${room}`);
  }
  // Without a listener, a connection that breaks while it is idle ends the process.
  pool.on?.("error", trouble);
  return {
    backend: "postgres",
    jobs: { executeSql: (text, values) => pool.query(text, values) },
    query: (text, values) => pool.query(text, values),
    transaction: (work) => transaction(pool, leaseDuration, work),
    async close() {
      // Our own pool keeps its listener: a connection may break while it is being closed.
      if (given === pool) pool.off?.("error", trouble);
      else await pool.end?.();
    },
  };
}

async function poolOf(connectionString: string, concurrency: number): Promise<Pool> {
  const { Pool } = await pg();
  const pool: Pool = new Pool({
    connectionString,
    application_name: "humansync",
    max: concurrency + SPARE_CONNECTIONS + 2,
    connectionTimeoutMillis: CONNECTING,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  try {
    await pool.query("SELECT 1");
    return pool;
  } catch (error) {
    await pool.end?.().catch(() => {});
    // Without the cause, which has the connection string.
    if (codeOf(error) === "ERR_INVALID_URL") throw misfit("database", ADDRESSES, "a text that is neither");
    throw error;
  }
}

/** The server ends a transaction that does nothing for `leaseDuration`: a process that is stopped within one does not keep others from its rows. */
async function transaction<T>(pool: Pool, leaseDuration: number, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client: Client = await pool.connect();
  let end: unknown;
  let isBroken = false;
  let broken = (error: unknown) => {
    end ??= error;
    isBroken = true;
  };
  // The pool does not listen to a client that it has handed out.
  const listen = (error: unknown) => broken(error);
  client.on?.("error", listen);
  try {
    await client.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${leaseDuration}`);
    // A work that never ends, ends with its connection.
    const cut = new Promise<never>((_, reject) => {
      const note = broken;
      broken = (error) => {
        note(error);
        reject(error);
      };
    });
    const running = work(client);
    for (const promise of [cut, running]) promise.catch(() => {});
    const result = await Promise.race([running, cut]);
    const { command } = (await client.query("COMMIT")) as { command?: string };
    // What COMMIT says where a statement has failed before, and somebody has caught its error.
    if (command === "ROLLBACK") throw rolledBack();
    return result;
  } catch (error) {
    if (!isBroken) await client.query("ROLLBACK").catch(broken);
    if (codeOf(end) === IDLE) throw databaseError("idle", "The transaction was idle for longer than `leaseDuration`, and the server has ended it; do not wait for anything else in `apply`");
    throw error;
  } finally {
    client.off?.("error", listen);
    client.release(isBroken);
  }
}
