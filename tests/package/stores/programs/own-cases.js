// What the stores of the package do beyond what `humansync/stores/testing` asks of every store: any text is a key,
// lists are sorted, who asks for a lock first gets it first, and what is wrong is an OptionError. It imports nothing,
// so that it runs wherever a store does.

const OWN_CASES = [];
const define = (name, run) => OWN_CASES.push({ name, run });

/** Declares them as `testStore` declares its cases. */
export function testOwn(createStore, { test, remove }) {
  const run = Math.random().toString(36).slice(2, 8);
  for (const [index, one] of OWN_CASES.entries()) {
    const place = `own_${run}_${index}`;
    test(one.name, async () => {
      try {
        await one.run(async () => createStore(place));
      } finally {
        await remove?.(place);
      }
    });
  }
}

define("a value comes back as a plain Uint8Array over a buffer of its length, which is the caller's own", async (open) => {
  const store = await open();
  await store.set("key", new Uint8Array(Uint8Array.of(9, 9, 1, 2, 3, 9).buffer, 2, 3));
  const [value, other] = [await store.get("key"), await store.get("key")];
  check(Object.getPrototypeOf(value) === Uint8Array.prototype, "it is a plain Uint8Array");
  equal([value.buffer.byteLength, ...value], [3, 1, 2, 3]);
  value.fill(7);
  equal([...other, ...(await store.get("key"))], [1, 2, 3, 1, 2, 3]);
});

/** Keys that trip up file systems, databases and objects. */
const KEYS = [
  ..."aA%.~ \t\n\0/\\",
  ...["a/b", "a/B", "A/b", "a:b", "a/", "/a", "..", "../a", "a.", "a ", "con", "NUL", "com1.txt", 'a*?"<>|', "%2f", "%2F", "%", "%u", "%ud800"],
  ...["ü", "u\u0308", "日本", "🙂", "\ud83d", "\ude42", "\ude42\ud83d", "\ufffd", "\uffff", "\uffffa"],
  ...["locks", "t-0123456789abcdef", "k-a", "h-a", "values", "__proto__", "constructor", "toString", "0"],
  ...["x".repeat(300), "X".repeat(300), "x".repeat(299) + "y", "日本".repeat(100), "/".repeat(120), "z".repeat(10_000), scattered(10_000)],
  // Around where a store may begin to keep a key in another way.
  ...[998, 999, 1000, 1001, 2000].flatMap((length) => [scattered(length), `${scattered(length - 1)}\0`]),
];

/** A text that cannot be packed. */
function scattered(length) {
  let state = 7;
  return Array.from({ length }, () => String.fromCharCode(33 + ((state = (state * 48271) % 2147483647) % 90))).join("");
}

define("keys are any texts that are not empty, told apart by every character", async (open) => {
  const store = await open();
  const distinct = [...new Set(KEYS)];
  const valueOf = (key) => Uint8Array.of(distinct.indexOf(key), key.length & 255);
  for (const key of distinct) await store.set(key, valueOf(key));
  for (const key of distinct) equal([...(await store.get(key))], [...valueOf(key)], JSON.stringify(key.slice(0, 20)));
  equal(await store.keys(""), [...distinct].sort());
  for (const length of [997, 1000, 1500]) {
    const prefix = scattered(length);
    equal(await store.keys(prefix), distinct.filter((key) => key.startsWith(prefix)).sort(), `${length} characters`);
  }
  for (const key of distinct) await store.delete(key);
  equal(await store.keys(""), []);
  for (const key of distinct) equal(await store.get(key), undefined);
});

define("keys are listed by their beginning, in order", async (open) => {
  const store = await open();
  const all = ["b", "a/2", "a/10", "a/1", "a", "A/1", "a0", "\uffff", "\uffff\uffffb", "a\uffff1", `a/${"1".repeat(300)}`, "á/1", "🙂", "a%", "a_", "a\\"];
  for (const key of all) await store.set(key, new Uint8Array(1));
  // Taken before, so that what a store keeps of it is no key.
  await store.lock("a", async () => {});
  const prefixes = ["", "a", "a/", "a/1", "A", "b", "bb", "á", "\uffff", "\uffff\uffff", "a\uffff", `a/${"1".repeat(299)}`, "\ud800", "\ud83d", "a%", "a_", "a\\"];
  for (const prefix of prefixes) {
    equal(await store.keys(prefix), all.filter((key) => key.startsWith(prefix)).sort(), JSON.stringify(prefix));
  }
});

define("what is not a key, not bytes, not a function or not a lease is refused, and is not repeated", async (open) => {
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
  const lease = await store.lock("name", async (lease) => lease);
  for (const other of [null, 7181, "7181", {}, [], { ...lease }, Object.create(lease), { signal: new AbortController().signal, token: 7181 }]) {
    await refuses(() => store.set("key", bytes, other), "lease");
    await refuses(() => store.delete("key", other), "lease");
  }
  equal(await store.keys(""), []);
});

define("works under one lock start in the order in which they asked, and may throw or give no promise", async (open) => {
  const store = await open();
  const order = [];
  await Promise.all(Array.from({ length: 10 }, (_, index) => store.lock("name", async () => void order.push(index))));
  equal(order, Array.from({ length: 10 }, (_, index) => index));
  const reason = { its: "own" };
  equal(await store.lock("name", () => 7), 7);
  const thrown = await store.lock("name", () => { throw reason; }).catch((error) => error);
  check(thrown === reason, "the very error comes back");
});

define("locks have any names, as keys do", async (open) => {
  const store = await open();
  const names = ["a", "A", "a\0", "./a", "../a", "日本", "\ud83d", "\ude42", "x".repeat(300), "x".repeat(10_000), " ", "key"];
  const enter = (index) => (index === names.length ? "inside all" : store.lock(names[index], async () => enter(index + 1)));
  equal(await enter(0), "inside all");
});

define("a lease cannot be changed, and begins with 1", async (open) => {
  const store = await open();
  await store.lock("name", async (lease) => {
    check(Object.isFrozen(lease), "it is frozen");
    equal(Object.keys(lease).sort(), ["signal", "token"]);
    equal(lease.token, 1);
  });
});

define("a lease whose work has ended is good until there is a later holder, even before that one's work does anything", async (open) => {
  const [one, other] = [await open(), await open()];
  const older = await one.lock("name", async (lease) => lease);
  await one.set("key", Uint8Array.of(1), older);
  await other.lock("name", async () => {
    const error = await one.set("key", Uint8Array.of(2), older).catch((error) => error);
    equal([error.name, error.code], ["StoreError", "fenced"]);
    check(/later holder/.test(error.message), "the message says why");
  });
  equal([...(await other.get("key"))], [1]);
});

define("a lease is its own store's, even if another one has the same place", async (open) => {
  const [one, other] = [await open(), await open()];
  if (one === other) return;
  await one.lock("name", (lease) => refuses(() => other.set("key", new Uint8Array(1), lease), "lease"));
});

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
