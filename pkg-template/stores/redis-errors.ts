// What Redis, or the way to it, has answered: whether it passes, and as a StoreError. Nothing of an address or a
// password is in a message.

import { StoreError, storeError } from "../core/errors.js";
import { causeOf } from "./server-causes.js";
import { codeOf } from "./store-errors.js";

/** How the server's errors begin, such as "OOM command not allowed"; undefined of those that are the client's. */
function kindOf(error: unknown): string | undefined {
  return /^-?([A-Z]{2,}) /.exec(messageOf(error))?.[1];
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" ? message : "";
}

/** Whether a server, or one that is like it, does not let its user run a command, or has none of that name. */
export function isForbidden(error: unknown): boolean {
  return /NOPERM|can't run this command|unknown (?:redis )?command|not allowed from/i.test(messageOf(error));
}

/** A server that starts, fails over, or is moving its keys. */
const PASSING: ReadonlySet<string> = new Set(["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "NOREPLICAS", "UNBLOCKED"]);

export function isPassing(error: unknown): boolean {
  const kind = kindOf(error);
  if (kind !== undefined) return PASSING.has(kind);
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof StoreError);
}

const KNOWN: Partial<Record<string, readonly [code: string, happened: string]>> = {
  OOM: ["quota", "the server has no more memory for it (maxmemory); make room and try again"],
  NOAUTH: ["denied", "the server wants a login; give the client its user and password"],
  WRONGPASS: ["denied", "the server has refused the login; check the client's user and password"],
  NOPERM: ["denied", "the client's user may not do this; allow it EVAL, and the keys with the store's prefix"],
  READONLY: ["denied", "the server is a replica; give a client of the primary"],
  MISCONF: ["store", "the server cannot save to its disk, and takes no writes"],
  WRONGTYPE: ["store", "the keys are of another program; give another prefix"],
};

/** `tried` is the first half of a sentence, as in "The value could not be written". */
export function redisFailure(tried: string, thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const cause = causeOf(thrown);
  // Before version 7, an error in a script is within another one.
  const within = /(OOM|READONLY|WRONGTYPE|MISCONF|NOPERM) /.exec(messageOf(thrown))?.[1];
  const kind = within ?? (isForbidden(thrown) ? "NOPERM" : kindOf(thrown));
  if (kind === undefined) {
    const code = codeOf(cause);
    const shown = typeof code === "string" && /^[A-Z_]{2,40}$/.test(code) ? ` (${code})` : "";
    if (!isPassing(cause)) return storeError("store", `${tried}: see the cause${shown}`, cause);
    return storeError("unreachable", `${tried}: the server cannot be reached${shown}; check that it runs, and that the client is connected`, cause);
  }
  const [code, happened] = KNOWN[kind] ?? ["store", "see the cause"];
  return storeError(code, `${tried}: ${happened} (${kind})`, cause);
}
