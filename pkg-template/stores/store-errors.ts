// What went wrong in a store, as a StoreError: what was tried, what happened, and what to do about it.
//
//   quota        there is no room for the value
//   denied       the file system, or the runtime's permissions, do not allow it
//   unsupported  this place has no storage, or no locks
//   corrupt      what is stored is not what this store has written
//   fenced       the lease of a write is older than the last one of its lock
//   newer        a later version of this package has made what is there
//   unreachable  the server cannot be reached
//   store        anything else; the cause says what

import { StoreError, storeError } from "../core/errors.js";

const NO_DATA = "the browser keeps no data here (a private window, a sandboxed frame, or storage is switched off); use humansync/stores/memory";

/** By the names that the platforms give: `code` of Node's errors, `name` of a browser's and of Deno's. */
const KNOWN: Partial<Record<string, readonly [code: string, happened: string]>> = {
  ENOSPC: ["quota", "the disk is full; make room and try again"],
  EDQUOT: ["quota", "the user's share of the disk is used up; make room and try again"],
  QuotaExceededError: ["quota", "the browser gives this site no more room; free some, or ask the user to (navigator.storage.persist())"],
  EACCES: ["denied", "access is denied; give a folder that this process may read and write"],
  EPERM: ["denied", "access is denied; give a folder that this process may read and write"],
  EROFS: ["denied", "the file system is read-only; give a folder on another one"],
  NotCapable: ["denied", "Deno does not permit it; run it with --allow-read, --allow-write and, for locks, --allow-net"],
  SecurityError: ["unsupported", NO_DATA],
  InvalidStateError: ["unsupported", NO_DATA],
  VersionError: ["store", "the database is of another program, or of a newer humansync; give another name"],
  NotFoundError: ["store", "the database is of another program; give another name"],
};

/** `tried` is the first half of a sentence, as in "The value could not be written". Nothing of a value may be in it. */
export function failure(tried: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const known = [codeOf(cause), nameOf(cause)].find((name) => typeof name === "string" && Object.hasOwn(KNOWN, name)) as string | undefined;
  const [code, happened] = (known !== undefined && KNOWN[known]) || ["store", "see the cause"];
  return storeError(code, `${tried}: ${happened}${known === undefined ? "" : ` (${known})`}`, cause);
}

/** The `code` of what was thrown, as Node's errors have it. */
export function codeOf(thrown: unknown): unknown {
  return (thrown as { code?: unknown } | null | undefined)?.code;
}

/** Its `name`, as those of browsers have it. */
export function nameOf(thrown: unknown): unknown {
  return (thrown as { name?: unknown } | null | undefined)?.name;
}
