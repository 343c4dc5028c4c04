// Runs the cases of the contract. The outcome of each is "well" or what was wrong.

import { cases } from "./contract.js";

/** `openAt(index)` returns a store at the place of that case. */
export async function outcomes(openAt) {
  const all = {};
  for (const [index, { name, run }] of cases.entries()) {
    try {
      await run(() => openAt(index));
      all[name] = "well";
    } catch (error) {
      all[name] = `${error?.name}: ${error?.message}\n${error?.stack}`;
    }
  }
  return all;
}

/** `createStore` for stores whose place has a single store. */
export function once(createStore) {
  const stores = [];
  return (index) => (stores[index] ??= createStore());
}
