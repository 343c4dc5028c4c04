/**
 * A store in the browser's IndexedDB, for pages and workers.
 *
 * - A value is on the disk when `set` resolves (durability "strict").
 * - All tabs and workers of one origin that give the same name share values and locks. A lock ends with the tab that
 *   holds it. It can be lost where a script of this origin steals the Web Lock: its lease's signal aborts then. A work
 *   must not ask for a lock that it runs under: it would wait for itself.
 * - Locks are Web Locks, which browsers have on https and localhost alone: elsewhere `lock` rejects.
 * - Browsers may delete what a site has stored when they run out of room; `navigator.storage.persist()` asks them not
 *   to.
 */

// Not over a library: what the small ones leave out is what this is for. A value is on the disk before `set` resolves,
// a connection that the browser or another tab has closed is opened again, and a failure says what it is.

import { storeError } from "../core/errors.js";
import type { Lease, Store } from "../types/store.js";
import { checkedName, checkedPrefix, checkedWork, copyOf, isBytes } from "./checks.js";
import { type Held, fenced, leasesOf, lost } from "./leases.js";
import { failureOf, nameOf, type Failures } from "./store-errors.js";

const VALUES = "values";

const NO_DATA = ["unsupported", "the browser keeps no data here (a private window, a sandboxed frame, or storage is switched off); use humansync/stores/memory"] as const;

const FAILURES: Failures = {
  QuotaExceededError: ["quota", "the browser gives this site no more room; free some, or ask the user to (navigator.storage.persist())"],
  SecurityError: NO_DATA,
  InvalidStateError: NO_DATA,
  VersionError: ["store", "the database is of another program, or of a newer humansync; give another name"],
  NotFoundError: ["store", "the database is of another program; give another name"],
};

/** What is done in one transaction: with the values, and, among them, the token of each lock's last holder. */
type Work<T> = (values: IDBObjectStore) => Promise<T>;

/** Opens the database `name`, which is this store's alone; it is made where it is missing. */
export async function createStore(name: string): Promise<Store> {
  const run = transactions(checkedName("name", name));
  const leases = leasesOf();
  // What cannot work here is told now.
  await run("The database could not be opened", "readonly", (values) => outcomeOf(values.count()));

  /** A change, in the transaction that checks its lease. */
  async function change<T>(tried: string, lease: Lease | undefined, request: (values: IDBObjectStore) => IDBRequest<T>): Promise<void> {
    const held = leases.known(lease);
    await run(tried, "readwrite", async (values) => {
      if (held !== undefined) await refuseOlder(values, held);
      await outcomeOf(request(values));
    });
  }

  return Object.freeze({
    async get(key: string) {
      checkedName("key", key);
      const value: unknown = await run("A value could not be read from the database", "readonly", (values) => outcomeOf(values.get(key)));
      if (value === undefined || isBytes(value)) return value;
      throw storeError("corrupt", "A value in the database is not of this store: another program writes to it; give a name of its own");
    },

    async set(key: string, value: Uint8Array, lease?: Lease) {
      checkedName("key", key);
      const bytes = copyOf(value);
      return change("A value could not be written to the database", lease, (values) => values.put(bytes, key));
    },

    async delete(key: string, lease?: Lease) {
      checkedName("key", key);
      return change("A value could not be deleted from the database", lease, (values) => values.delete(key));
    },

    async keys(prefix: string) {
      const range = rangeOf(checkedPrefix(prefix));
      return run("The keys of the database could not be listed", "readonly", (values) => outcomeOf(values.getAllKeys(range) as IDBRequest<string[]>));
    },

    async lock<T>(lock: string, work: (lease: Lease) => Promise<T>) {
      checkedName("name", lock);
      checkedWork(work);
      return locked(`humansync ${JSON.stringify([name, lock])}`, async (signal) => {
        const held = await run("A lock could not be taken", "readwrite", (values) => nextHolder(values, lock));
        return work(leases.give(held, signal));
      });
    },
  });
}

/** The place of a lock's token: no text, and so no key of a value, and after all of them. */
function placeOf(lock: string): IDBValidKey {
  return ["lock", lock];
}

async function nextHolder(values: IDBObjectStore, lock: string): Promise<Held> {
  const last: unknown = await outcomeOf(values.get(placeOf(lock)));
  const token = (typeof last === "number" ? last : 0) + 1;
  await outcomeOf(values.put(token, placeOf(lock)));
  return { lock, token };
}

async function refuseOlder(values: IDBObjectStore, { lock, token }: Held): Promise<void> {
  const last: unknown = await outcomeOf(values.get(placeOf(lock)));
  // The browser, or another tab, has emptied the database: nobody has held the lock since.
  if (last === undefined) await outcomeOf(values.put(token, placeOf(lock)));
  else if (last !== token) throw fenced();
}

/**
 * Runs `work` while this origin has the lock, in whatever tab or worker. The signal aborts where the lock is stolen.
 */
async function locked<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (!locks) throw storeError("unsupported", "There are no Web Locks here to keep tabs apart: serve the page over https or from localhost");
  const loss = new AbortController();
  let outcome: Promise<T> | undefined;
  try {
    await locks.request(name, async () => {
      outcome = Promise.resolve().then(() => work(loss.signal));
      // A work that fails is no failure of the lock.
      await outcome.catch(() => {});
    });
  } catch (cause) {
    if (outcome === undefined) throw failureOf(FAILURES, "A lock could not be taken", cause);
    loss.abort(lost(cause));
  }
  return outcome!;
}

/** Makes `run(tried, mode, work)`: a work in a transaction of its own. */
function transactions(name: string) {
  /** The connection, or its promise: opened by the first call that finds none. */
  let connection: Promise<IDBDatabase> | undefined;

  async function attempt<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    const opening: Promise<IDBDatabase> = (connection ??= open(name, () => forget(opening)));
    let database;
    try {
      database = await opening;
      return await transact(database, mode, work);
    } catch (error) {
      if (database === undefined || CLOSED.has(nameOf(error))) forget(opening);
      throw error;
    }
  }

  function forget(opening: Promise<IDBDatabase>): void {
    if (connection === opening) connection = undefined;
  }

  return async function run<T>(tried: string, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    try {
      return await attempt(mode, work).catch((error) => {
        // It was closed under our hands, by the browser or for another tab. Each work may be done twice.
        if (CLOSED.has(nameOf(error))) return attempt(mode, work);
        throw error;
      });
    } catch (cause) {
      throw failureOf(FAILURES, tried, cause);
    }
  };
}

/** What requests on a closed connection end with. */
const CLOSED: ReadonlySet<unknown> = new Set(["InvalidStateError", "AbortError"]);

function open(name: string, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const { indexedDB } = globalThis;
    if (!indexedDB) throw storeError("unsupported", "There is no IndexedDB here: use humansync/stores/memory, or humansync/stores/file outside of browsers");
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(VALUES);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onClosed;
      // Another tab deletes it: whoever keeps it open keeps that tab waiting.
      database.onversionchange = () => {
        database.close();
        onClosed();
      };
      resolve(database);
    };
  });
}

function transact<T>(database: IDBDatabase, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(VALUES, mode, { durability: "strict" });
    const outcome = work(transaction.objectStore(VALUES));
    let reason: unknown;
    outcome.catch((thrown) => {
      reason = thrown;
      try {
        transaction.abort();
      } catch {
        // A failed request has ended it already.
      }
    });
    transaction.oncomplete = () => resolve(outcome);
    transaction.onabort = () => reject(transaction.error ?? reason ?? new DOMException("The transaction was ended from outside", "AbortError"));
  });
}

/** A request as a promise. The transaction goes on for as long as what follows asks for something at once. */
function outcomeOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * All keys that begin with `prefix`: from it to the next text of its length, in the order of code units, or to what
 * is no text.
 */
function rangeOf(prefix: string): IDBKeyRange {
  const start = prefix.replace(/\uffff+$/, "");
  if (start === "") return IDBKeyRange.bound(prefix, [], false, true);
  const last = start.length - 1;
  const end = start.slice(0, last) + String.fromCharCode(start.charCodeAt(last) + 1);
  return IDBKeyRange.bound(prefix, end, false, true);
}
