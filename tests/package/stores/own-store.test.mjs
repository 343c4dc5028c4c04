// The store of one's own in the guide, with the cases that it should pass; and that these cases find what is wrong
// with a store.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { required, root } from "../node/support/installed.mjs";

const { testStore } = required("humansync/stores/testing");
const { createStore } = required("humansync/stores/memory");

const guide = readFileSync(join(root, "docs/sending.md"), "utf8");
const [source] = /class MyStore \{[^]*?\n\}\n/.exec(guide);
const { MyStore } = await import(`data:text/javascript,${encodeURIComponent(`export ${source}`)}`);

/** For stores whose place has a single one. */
function once(make) {
  const stores = new Map();
  return (place) => {
    if (!stores.has(place)) stores.set(place, make());
    return stores.get(place);
  };
}

describe("the store in the guide", () => testStore(once(() => new MyStore()), { test }));

test("the cases are not declared with an option that is misspelt, or without `test`", () => {
  const declare = (options) => () => testStore(createStore, options);
  assert.throws(declare({ test, remov() {} }), { name: "OptionError", option: "remov", message: 'there is no option "remov": did you mean "remove"?' });
  assert.throws(declare({ test, colour: 1 }), { option: "colour", message: 'there is no option "colour"; the options are test, remove' });
  assert.throws(declare({}), { option: "test" });
  assert.throws(declare(undefined), { option: "options" });
});

/** The names of the cases that fail for a store. */
async function failing(make) {
  const cases = [];
  testStore(once(make), { test: (name, run) => cases.push([name, run]) });
  const failed = [];
  for (const [name, run] of cases) await run().catch(() => failed.push(name));
  return failed;
}

/** A store of the package, with some of its methods changed. */
const changed = (change) => () => {
  const store = createStore();
  return { ...store, ...change(store) };
};

const unchecked = (store) => ({ set: (key, value) => store.set(key, value), delete: (key) => store.delete(key) });

/** Faults of stores, and the beginnings of the cases that find them. */
const FAULTS = [
  ["forgets empty values", ["values of 0 bytes"], (store) => ({ get: async (key) => ((await store.get(key))?.length ? store.get(key) : undefined) })],
  ["takes the caller's bytes too late", ["what becomes of"], (store) => ({ set: async (...given) => (await null, store.set(...given)) })],
  ["stores all of a view's buffer", ["of a view"], (store) => ({ set: (key, value, lease) => store.set(key, new Uint8Array(value.buffer), lease) })],
  ["appends", ["a new value", "what is deleted"], (store) => ({
    set: async (key, value, lease) => store.set(key, Uint8Array.of(...((await store.get(key)) ?? []).slice(0, 9), ...value.slice(0, 99)), lease),
    delete: async () => {},
  })],
  ["does not tell upper from lower case", ["keys are told apart"], (store) => ({
    get: (key) => store.get(key.toLowerCase()),
    set: (key, ...others) => store.set(key.toLowerCase(), ...others),
  })],
  ["lists by a pattern, as LIKE does", ["keys are listed"], (store) => ({
    keys: async (prefix) => (await store.keys("")).filter((key) => new RegExp(`^${prefix.replaceAll("_", ".").replaceAll("%", ".*")}`).test(key)),
  })],
  ["writes in any order", ["of changes"], (store) => ({
    async set(key, value, lease) {
      const copy = value.slice();
      await new Promise((resolve) => setTimeout(resolve, value.length / 100_000));
      return store.set(key, copy, lease);
    },
  })],
  ["lets all in at once", ["works under one lock", "a counter"], (store) => ({ lock: (name, work) => store.lock(`${name}${Math.random()}`, work) })],
  ["has one lock for all names", ["locks of other names"], (store) => ({
    lock: (name, work) => Promise.race([store.lock("one", work), new Promise((_, reject) => setTimeout(reject, 200))]),
  })],
  ["loses what its work gives", ["a lock gives"], (store) => ({ lock: async (...given) => void (await store.lock(...given)) })],
  ["gives no lease", ["the work under a lock", "an older lease"], (store) => ({ lock: (name, work) => store.lock(name, () => work(undefined)) })],
  ["takes any lease", ["an older lease", "a lease that the store has not given"], unchecked],
  ["checks no lease when it deletes", ["an older lease"], (store) => ({ delete: (key) => store.delete(key) })],
  ["has tokens that do not grow", ["each holder of a lock"], (store) => ({ lock: (name, work) => store.lock(name, ({ signal }) => work({ signal, token: 7 })), ...unchecked(store) })],
  ["fences with another code", ["an older lease"], (store) => ({ set: (...given) => store.set(...given).catch(({ message }) => Promise.reject(new Error(message))) })],
  ["writes, and then refuses", ["an older lease"], (store) => ({ set: async (key, value, lease) => (await store.set(key, value), lease && store.delete("never", lease)) })],
  ["throws instead of rejecting", ["a lease that the store has not given"], (store) => ({
    set(key, value, lease) {
      if (lease !== undefined && !Object.isFrozen(lease)) throw new TypeError("no lease");
      return store.set(key, value, lease);
    },
  })],
  ["checks a lease some time before it writes", ["what an earlier holder writes"], (store) => ({
    async set(key, value, lease) {
      if (lease !== undefined) await store.delete("never", lease);
      const copy = value.slice();
      if (lease !== undefined && copy[1] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return store.set(key, copy);
    },
  })],
];

test("a store without a fault passes", async () => assert.deepEqual(await failing(changed(() => ({}))), []));

for (const [fault, finders, change] of FAULTS) {
  test(`a store that ${fault} does not pass`, async () => {
    const found = await failing(changed(change));
    for (const finder of finders) assert.ok(found.some((name) => name.startsWith(finder)), `"${finder}" is not among ${found.join("; ")}`);
  });
}

test("each case has a place of its own, which is another one in each run, and is removed however the case ends", async () => {
  const places = [];
  for (let run = 0; run < 2; run++) {
    const opened = [];
    const removed = [];
    const cases = [];
    const open = once(createStore);
    testStore(
      (place) => {
        if (!opened.includes(place)) opened.push(place);
        if (opened.length === 3) throw new Error("no third place");
        return open(place);
      },
      { test: (name, work) => cases.push(work), remove: async (place) => void removed.push(place) },
    );
    for (const work of cases) {
      assert.equal(work.length, 0, "a runner that counts parameters gives none");
      await work().catch(({ message }) => assert.equal(message, "no third place"));
    }
    assert.equal(opened.length, cases.length);
    assert.deepEqual(removed, opened);
    for (const place of opened) assert.match(place, /^[a-z][a-z0-9_]{1,40}$/);
    places.push(...opened);
  }
  assert.equal(new Set(places).size, places.length);
});
