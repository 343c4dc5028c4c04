/**
 * A store in the browser's IndexedDB, for pages and workers.
 *
 * - A value is on the disk when `set` resolves (durability "strict").
 * - All tabs and workers of one origin that give the same name share values and locks. A lock ends with the tab that holds it.
 *   A work must not ask for a lock that it runs under: it would wait for itself.
 * - Locks are Web Locks, which browsers have on https and localhost alone: elsewhere `lock` rejects.
 * - Browsers may delete what a site has stored when they run out of room; `navigator.storage.persist()` asks them not to.
 */

// Not over a library: what the small ones leave out is what this is for. A value is on the disk before `set` resolves, a
// connection that the browser or another tab has closed is opened again, and a failure says what it is.

import { storeError } from "../core/errors.js";
import type { Store } from "../types/store.js";
import { checkedName, checkedPrefix, checkedWork, copyOf, isBytes } from "./checks.js";
import { failure, nameOf } from "./store-errors.js";

const VALUES = "values";

/** What is asked of the values. */
type Request<T> = (values: IDBObjectStore) => IDBRequest<T>;

/** Opens the database `name`, which is this store's alone; it is made where it is missing. */
export async function createStore(name: string): Promise<Store> {
  const run = transactions(checkedName("name", name));
  // What cannot work here is told now.
  await run("The database could not be opened", "readonly", (values) => values.count());

  return Object.freeze({
    async get(key: string) {
      checkedName("key", key);
      const value: unknown = await run("A value could not be read from the database", "readonly", (values) => values.get(key));
      if (value === undefined || isBytes(value)) return value;
      throw storeError("corrupt", "A value in the database is not of this store: another program writes to it; give a name of its own");
    },

    async set(key: string, value: Uint8Array) {
      checkedName("key", key);
      const bytes = copyOf(value);
      await run("A value could not be written to the database", "readwrite", (values) => values.put(bytes, key));
    },

    async delete(key: string) {
      checkedName("key", key);
      await run("A value could not be deleted from the database", "readwrite", (values) => values.delete(key));
    },

    async keys(prefix: string) {
      const range = rangeOf(checkedPrefix(prefix));
      return run("The keys of the database could not be listed", "readonly", (values) => values.getAllKeys(range) as IDBRequest<string[]>);
    },

    async lock<T>(lock: string, work: () => Promise<T>) {
      checkedName("name", lock);
      checkedWork(work);
      return locked(`humansync ${JSON.stringify([name, lock])}`, work);
    },
  });
}

/** Runs `work` while this origin has the lock, in whatever tab or worker. */
async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (!locks) throw storeError("unsupported", "There are no Web Locks here to keep tabs apart: serve the page over https or from localhost");
  let outcome: Promise<T> | undefined;
  try {
    await locks.request(name, async () => {
      outcome = Promise.resolve().then(() => work());
      // A work that fails is no failure of the lock.
      await outcome.catch(() => {});
    });
  } catch (cause) {
    if (outcome === undefined) throw failure("A lock could not be taken", cause);
  }
  return outcome!;
}

/** Makes `run(tried, mode, request)`: one request in a transaction of its own. */
function transactions(name: string) {
  /** The connection, or its promise: opened by the first call that finds none. */
  let connection: Promise<IDBDatabase> | undefined;

  async function attempt<T>(mode: IDBTransactionMode, request: Request<T>): Promise<T> {
    const opening: Promise<IDBDatabase> = (connection ??= open(name, () => forget(opening)));
    let database;
    try {
      database = await opening;
      return await transact(database, mode, request);
    } catch (error) {
      if (database === undefined || CLOSED.has(nameOf(error))) forget(opening);
      throw error;
    }
  }

  function forget(opening: Promise<IDBDatabase>): void {
    if (connection === opening) connection = undefined;
  }

  return async function run<T>(tried: string, mode: IDBTransactionMode, request: Request<T>): Promise<T> {
    try {
      return await attempt(mode, request).catch((error) => {
        // It was closed under our hands, by the browser or for another tab. Each request may be made twice.
        if (CLOSED.has(nameOf(error))) return attempt(mode, request);
        throw error;
      });
    } catch (cause) {
      throw failure(tried, cause);
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

function transact<T>(database: IDBDatabase, mode: IDBTransactionMode, request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(VALUES, mode, { durability: "strict" });
    const asked = request(transaction.objectStore(VALUES));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("The transaction was ended from outside", "AbortError"));
  });
}

/** All keys that begin with `prefix`: from it to the next text of its length, in the order of code units. */
function rangeOf(prefix: string): IDBKeyRange | undefined {
  const start = prefix.replace(/\uffff+$/, "");
  if (start === "") return prefix === "" ? undefined : IDBKeyRange.lowerBound(prefix);
  const last = start.length - 1;
  const end = start.slice(0, last) + String.fromCharCode(start.charCodeAt(last) + 1);
  return IDBKeyRange.bound(prefix, end, false, true);
}
