// What PostgreSQL, or the way to it, has answered: whether it passes, and as a StoreError. Of the store, and of the
// workers. Nothing of a connection's address, user or password is in a message.

import { StoreError, storeError } from "../core/errors.js";
import { causeOf } from "./server-causes.js";
import { codeOf } from "./store-errors.js";

/** The server's own code of an error; undefined of those that did not come from a server. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  // Node's own, such as EPIPE, may have five letters, too.
  return typeof code === "string" && /^(?:[0-9][0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code) ? code : undefined;
}

/** Connections that end or do not come about, and a server that starts or stops. */
const AWAY = /^(?:08|57P0[1235]|53300)/;
/** Transactions that stood in each other's way, and statements that took longer than they may. */
const IN_THE_WAY = /^(?:40|55P03|57014)/;

/** Of the system, and what `pg` says without a code. */
const UNREACHABLE: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);
const BROKEN = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** Whether the database is away, of any error. */
export function isUnreachable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return AWAY.test(state);
  const code = codeOf(error);
  if (code !== undefined) return UNREACHABLE.has(code);
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  return error instanceof Error && BROKEN.test(error.message);
}

/** The same of an error of a pool's `query`, whichever pool it is: what is not the server's answer is of the way to it. */
export function isPoolUnreachable(error: unknown): boolean {
  if (sqlStateOf(error) !== undefined) return isUnreachable(error);
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof StoreError);
}

/** Whether the same statement, or transaction, may succeed a moment later. `isAway` is one of the two above. */
export function isPassing(error: unknown, isAway: (error: unknown) => boolean = isUnreachable): boolean {
  return isAway(error) || IN_THE_WAY.test(sqlStateOf(error) ?? "");
}

/** What a user of the store, or of the workers, is told to do. */
export interface Advice {
  readonly isAway: (error: unknown) => boolean;
  readonly away: string;
  readonly missing: string;
  readonly login: string;
  readonly readOnly: string;
  readonly forbidden: string;
}

/** `tried` is the first half of a sentence, as in "The value could not be written". */
export function postgresFailure(tried: string, thrown: unknown, advice: Advice): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const cause = causeOf(thrown);
  // By what was thrown: a cause is of no class of its own.
  const [code, happened, todo] = explanation(thrown, advice);
  const known = sqlStateOf(thrown) ?? codeOf(thrown);
  const shown = typeof known === "string" && /^[A-Z0-9_]{2,40}$/.test(known) ? ` (${known})` : "";
  return storeError(code, `${tried}${happened}${shown}; ${todo}`, cause);
}

/** `happened` is the rest of what is said, and `todo` the advice. */
function explanation(cause: unknown, { isAway, away, missing, login, readOnly, forbidden }: Advice): readonly [code: string, happened: string, todo: string] {
  const state = sqlStateOf(cause) ?? "";
  if (state === "53300") return ["unreachable", ": the database takes no more connections now", "try again later, or let it take more"];
  if (isAway(cause)) return ["unreachable", ": the database cannot be reached", `check that it runs, and ${away}`];
  if (state === "3D000") return ["unreachable", ": there is no such database", missing];
  if (state.startsWith("28")) return ["denied", ": the database has refused the login", `check ${login}`];
  if (state === "25006") return ["denied", ": the database is read-only", `give ${readOnly}`];
  if (state === "42501") return ["denied", ": the database does not let this user do that", forbidden];
  if (state === "53100" || state === "53200") return ["quota", ": the database has no more room", "make some and try again"];
  if (state.startsWith("42")) return ["store", ": the schema is of another program, or has been changed", "give another one"];
  return ["store", "", "see the cause"];
}
