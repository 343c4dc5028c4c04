// A store in memory: it lives as long as the program, and is nobody else's.

import { checkedName, checkedPrefix, checkedWork, copyOf } from "./given.js";
import { turns } from "./turns.js";

export function createStore() {
  const values = new Map();
  const inTurn = turns();
  // Async, so that what is wrong is a rejection as in every store.
  return Object.freeze({
    async get(key) {
      const value = values.get(checkedName("key", key));
      return value && new Uint8Array(value);
    },
    async set(key, value) {
      values.set(checkedName("key", key), copyOf(value));
    },
    async delete(key) {
      values.delete(checkedName("key", key));
    },
    async keys(prefix) {
      const start = checkedPrefix(prefix);
      return [...values.keys()].filter((key) => key.startsWith(start)).sort();
    },
    async lock(name, work) {
      const run = checkedWork(work);
      return inTurn(checkedName("name", name), () => run());
    },
  });
}
