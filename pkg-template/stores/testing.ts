/**
 * The cases that every store has to pass, for stores of one's own and for any test runner. It imports nothing of a
 * runtime, so that it runs wherever a store does.
 *
 * ```js
 * import { test } from "node:test"; // or from "vitest"; in Jest the global `test`, in Mocha `it`
 * import { testStore } from "humansync/stores/testing";
 *
 * testStore((place) => MyStore.open(`/tmp/my-stores/${place}`), { test });
 * ```
 *
 * Each case has a place of its own, which is empty at first. Its name has lower-case letters, digits and underscores,
 * and is another one in each run, so that it may be a folder, a schema or a prefix.
 */

import type { Store } from "../types/store.js";
import { kindOf, misfit } from "./checks.js";
import { checkNames } from "./option-names.js";
import type { Case } from "./testing-checks.js";
import { LEASE_CASES } from "./testing-leases.js";
import { LOCK_CASES } from "./testing-locks.js";
import { VALUE_CASES } from "./testing-values.js";

export interface TestStoreOptions {
  /** Declares a case: `test` of node:test, of Vitest or of Jest, or `it` of Mocha. */
  test: (name: string, run: () => Promise<void>) => unknown;
  /** Called when a case has ended, well or badly, to remove what is at its place. */
  remove?: (place: string) => unknown;
}

const OPTIONS = ["test", "remove"] satisfies (keyof TestStoreOptions)[];

/**
 * Declares all cases, by calling `test` for each. A case may call `createStore` several times with the name of its
 * place: each call opens a store there, as a further process would. Where a place has a single store, as in memory, it
 * gives that one again.
 */
export function testStore(createStore: (place: string) => Store | Promise<Store>, options: TestStoreOptions): void {
  checkNames("options", options, OPTIONS);
  const { test, remove } = options;
  if (typeof test !== "function") throw misfit("test", "a function that declares a case, such as `test` of node:test", kindOf(test));
  const started = Math.floor(Math.random() * 36 ** 6).toString(36);
  const cases: readonly Case[] = [...VALUE_CASES, ...LOCK_CASES, ...LEASE_CASES];
  for (const [index, { name, run }] of cases.entries()) {
    const place = `case_${started}_${index}`;
    test(name, async () => {
      try {
        await run(async () => createStore(place));
      } finally {
        await remove?.(place);
      }
    });
  }
}
