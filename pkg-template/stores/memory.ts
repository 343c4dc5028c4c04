/**
 * A store in memory: it lives as long as the program, and is seen by nobody else. Its locks hold within it.
 */

import { checkedName, checkedPrefix, checkedWork, copyOf } from "./checks.js";
import { serialQueue } from "./serial-queue.js";
import type { Store } from "../types/store.js";

/** Makes an empty store. */
export function createStore(): Store {
  const values = new Map<string, Uint8Array>();
  const inTurn = serialQueue();
  // Async, so that what is wrong is a rejection as in every store.
  return Object.freeze({
    async get(key: string) {
      const value = values.get(checkedName("key", key));
      return value && new Uint8Array(value);
    },
    async set(key: string, value: Uint8Array) {
      values.set(checkedName("key", key), copyOf(value));
    },
    async delete(key: string) {
      values.delete(checkedName("key", key));
    },
    async keys(prefix: string) {
      const start = checkedPrefix(prefix);
      return [...values.keys()].filter((key) => key.startsWith(start)).sort();
    },
    async lock<T>(name: string, work: () => Promise<T>) {
      const run = checkedWork(work);
      return inTurn(checkedName("name", name), () => run());
    },
  });
}
