/**
 * A store in memory: it lives as long as the program, and is seen by nobody else. Its locks hold within it, and cannot
 * be lost.
 */

import { checkedName, checkedPrefix, checkedWork, copyOf } from "./checks.js";
import { fenced, leasesOf } from "./leases.js";
import { serialQueue } from "./serial-queue.js";
import type { Lease, Store } from "../types/store.js";

/** Makes an empty store. */
export function createStore(): Store {
  const values = new Map<string, Uint8Array>();
  /** Of each lock, the token of its last holder. */
  const tokens = new Map<string, number>();
  const leases = leasesOf();
  const inTurn = serialQueue();

  function refuseOlder(lease: Lease | undefined): void {
    const held = leases.known(lease);
    if (held !== undefined && held.token !== tokens.get(held.lock)) throw fenced();
  }

  // Async, so that what is wrong is a rejection as in every store.
  return Object.freeze({
    async get(key: string) {
      const value = values.get(checkedName("key", key));
      return value && new Uint8Array(value);
    },
    async set(key: string, value: Uint8Array, lease?: Lease) {
      const [name, bytes] = [checkedName("key", key), copyOf(value)];
      refuseOlder(lease);
      values.set(name, bytes);
    },
    async delete(key: string, lease?: Lease) {
      const name = checkedName("key", key);
      refuseOlder(lease);
      values.delete(name);
    },
    async keys(prefix: string) {
      const start = checkedPrefix(prefix);
      return [...values.keys()].filter((key) => key.startsWith(start)).sort();
    },
    async lock<T>(name: string, work: (lease: Lease) => Promise<T>) {
      const run = checkedWork(work);
      const lock = checkedName("name", name);
      return inTurn(lock, () => {
        const token = (tokens.get(lock) ?? 0) + 1;
        tokens.set(lock, token);
        return run(leases.give({ lock, token }));
      });
    },
  });
}
