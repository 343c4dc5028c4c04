// What went wrong in the database of workers: as a StoreError, without a connection string or a value, and whether it
// passes by itself.
//
//   unreachable  it cannot be connected to
//   denied       it does not let this user in, or do this
//   newer        its tables are of a newer humansync
//   locked       another process has it (PGlite)
//   idle         a transaction was idle for too long
//   rolled-back  a statement in a transaction failed, and its error was caught
//   lost         a window is another process's
//   quota        it has no more room
//   store        anything else; the cause says what

import { type StoreError, storeError } from "../core/errors.js";
import { isPassing, isUnreachable, postgresFailure } from "../stores/postgres-errors.js";

export { storeError as databaseError };

/** What `tried` begins, as in "The database of the workers could not be opened", and the error ends. */
export function databaseFailure(tried: string, cause: unknown): StoreError {
  return postgresFailure(tried, cause, {
    isAway: isUnreachable,
    away: "where `database` leads",
    missing: "create it, or check `database`",
    login: "the user and the password of `database`",
    readOnly: "one of the primary server",
    forbidden: "grant it to create schemas, or create them before",
  });
}

/** What a statement is answered in a transaction in which another one has failed. */
export const IN_FAILED_TRANSACTION = "25P02";

export function rolledBack(): StoreError {
  return storeError("rolled-back", "A statement in `apply` had failed before, and its error was caught: have `apply` reject with it, or try the statement after a SAVEPOINT");
}

/** A deadlock, a conflict, or a lock that another one has. */
export function isInTheWay(error: unknown): boolean {
  return /^(40|55P03)/.test(codeOf(error) ?? "");
}

/** Nothing can be written until a person makes room. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === "53100";
}

/** What a statement is told in a transaction in which another one has failed. */
export function isAborted(error: unknown): boolean {
  return codeOf(error) === IN_FAILED_TRANSACTION;
}

/** What `attempt` comes to, once the database answers: it is tried again until `signal` aborts. */
export async function patiently<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    signal.throwIfAborted();
  }
}

/** Between two attempts. Milliseconds. */
const PATIENCE = 250;

/** The SQLSTATE, or the name of a system error; nothing else. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && /^[A-Z0-9_]{1,32}$/.test(code) ? code : undefined;
}
