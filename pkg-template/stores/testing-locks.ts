// Cases of locks.

import type { Store } from "../types/store.js";
import { caseList, check, count, equal, increment } from "./testing-checks.js";

const { cases, define } = caseList();
export { cases as LOCK_CASES };

define("a lock gives what its work gives, and a failure as it is", async (open) => {
  const store = await open();
  const reason = { its: "own" };
  equal(await store.lock("name", async () => 7), 7);
  const caught = await store.lock("name", () => Promise.reject(reason)).catch((error: unknown) => error);
  check(caught === reason, "the very error comes back");
  equal(await store.lock("name", async () => "free"), "free");
});

define("works under one lock go one at a time, and each gets its turn", async (open) => {
  const stores = [await open(), await open()] as [Store, Store];
  const order: number[] = [];
  let inside = 0;
  const works = Array.from({ length: 20 }, (_, index) => {
    const store = stores[index % 2] as Store;
    return store.lock("name", async () => {
      check(++inside === 1, "nobody else is inside");
      order.push(index);
      // An access takes time, in which the other holders could interfere.
      await store.get("key");
      inside--;
    });
  });
  await Promise.all(works);
  equal(order.length, 20);
});

define("a counter under a lock loses nothing", async (open) => {
  const stores = [await open(), await open()] as [Store, Store];
  await Promise.all(Array.from({ length: 40 }, (_, index) => increment(stores[index % 2] as Store, "counter")));
  equal(await count(stores[0], "counter"), 40);
});

define("locks of other names do not wait for each other", async (open) => {
  const store = await open();
  const names = ["a", "A", "a/b", "./a", "b", "x".repeat(300), "-"];
  const enter = (index: number): Promise<string> =>
    index === names.length ? Promise.resolve("inside all") : store.lock(names[index] as string, () => enter(index + 1));
  equal(await enter(0), "inside all");
});
