// Objects of the caller, or of a mock, that throw when they are looked at: every call settles all the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { imported, packageFolder } from "./support/installed.mjs";

const { AppClient, HumanClient, SampleUploader, StoreError } = await imported();
const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);

const samples = [0, 1, 2].map((index) => ({
  device_name: "watch",
  start_date: new Date(1.7e12 + index * 60_000),
  end_date: new Date(1.7e12 + index * 60_000 + 30_000),
  unit: "count",
  value: 1,
}));
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const throwing = (name) => Object.defineProperty({}, name, { enumerable: true, get: () => assert.fail(`${name} was read`) });
const mock = (document, headers = {}) => async () => ({ status: 200, headers: new Headers(headers), json: async () => document });
const humanClient = (fetch) => new HumanClient({ accessToken: "demo", fetch, maxRetries: 0 });

/** What a promise came to, or that it did not within a second. */
async function outcomeOf(promise) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, 1000, "never settled")));
  try {
    return await Promise.race([promise.then(() => "resolved", () => "rejected"), late]);
  } finally {
    clearTimeout(timer);
  }
}

for (const [what, record] of [
  ["whose id throws", throwing("id")],
  ["that is a revoked proxy", revoked()],
]) {
  test(`a record ${what}`, async () => {
    assert.equal(await outcomeOf(humanClient(mock([record], { "x-total-count": "1" })).meals.list().toArray()), "resolved");
  });

  test(`a record ${what}, of an app's batch`, async () => {
    const date = new Date().toUTCString();
    const client = new AppClient({ clientId: "app", appKey: "key", fetch: mock([record], { date }), maxRetries: 0 });
    const sync = client.sync({ store: createStore(), types: ["weights"] });
    assert.notEqual(await outcomeOf(sync.run(() => {})), "never settled");
  });
}

test("an object whose members throw", async () => {
  const client = humanClient(mock(new Proxy({}, { ownKeys: () => assert.fail("the keys were read"), get: () => assert.fail("a member was read") })));
  assert.notEqual(await outcomeOf(client.weight.latest()), "never settled");
});

test("a record whose humanId has no text", async () => {
  const records = [{ id: "a", humanId: { toString: 1 }, updatedAt: new Date(Date.now() - 3_600_000).toISOString() }];
  const client = new AppClient({ clientId: "app", appKey: "key", fetch: mock(records, { date: new Date().toUTCString(), "x-total-count": "1" }), maxRetries: 0 });
  const sizes = [];
  // The mock gives the record in every window, so there is to be one.
  await client.sync({ store: createStore(), types: ["weights"], since: Date.now() - 7_200_000 }).run((delta) => {
    for (const own of delta.byUser().values()) sizes.push(own.length);
  });
  assert.deepEqual(sizes, [1]);
});

test("an acknowledgement whose members throw", async () => {
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: mock(throwing("status")), maxRetries: 0 });
  assert.notEqual(await outcomeOf(uploader.upload("steps", samples)), "never settled");
});

test("a source that throws a revoked proxy", async () => {
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: mock({}) });
  async function* source() {
    yield samples[0];
    throw revoked();
  }
  assert.equal(await outcomeOf(uploader.upload("steps", source())), "rejected");
});

test("a signal whose `aborted` throws the second time it is read", async () => {
  let reads = 0;
  const signal = { addEventListener() {}, removeEventListener() {}, get aborted() { return reads++ > 0 ? assert.fail("again") : false; } };
  assert.notEqual(await outcomeOf(humanClient(mock({})).weight.latest({ signal })), "never settled");
});

test("a signal that nobody can listen to is refused, because the call could not be aborted", async () => {
  const signal = { aborted: false, addEventListener: () => assert.fail("no listeners"), removeEventListener() {} };
  assert.equal(await outcomeOf(humanClient(mock({})).weight.latest({ signal })), "rejected");
});

for (const [what, error] of [
  ["whose cause throws", throwing("cause")],
  ["whose stack throws", Object.defineProperty(new Error("broken"), "stack", { get: () => assert.fail("the stack was read") })],
  ["that is a revoked proxy", revoked()],
]) {
  test(`a fetch that rejects with an error ${what} may have reached the server`, async () => {
    const client = humanClient(async () => {
      throw error;
    });
    const failure = await client.profile().catch((thrown) => thrown);
    assert.deepEqual([failure.name, failure.sent], ["ConnectionError", true]);
  });
}

test("a store that gives a value of more bytes than Rust could take", async () => {
  const store = { ...createStore(), get: async () => new Uint8Array(2 ** 30 + 1) };
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: mock({}), store });
  assert.ok((await uploader.upload("steps", samples).catch((error) => error)) instanceof StoreError);
});

test("a store that rejects with a revoked proxy", async () => {
  const store = { ...createStore(), get: () => Promise.reject(revoked()) };
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: mock({}), store });
  assert.ok((await uploader.upload("steps", samples).catch((error) => error)) instanceof StoreError);
});

for (const [what, cancel] of [
  ["throws", () => assert.fail("cancelled")],
  ["returns nothing", () => undefined],
]) {
  test(`a Blob whose reader's cancel ${what}`, async () => {
    const reader = { read: () => Promise.reject(new Error("unreadable")), cancel };
    const blob = { size: 5, slice() {}, arrayBuffer() {}, stream: () => ({ getReader: () => reader }) };
    const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: mock({}) });
    assert.equal(await outcomeOf(uploader.upload("steps", blob)), "rejected");
  });

  test(`an answer whose reader's cancel ${what}`, async () => {
    const chunks = [new TextEncoder().encode('{"id":"a"}')];
    const reader = { read: async () => ({ done: chunks.length === 0, value: chunks.shift() }), cancel };
    const client = humanClient(async () => ({ status: 200, headers: new Headers(), body: { getReader: () => reader } }));
    assert.deepEqual(await client.profile(), { id: "a" });
  });
}

test("a signal that keeps its listeners, and is aborted after the call", async () => {
  const listeners = [];
  const signal = { aborted: false, addEventListener: (_, listener) => listeners.push(listener), removeEventListener() {} };
  await humanClient(mock({ id: "a" })).profile({ signal });
  for (const listener of listeners) listener();
});

test("a mock whose json() throws at once, and not by a promise, is an answer that is not JSON", async () => {
  const client = humanClient(async () => ({ status: 200, headers: new Headers(), json: () => JSON.parse("{broken: 72.5}") }));
  const error = await client.profile().catch((thrown) => thrown);
  assert.deepEqual([error.name, error.code, error.cause], ["ProtocolError", "not-json", undefined]);
});

test("a method called `release` of the caller's own iterator is not called", async () => {
  const values = samples.values();
  const source = { [Symbol.iterator]: () => ({ next: () => values.next(), release: () => assert.fail("released") }) };
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: mock({}) });
  assert.equal((await uploader.upload("steps", source)).sent, 3);
});
