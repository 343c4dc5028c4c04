// What is kept and told of an error: nothing that could be a secret or a health value.

import { ApiError, AuthenticationError, ConnectionError, HumansyncError, NotFoundError, PermissionError, ProtocolError, RateLimitError } from "../core/errors.js";
import type { WorkerFault } from "../types/workers.js";
import { isPassing } from "../stores/postgres-errors.js";
import { codeOf, IN_FAILED_TRANSACTION, isDiskFull, isInTheWay, rolledBack } from "./database-errors.js";

/** What `apply` threw, or rejected with. */
export class ApplyFailure {
  constructor(
    readonly error: unknown,
    /** Whether the transaction it was given still answers. */
    readonly isAlive: boolean,
  ) {}
}

/** An error as it may be stored. Of a stranger's, only the names that it has for itself are kept. */
export function faultOf(thrown: unknown): WorkerFault {
  const error = thrown instanceof ApplyFailure ? thrown.error : thrown;
  if (error instanceof HumansyncError) return { name: error.name, code: error.code, message: error.message };
  const name = nameOf(error);
  const code = codeOf(error);
  if (code === IN_FAILED_TRANSACTION) return faultOf(rolledBack());
  const what = `${name}${code === undefined ? "" : ` (${code})`}`;
  return { name, code, message: thrown instanceof ApplyFailure ? `\`apply\` failed with ${what}; onEvent is given the error itself` : `${what}; onEvent is given the error itself` };
}

/** A plan asks for lists that every app has: if there are none, there is no such app. */
export function planFaultOf(error: unknown): WorkerFault {
  const fault = faultOf(error);
  return error instanceof NotFoundError ? { ...fault, message: `${fault.message}; check \`clientId\` and \`baseUrl\` of \`app\`` } : fault;
}

function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name) ? name : "Error";
}

/** An event with the error that was thrown, where no log takes it along. */
export function withError<E extends object>(event: E, thrown: unknown): E {
  return Object.defineProperty(event, "error", { value: thrown instanceof ApplyFailure ? thrown.error : thrown });
}

/**
 * Of whom an error says something: of the window, of the database for a moment, of the app for everybody, or perhaps of
 * the server.
 */
export type Blame = "window" | "database" | "app" | "server";

/** Codes of answers that the API does not give. */
const NOT_THE_API: ReadonlySet<string> = new Set(["not-json", "not-a-list", "redirect"]);

export function blameOf(thrown: unknown): Blame {
  if (isDiskFull(thrown instanceof ApplyFailure ? thrown.error : thrown)) return "app";
  // What else `apply` calls may be unreachable, too: that is its own affair as long as the transaction is well.
  if (thrown instanceof ApplyFailure) return !thrown.isAlive || isInTheWay(thrown.error) ? "database" : "window";
  if (thrown instanceof AuthenticationError || thrown instanceof RateLimitError) return "app";
  if (thrown instanceof ConnectionError) return "server";
  if (thrown instanceof ApiError && thrown.status >= 500) return "server";
  // A page of somebody in front of the server, for maintenance or a login, is the same for every window.
  if (thrown instanceof PermissionError || (thrown instanceof ProtocolError && NOT_THE_API.has(thrown.code))) return "server";
  if (thrown instanceof HumansyncError) return "window";
  return isPassing(thrown) ? "database" : "window";
}

/** Of a plan: what nobody but a person can put right. */
export function isRefusal({ name }: WorkerFault): boolean {
  return [AuthenticationError, PermissionError, NotFoundError].some((refusal) => name === refusal.name);
}
