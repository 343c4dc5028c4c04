// Stores.

/**
 * Where the ledgers of uploads and the positions of syncs are kept. Keys contain no personal data; values do.
 * `humansync/stores/file`, `humansync/stores/indexeddb` and `humansync/stores/memory` each export `createStore`; one of
 * your own needs these five methods.
 */
export interface Store {
  /** The value that was set last; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Atomic: after a crash either the old or the new value is there. */
  set(key: string, value: Uint8Array): Promise<void>;
  /** Forgets the value; it is no error if there is none. */
  delete(key: string): Promise<void>;
  /** All keys that begin with `prefix`, in any order; all keys for `""`. */
  keys(prefix: string): Promise<string[]>;
  /** Runs `work` while no other holder of `name` does: other tabs, other processes. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
}
