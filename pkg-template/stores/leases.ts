// Leases: what a store tells the work under a lock, and what it knows of a lease that it is handed with a write.

import { type StoreError, storeError } from "../core/errors.js";
import type { Lease } from "../types/store.js";
import { kindOf, misfit } from "./checks.js";

/** Of a lease that was given: which lock it is of, and the number of its holder. */
export interface Held {
  readonly lock: string;
  readonly token: number;
}

/** The leases of one store. It knows each by the object itself, so that nobody can make one up. */
export function leasesOf<H extends Held>() {
  const given = new WeakMap<object, H>();
  return {
    /** Without a signal: a lease that cannot be lost. */
    give(held: H, signal: AbortSignal = new AbortController().signal): Lease {
      const lease = Object.freeze({ signal, token: held.token });
      given.set(lease, held);
      return lease;
    },

    /** What is known of the `lease` of a write; undefined where the write has none. */
    known(lease: unknown): H | undefined {
      if (lease === undefined) return undefined;
      const held = given.get(lease as object);
      if (held !== undefined) return held;
      throw misfit("lease", "the lease that this store gave to the work of a lock, or undefined", typeof lease === "object" && lease !== null ? "another object" : kindOf(lease));
    },
  };
}

/** For a write with a lease that is older than the last one of its lock. */
export function fenced(): StoreError {
  return storeError("fenced", "The value was not changed: its lock has a later holder by now; end this work, the later one goes on from what is stored");
}

/** Why a lease's signal aborts. */
export function lost(cause?: unknown): StoreError {
  return storeError("lock-lost", "The lock is lost: another may hold it from now on; end this work, and take the lock again", cause);
}
