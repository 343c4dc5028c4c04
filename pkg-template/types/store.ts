// Stores.

/**
 * Where ledgers are kept. Keys hold no personal data; values do. `humansync/stores/file`, `humansync/stores/indexeddb`
 * and `humansync/stores/memory` each export `createStore`; one of your own needs these five methods.
 */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Atomic: after a crash either the old or the new value is there. */
  set(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
  keys(prefix: string): Promise<string[]>;
  /** Runs `work` while no other holder of `name` does: other tabs, other processes. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
}
