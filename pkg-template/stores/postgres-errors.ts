// What PostgreSQL, or the way to it, has answered: whether it passes, and as a StoreError. Nothing of a connection's
// address, user or password is in a message.

import { StoreError, storeError } from "../core/errors.js";
import { codeOf, withoutValues } from "./store-errors.js";

/** The server's own code of an error; undefined of those that did not come from a server. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  // Node's own, such as EPIPE, may have five letters, too.
  return typeof code === "string" && /^(?:[0-9][0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code) ? code : undefined;
}

/**
 * Connections that end or do not come about, a server that starts or stops, and transactions that stood in each
 * other's way.
 */
const PASSING = /^(?:08|57P0[123]|53300|40001|40P01)/;

export function isPassing(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return PASSING.test(state);
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof StoreError);
}

/** By the beginning of the server's code. */
const KNOWN: readonly (readonly [states: RegExp, code: string, happened: string])[] = [
  [/^(?:08|57P|53300)/, "store", "the database cannot be reached, or takes no connections now; try again later"],
  [/^28/, "denied", "the database has refused the login; check the pool's user and password"],
  [/^3D000/, "store", "there is no such database; check the pool's address"],
  [/^25006/, "denied", "the database is read-only; give a pool of the primary server"],
  [/^42501/, "denied", "the pool's user may not do this; let it own the schema, or grant it CREATE on the database"],
  [/^(?:53100|53200)/, "quota", "the database has no more room; make some and try again"],
  [/^42/, "store", "the schema is of another program, or has been changed; give another one"],
];

/** `tried` is the first half of a sentence, as in "The value could not be written". */
export function databaseFailure(tried: string, thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const cause = withoutValues(thrown);
  const state = sqlStateOf(cause);
  if (state === undefined) {
    const code = codeOf(cause);
    const shown = typeof code === "string" && /^[A-Z_]{2,40}$/.test(code) ? ` (${code})` : "";
    return storeError("store", `${tried}: the database cannot be reached${shown}; check that it runs, and what the pool connects to`, cause);
  }
  const [, code = "store", happened = "see the cause"] = KNOWN.find(([states]) => states.test(state)) ?? [];
  return storeError(code, `${tried}: ${happened} (${state})`, cause);
}
