// Cases of values and keys.

import { caseList, check, equal, sameBytes } from "./testing-checks.js";

const { cases, define } = caseList();
export { cases as VALUE_CASES };

define("a key that was never set has no value, and can be deleted", async (open) => {
  const store = await open();
  equal(await store.get("nothing"), undefined);
  equal(await store.delete("nothing"), undefined);
  equal(await store.keys(""), []);
});

define("a value comes back byte for byte, as often as it is asked for", async (open) => {
  const store = await open();
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  equal(await store.set("key", bytes), undefined);
  sameBytes(await store.get("key"), bytes);
  sameBytes(await store.get("key"), bytes);
});

define("what becomes of the caller's bytes after the call does not reach the store", async (open) => {
  const store = await open();
  const bytes = new Uint8Array(1000).fill(1);
  const done = store.set("key", bytes);
  bytes.fill(2);
  await done;
  sameBytes(await store.get("key"), new Uint8Array(1000).fill(1));
});

define("of a view, the bytes that it shows are stored", async (open) => {
  const store = await open();
  const buffer = Uint8Array.of(9, 9, 1, 2, 3, 9).buffer;
  await store.set("key", new Uint8Array(buffer, 2, 3));
  sameBytes(await store.get("key"), Uint8Array.of(1, 2, 3));
});

define("values of 0 bytes and of 5 MB", async (open) => {
  const store = await open();
  const large = Uint8Array.from({ length: 5_000_000 }, (_, index) => (index * 2654435761) >>> 24);
  for (const value of [large, new Uint8Array(), large]) {
    await store.set("key", value);
    sameBytes(await store.get("key"), value);
  }
});

define("a new value takes the place of the old one, longer or shorter", async (open) => {
  const store = await open();
  for (const length of [10, 1000, 1]) {
    await store.set("key", new Uint8Array(length).fill(length));
    sameBytes(await store.get("key"), new Uint8Array(length).fill(length));
  }
  equal(await store.keys(""), ["key"]);
});

define("of changes that nobody waited for, the last one stands", async (open) => {
  const store = await open();
  const changes = [];
  // The first writes are the slowest.
  for (let index = 0; index < 20; index++) changes.push(store.set("key", new Uint8Array((20 - index) * 50_000).fill(index)));
  changes.push(store.delete("key"), store.set("key", Uint8Array.of(99)));
  await Promise.all(changes);
  sameBytes(await store.get("key"), Uint8Array.of(99));
});

define("keys are told apart by every character, and by upper and lower case", async (open) => {
  const store = await open();
  const keys = ["a", "A", "a/b", "a/B", "A/b", "a/b/", "a-b", "a_b", "a.b", "a%2fb", "b", `a/${"x".repeat(199)}`, `a/${"x".repeat(198)}y`];
  for (const [index, key] of keys.entries()) await store.set(key, Uint8Array.of(index));
  for (const [index, key] of keys.entries()) sameBytes(await store.get(key), Uint8Array.of(index), key);
  equal((await store.keys("")).sort(), [...keys].sort());
  for (const key of keys) await store.delete(key);
  equal(await store.keys(""), []);
  for (const key of keys) equal(await store.get(key), undefined, key);
});

define("keys are listed by their beginning", async (open) => {
  const store = await open();
  const all = ["b", "a/2", "a/10", "a/1", "a", "A/1", "a0", `a/${"1".repeat(198)}`, "a%", "a_"];
  for (const key of all) await store.set(key, new Uint8Array(1));
  for (const prefix of ["", "a", "a/", "a/1", "A", "b", "bb", "a%", "a_", `a/${"1".repeat(197)}`]) {
    const expected = all.filter((key) => key.startsWith(prefix)).sort();
    equal((await store.keys(prefix)).sort(), expected, `the keys that begin with "${prefix}":`);
  }
});

define("what is deleted is gone, and may be set again", async (open) => {
  const store = await open();
  await store.set("key", Uint8Array.of(1));
  equal(await store.delete("key"), undefined);
  equal(await store.get("key"), undefined);
  equal(await store.keys(""), []);
  await store.delete("key");
  await store.set("key", Uint8Array.of(2));
  sameBytes(await store.get("key"), Uint8Array.of(2));
});

define("another store of the same place has the same values", async (open) => {
  const [one, other] = [await open(), await open()];
  await one.set("key", Uint8Array.of(1));
  sameBytes(await other.get("key"), Uint8Array.of(1));
  equal(await other.keys("k"), ["key"]);
  await other.delete("key");
  equal(await one.get("key"), undefined);
  check((await one.keys("")).length === 0, "nothing is left");
});
