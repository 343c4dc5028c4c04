// What went wrong in the database of workers: as a StoreError, without a connection string or a value, and whether it
// passes by itself.
//
//   unreachable  it cannot be connected to
//   denied       it does not let this user in, or do this
//   newer        its tables are of a newer humansync
//   locked       another process has it (PGlite)
//   idle         a transaction was idle for too long
//   rolled-back  a statement in a transaction failed, and its error was not passed on
//   lost         a window is another process's
//   store        anything else; the cause says what

import { type StoreError, storeError } from "../core/errors.js";

export { storeError as databaseError };

/** What `tried` begins, as in "The database of the workers could not be opened", and the error ends. */
export function databaseFailure(tried: string, cause: unknown): StoreError {
  const code = codeOf(cause);
  const known = code === undefined ? "" : ` (${code})`;
  if (isUnreachable(cause)) return storeError("unreachable", `${tried}: it cannot be reached${known}; check that it runs, and where \`database\` leads`, cause);
  if (code === "3D000") return storeError("unreachable", `${tried}: there is no such database${known}; create it`, cause);
  if (code?.startsWith("28")) return storeError("denied", `${tried}: it does not let this user in${known}; check the user and the password of \`database\``, cause);
  if (code === "42501") return storeError("denied", `${tried}: this user may not do that${known}; grant it to create schemas, or create them before`, cause);
  return storeError("store", `${tried}${known}; see the cause`, cause);
}

const UNREACHABLE: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);
/** What `pg` says without a code. */
const BROKEN = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return UNREACHABLE.has(code) || /^(08|57P0)/.test(code);
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  return error instanceof Error && BROKEN.test(error.message);
}

/** Whether the same transaction may succeed a moment later: the connection broke, or others were in the way. */
export function isPassing(error: unknown): boolean {
  // Deadlocks and the like, locks, resources.
  return isUnreachable(error) || /^(40|55P03|53)/.test(codeOf(error) ?? "");
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
