// Runs the contract's cases, and gives for each "well" or what was wrong.

import { cases } from "./contract.js";

/** `openAt(index)` gives a store at the place of that case. */
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

/** `createStore` for stores that are all there is of their place. */
export function once(createStore) {
  const stores = [];
  return (index) => (stores[index] ??= createStore());
}
