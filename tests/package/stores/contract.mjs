// The contract that every store has to fulfil, as a list of cases for any test runner. It imports nothing, so that it
// runs wherever a store does.
//
// Each case gets `open`, which returns a store that is empty at first. Each further call returns another store of the
// same place; in memory, where a place has a single store, the same one.

/** @type {{ name: string, run: (open: () => Promise<import("humansync").Store>) => Promise<void> }[]} */
export const cases = [];
const define = (name, run) => cases.push({ name, run });

define("a key that was never set has no value, and can be deleted", async (open) => {
  const store = await open();
  equal(await store.get("nothing"), undefined);
  equal(await store.delete("nothing"), undefined);
  equal(await store.keys(""), []);
});

define("a value comes back byte for byte, as a plain Uint8Array of its own", async (open) => {
  const store = await open();
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  equal(await store.set("key", bytes), undefined);
  const [first, second] = [await store.get("key"), await store.get("key")];
  check(Object.getPrototypeOf(first) === Uint8Array.prototype, "it is a plain Uint8Array");
  sameBytes(first, bytes);
  first.fill(7);
  sameBytes(second, bytes);
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
  const value = await store.get("key");
  sameBytes(value, Uint8Array.of(1, 2, 3));
  equal(value.buffer.byteLength, 3);
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

/** Keys that trip up file systems, databases and objects. */
const KEYS = [
  ..."aA%.~ \t\n\0/\\",
  ...["a/b", "a/B", "A/b", "a:b", "a/", "/a", "..", "../a", "a.", "a ", "con", "NUL", "com1.txt", 'a*?"<>|', "%2f", "%2F", "%", "%u", "%ud800"],
  ...["ü", "u\u0308", "日本", "🙂", "\ud83d", "\ude42", "\ude42\ud83d", "\ufffd", "\uffff", "\uffffa"],
  ...["locks", "t-0123456789abcdef", "k-a", "h-a", "values", "__proto__", "constructor", "toString", "0"],
  ...["x".repeat(300), "X".repeat(300), "x".repeat(299) + "y", "日本".repeat(100), "/".repeat(120), "z".repeat(10_000)],
];

define("keys are any texts that are not empty, told apart by every character", async (open) => {
  const store = await open();
  const distinct = [...new Set(KEYS)];
  const valueOf = (key) => Uint8Array.of(distinct.indexOf(key), key.length & 255);
  for (const key of distinct) await store.set(key, valueOf(key));
  for (const key of distinct) sameBytes(await store.get(key), valueOf(key), JSON.stringify(key.slice(0, 20)));
  equal(await store.keys(""), [...distinct].sort());
  for (const key of distinct) await store.delete(key);
  equal(await store.keys(""), []);
  for (const key of distinct) equal(await store.get(key), undefined);
});

define("keys are listed by their beginning, in order", async (open) => {
  const store = await open();
  const all = ["b", "a/2", "a/10", "a/1", "a", "A/1", "a0", "\uffff", "\uffff\uffffb", "a\uffff1", `a/${"1".repeat(300)}`, "á/1"];
  for (const key of all) await store.set(key, new Uint8Array(1));
  const prefixes = ["", "a", "a/", "a/1", "A", "b", "bb", "á", "\uffff", "\uffff\uffff", "a\uffff", `a/${"1".repeat(299)}`, "\ud800"];
  for (const prefix of prefixes) {
    equal(await store.keys(prefix), all.filter((key) => key.startsWith(prefix)).sort(), JSON.stringify(prefix));
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
});

define("what is not a key, not bytes or not a function is refused, and is not repeated", async (open) => {
  const store = await open();
  const work = async () => {};
  for (const key of ["", undefined, null, 7181, {}, new Uint8Array(1)]) {
    for (const call of [() => store.get(key), () => store.set(key, new Uint8Array(1)), () => store.delete(key)]) await refuses(call, "key");
    await refuses(() => store.lock(key, work), "name");
    if (key !== "") await refuses(() => store.keys(key), "prefix");
  }
  const bytes = Uint8Array.of(71, 81);
  for (const value of [undefined, null, "7181", 7181, [71, 81], {}, bytes.buffer, new DataView(bytes.buffer), new Uint16Array(7181), new Uint8ClampedArray(2)]) {
    await refuses(() => store.set("key", value), "value");
  }
  for (const work of [undefined, null, Promise.resolve(), "7181"]) await refuses(() => store.lock("name", work), "work");
  equal(await store.keys(""), []);
});

define("a lock gives what its work gives, and a failure as it is", async (open) => {
  const store = await open();
  const reason = { its: "own" };
  equal(await store.lock("name", async () => 7), 7);
  equal(await store.lock("name", () => 7), 7);
  for (const work of [() => Promise.reject(reason), () => { throw reason; }]) {
    check((await store.lock("name", work).catch((error) => [error]))[0] === reason, "the very error comes back");
    equal(await store.lock("name", async () => "free"), "free");
  }
});

define("works under one lock go one at a time, in the order in which they asked", async (open) => {
  const stores = [await open(), await open()];
  const order = [];
  let inside = 0;
  const works = Array.from({ length: 20 }, (_, index) =>
    stores[index % 2].lock("name", async () => {
      check(++inside === 1, "nobody else is inside");
      order.push(index);
      // An access takes time, in which the other holders could interfere.
      await stores[index % 2].get("key");
      inside--;
    }),
  );
  await Promise.all(works);
  // In order within each store; between two stores, only that each gets its turn.
  for (const half of [0, 1]) equal(order.filter((index) => index % 2 === half), Array.from({ length: 10 }, (_, index) => 2 * index + half));
});

define("a counter under a lock loses nothing", async (open) => {
  const stores = [await open(), await open()];
  await Promise.all(Array.from({ length: 40 }, (_, index) => increment(stores[index % 2], "counter")));
  equal(await count(stores[0], "counter"), 40);
});

define("locks of other names do not wait for each other", async (open) => {
  const store = await open();
  const names = ["a", "A", "a/b", "日本", "x".repeat(300), " ", "-"];
  const enter = (index) => (index === names.length ? "inside all" : store.lock(names[index], async () => enter(index + 1)));
  equal(await enter(0), "inside all");
});

/** Increments the counter `key` under its lock. */
export function increment(store, key) {
  return store.lock(key, async () => {
    const now = await count(store, key);
    await store.set(key, new TextEncoder().encode(String(now + 1)));
  });
}

export async function count(store, key) {
  return Number(new TextDecoder().decode(await store.get(key)));
}

async function refuses(call, option) {
  let promise;
  try {
    promise = call();
  } catch {
    throw new Error("it threw, where it should give a promise that rejects");
  }
  const error = await promise.then(() => undefined, (reason) => reason);
  equal([error?.name, error?.code, error?.option], ["OptionError", "option", option]);
  check(error.message.includes(`\`${option}\``) && !error.message.includes("7181"), `the message names the option alone: ${error.message}`);
}

function check(holds, claim) {
  if (!holds) throw new Error(`not so: ${claim}`);
}

function equal(actual, expected, where = "") {
  const [one, other] = [actual, expected].map((value) => (value === undefined ? "undefined" : JSON.stringify(value)));
  if (one !== other) throw new Error(`${where} expected ${other.slice(0, 2000)}, got ${one.slice(0, 2000)}`);
}

function sameBytes(actual, expected, where = "") {
  if (actual?.length !== expected.length) throw new Error(`${where} expected ${expected.length} bytes, got ${actual?.length}`);
  const wrong = actual.findIndex((byte, index) => byte !== expected[index]);
  if (wrong >= 0) throw new Error(`${where} byte ${wrong} is ${actual[wrong]}, not ${expected[wrong]}`);
}
