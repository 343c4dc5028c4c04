// Stores.

/** What the work under a lock is told. A store knows the lease that it gave by the object itself: hand on that very one. */
export interface Lease {
  /** Aborts when the lock is lost: another may hold it from then on. */
  readonly signal: AbortSignal;
  /** Grows with every holder of this name. */
  readonly token: number;
}

/**
 * Where the ledgers of uploads and the positions of syncs are kept. Keys contain no personal data; values do.
 * Each `humansync/stores/…` exports `createStore`: `file`, `indexeddb`, `memory`, `postgres` and `redis`. One of your own needs these five
 * methods, and `humansync/stores/testing` has the cases that it should pass.
 */
export interface Store {
  /** The value that was set last; undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Atomic: after a crash either the old or the new value is there. With a lease, it is refused with a StoreError of code `fenced` once a
   * later holder of that lock has been seen, in one step with the write. A sync may call it while your handler is running: use another
   * connection than the one on which the handler has its transaction open.
   */
  set(key: string, value: Uint8Array, lease?: Lease): Promise<void>;
  /** Forgets the value; it is no error if there is none. A lease holds as for `set`. */
  delete(key: string, lease?: Lease): Promise<void>;
  /** All keys that begin with `prefix`, in any order; all keys for `""`. */
  keys(prefix: string): Promise<string[]>;
  /**
   * Runs `work` while no other holder of `name` does: other tabs, other processes, other machines. A store whose locks cannot be lost gives
   * a signal that never aborts.
   */
  lock<T>(name: string, work: (lease: Lease) => Promise<T>): Promise<T>;
}
