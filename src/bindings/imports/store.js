// Stores of the package or of its user, as Rust calls them. Every failure is a StoreError.

import { HumansyncError, storeError } from "./errors.js";

/**
 * The methods of a user's store, which may give anything.
 * @typedef {object} Store
 * @property {(key: string) => unknown} get
 * @property {(key: string, value: Uint8Array, lease: unknown) => unknown} set
 * @property {(key: string, lease: unknown) => unknown} delete
 * @property {(prefix: string) => Promise<Iterable<unknown>>} keys
 * @property {(name: string, work: (lease?: unknown) => Promise<void>) => unknown} lock
 */

/** No value of the library comes near this length, and Rust could not take a much longer one. */
const LONGEST_VALUE = 1 << 30;

/** @type {<T>(what: string, work: () => T | Promise<T>) => Promise<T>} */
async function attempt(what, work) {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof HumansyncError) throw cause;
    throw storeError(isFenced(cause) ? "fenced" : "store", `the store failed to ${what}; see the cause`, cause);
  }
}

/** Stores of the user have no class for it. @param {any} cause */
function isFenced(cause) {
  try {
    return cause?.code === "fenced";
  } catch {
    return false;
  }
}

/** @type {(store: Store, key: string) => Promise<Uint8Array | undefined>} */
export function getValue(store, key) {
  return attempt("get a value", async () => {
    const value = await store.get(key);
    if (value === undefined || value === null) return undefined;
    if (ArrayBuffer.isView(value) && value.byteLength <= LONGEST_VALUE) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    throw new TypeError("`get` must give a Uint8Array of at most 1 GiB, or undefined");
  });
}

/** @type {(store: Store, key: string, value: Uint8Array, lease: unknown) => Promise<unknown>} */
export function setValue(store, key, value, lease) {
  return attempt("keep a value", () => store.set(key, value, lease));
}

/** @type {(store: Store, key: string, lease: unknown) => Promise<unknown>} */
export function deleteValue(store, key, lease) {
  return attempt("delete a value", () => store.delete(key, lease));
}

/** @type {(store: Store, prefix: string) => Promise<unknown[]>} */
export function keysOf(store, prefix) {
  return attempt("list its keys", async () => {
    const keys = [...(await store.keys(prefix))];
    if (keys.every((key) => typeof key === "string" && key.startsWith(prefix))) return keys;
    throw new TypeError("`keys` must give texts that begin with what it was given");
  });
}

/** @type {(lease: any) => unknown} */
function checkedLease(lease) {
  const { signal } = lease ?? {};
  const isSignal = typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
  if (lease === undefined || isSignal) return lease;
  throw new TypeError("`lock` must give its work a lease with a `signal`, or nothing");
}

/** Waits for a lock. */
export class Ticket {
  #giveBack = () => {};
  /** @type {Promise<unknown>} */
  #done = Promise.resolve();
  /** What the store tells the holder, to be handed back with each write. Stores without leases tell nothing. @type {any} */
  lease;

  /** @param {Store} store @param {string} name */
  constructor(store, name) {
    /** @type {Promise<void>} */
    const over = new Promise((resolve) => (this.#giveBack = resolve));
    /** Resolves when the lock is held. @type {Promise<void>} */
    this.held = new Promise((resolve, reject) => {
      const work = (/** @type {unknown} */ lease) => {
        this.lease = checkedLease(lease);
        resolve();
        return over;
      };
      this.#done = attempt("lock", () => store.lock(name, work));
      // A lock that ends without having been held was never one.
      this.#done.then(() => reject(storeError("store", "the store's `lock` did not run what it was given")), reject);
    });
    this.held.catch(() => {});
  }

  /** Aborts when the lock is lost; undefined where the store tells nothing. @type {AbortSignal | undefined} */
  get signal() {
    return this.lease?.signal;
  }

  /** Gives the lock back, also while it is still waited for; resolves when that is done. */
  release() {
    this.#giveBack();
    return this.#done;
  }

  /** The same, when nobody waits for it any more. */
  abandon() {
    this.release().catch(() => {});
  }
}
