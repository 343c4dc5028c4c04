// Runs the cases of stores. The outcome of each is "well" or what was wrong.

import { testOwn } from "./own-cases.js";

/** `createStore(place)` opens a store there. `testStore` is that of the package. */
export async function outcomes(testStore, createStore) {
  const cases = [];
  const declared = { test: (name, run) => cases.push({ name, run }) };
  testStore(createStore, declared);
  testOwn(createStore, declared);
  const all = {};
  for (const { name, run } of cases) {
    try {
      await run();
      all[name] = "well";
    } catch (error) {
      all[name] = `${error?.name}: ${error?.message}\n${error?.stack}`;
    }
  }
  return all;
}

/** `createStore` for stores whose place has a single store. */
export function once(createStore) {
  const stores = new Map();
  return (place) => {
    if (!stores.has(place)) stores.set(place, createStore());
    return stores.get(place);
  };
}
