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

/**
 * What a platform says, by the names that it gives (`code` of Node's errors, `name` of a browser's and of Deno's): a StoreError's
 * code, and what happened and what to do.
 */
export type Failures = Partial<Record<string, readonly [code: string, happened: string]>>;

/** `tried` is the first half of a sentence, as in "The value could not be written". Nothing of a value may be in it. */
export function failureOf(failures: Failures, tried: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const known = [codeOf(cause), nameOf(cause)].find((name) => typeof name === "string" && Object.hasOwn(failures, name)) as string | undefined;
  const [code, happened] = (known !== undefined && failures[known]) || ["store", "see the cause"];
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
