// Runs and uploads whose store loses their lock: they end, and what they have written is theirs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { answering, json, nothing } from "./support/answers.mjs";
import { appServer, updated } from "./support/app-server.mjs";
import { imported, packageFolder } from "./support/installed.mjs";
import { settled } from "./support/virtual-time.mjs";

const { AppClient, SampleUploader, StoreError } = await imported();
const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);

/** A store in memory whose lock can be lost: `lose()` lets the next one in, `tell()` tells the first one. */
function losing() {
  const store = createStore();
  const controllers = [];
  const given = [];
  return {
    ...store,
    given,
    tell: () => controllers.forEach((controller) => controller.abort()),
    async lock(name, work) {
      this.name = name;
      return store.lock(name, async (lease) => {
        const controller = new AbortController();
        controllers.push(controller);
        given.push(lease);
        // The signal is this store's own, and the token that of the store in memory.
        const own = { signal: controller.signal, token: lease.token, lease };
        return Promise.race([work(own), new Promise((resolve) => (this.lose = resolve))]);
      });
    },
    set: (key, value, own) => store.set(key, value, own?.lease),
    delete: (key, own) => store.delete(key, own?.lease),
  };
}

const isLost = (code) => (error) => error instanceof StoreError && error.code === code;
const weights = () => appServer({ lists: { weights: updated(1200, "2024-06-01T11:50:00Z", 864_000) } });
const syncOf = (server, store) => {
  const client = new AppClient({ clientId: "app", appKey: "key", fetch: server.fetch, maxRetries: 0 });
  return client.sync({ store, types: ["weights"], since: "2024-05-10T00:00:00Z" });
};

test("every write of a run and of an upload has the lease of its lock", async () => {
  const written = [];
  const memory = createStore();
  const store = {
    ...memory,
    set: (key, value, lease) => (written.push(lease), memory.set(key, value, lease)),
    delete: (key, lease) => (written.push(lease), memory.delete(key, lease)),
  };
  await syncOf(weights(), store).run(() => {});
  const samples = Array.from({ length: 10 }, (_, minute) => ({ device_name: "Band", start_date: `2025-06-15T09:${10 + minute}:00Z`, unit: "count", value: 80 }));
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "t0ken", store, batchSize: 3, fetch: answering(() => json({ accepted: 3 })) });
  await uploader.upload("steps", samples);
  await uploader.forget("steps");
  assert.ok(written.length > 10, `${written.length}`);
  for (const lease of written) assert.ok(lease.signal instanceof AbortSignal && Number.isInteger(lease.token));
});

test("a store that tells its works nothing is used without leases", async () => {
  const memory = createStore();
  const store = { ...memory, lock: (name, work) => memory.lock(name, () => work()), set: (...given) => memory.set(...given.filter((value) => value !== undefined)) };
  const { records } = await syncOf(weights(), store).run(() => {});
  assert.equal(records, 1200);
});

test("a lease without a signal is the store's failure", async () => {
  const memory = createStore();
  for (const lease of [null, 7, {}, { token: 1 }, { signal: {} }]) {
    const store = { ...memory, lock: (name, work) => memory.lock(name, () => work(lease)) };
    await assert.rejects(syncOf(weights(), store).run(() => {}), isLost("store"), String(lease));
  }
});

test("a run that is told ends before the next delta, and another one goes on from what it has stored", async () => {
  const store = losing();
  const server = weights();
  const seen = [];
  const run = syncOf(server, store).run(({ records }) => {
    seen.push(...records);
    store.tell();
  });
  await assert.rejects(run, isLost("lock-lost"));
  assert.equal(seen.length, 500);
  await syncOf(server, createStoreLike(store)).run(({ records }) => void seen.push(...records));
  assert.equal(new Set(seen.map(({ id }) => id)).size, 1200);
});

/** The same values, with locks that are not lost. */
function createStoreLike(store) {
  return { ...store, lock: (_, work) => work(undefined), set: (key, value) => store.set(key, value), delete: (key) => store.delete(key) };
}

test("a run that nobody tells is refused its next write, and delivers nothing more", async () => {
  const store = losing();
  const server = weights();
  let deltas = 0;
  const run = syncOf(server, store).run(async () => {
    deltas++;
    // Another one has the lock from here on.
    store.lose();
    await store.lock(store.name, async () => {});
  });
  await assert.rejects(run, isLost("fenced"));
  assert.equal(deltas, 1);
});

test("a store of the user's refuses a write with any error whose code is fenced", async () => {
  const reason = Object.assign(new Error("another has it"), { code: "fenced" });
  const store = { ...createStore(), set: () => Promise.reject(reason) };
  await assert.rejects(syncOf(weights(), store).run(() => {}), (error) => isLost("fenced")(error) && error.cause === reason);
});

test("an upload that is told ends, and sends nothing more", async () => {
  const store = losing();
  const fetch = answering(nothing);
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "t0ken", store, batchSize: 3, concurrency: 2, fetch });
  const samples = Array.from({ length: 30 }, (_, minute) => ({ device_name: "Band", start_date: `2025-06-15T09:${10 + minute}:00Z`, unit: "count", value: 80 }));
  const upload = uploader.upload("steps", samples);
  await settled();
  assert.equal(fetch.requests.length, 2);
  store.tell();
  await assert.rejects(upload, (error) => isLost("lock-lost")(error) && error.report.sent === 0);
  await settled();
  assert.equal(fetch.requests.length, 2);
  assert.ok(fetch.requests.every(({ signal }) => signal.aborted));
});
