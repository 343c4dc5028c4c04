// sync(): its deltas, when their positions are stored, and how a run ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { refusal } from "./support/answers.mjs";
import { appServer, updated } from "./support/app-server.mjs";
import { imported, packageFolder } from "./support/installed.mjs";

const { AppClient, AuthenticationError, OptionError, PermissionError, StoreError } = await imported();
const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);

const DAY = 86_400_000;
const NOW = "2024-06-01T12:00:00Z";
const SINCE = "2024-05-10T00:00:00Z";

const clientOf = (server, options) => new AppClient({ clientId: "app", appKey: "key", fetch: server.fetch, maxRetries: 0, ...options });
/**
 * Records of this time are delivered once. A run repeats only those of the last seconds before the run that preceded
 * it.
 */
const BEFORE = "2024-06-01T11:50:00Z";
const weightsOf = (count = 1200) => appServer({ lists: { weights: updated(count, BEFORE, DAY / 100) } });

/** Asserts that a run is complete up to `NOW`: a Date is cut to the second, and the run takes a part of one. */
function assertUntil(until, message = "") {
  assert.ok([NOW, "2024-06-01T12:00:01Z"].includes(until), `${until} ${message}`);
}

test("wrong options are reported before anything is sent", async () => {
  const server = appServer();
  const client = clientOf(server);
  for (const [option, wrong] of [
    ["store", {}],
    ["store", { store: Promise.resolve(createStore()) }],
    ["types", { types: "weights" }],
    ["types", { types: ["weight"] }],
    ["types", { types: [] }],
    ["types", { types: ["weights", "weights"] }],
    ["since", { since: "2024" }],
    ["until", { since: NOW, until: SINCE }],
    ["overlap", { overlap: -1 }],
    ["overlap", { overlap: "5m" }],
    ["signal", { signal: {} }],
    ["sinse", { sinse: NOW }],
  ]) {
    const options = option === "store" ? wrong : { store: createStore(), ...wrong };
    assert.throws(() => client.sync(options), (error) => error instanceof OptionError && error.option === option, JSON.stringify(wrong));
  }
  const sync = client.sync({ store: createStore() });
  await assert.rejects(sync.run(), (error) => error instanceof OptionError && error.option === "handler");
  await assert.rejects(sync.run(() => {}, { onProgress: 5 }), (error) => error instanceof OptionError && error.option === "onProgress");
  assert.equal(server.fetch.requests.length, 0);
});

test("the first run delivers everything, the next one nothing, and the one after a change only the change", async () => {
  const server = weightsOf();
  const store = createStore();
  const table = new Map();
  const run = () => clientOf(server).sync({ store, types: ["weights"], since: SINCE }).run(({ records }) => records.forEach((record) => table.set(record.id, record)));
  const first = await run();
  const expected = server.lists.weights.filter(({ updatedAt }) => updatedAt >= SINCE);
  assert.equal(first.records, expected.length);
  const { requests, types: { weights: { pages, until } } } = first;
  assert.deepEqual(first, { records: expected.length, requests, retries: 0, types: { weights: { records: expected.length, until, pages } } });
  // Three pages, those of a part that is still filling, and up to four answers for the clock.
  assert.ok(pages >= 3 && pages <= 5 && requests >= pages && requests <= pages + 4, `${pages} pages, ${requests} requests`);
  assertUntil(until);
  assert.equal((await run()).records, 0);

  server.now += 600_000;
  server.lists.weights[40] = { ...server.lists.weights[40], updatedAt: new Date(server.now - 20_000).toISOString() };
  assert.equal((await run()).records, 1);
  assert.deepEqual(table.get(server.lists.weights[40].id), server.lists.weights[40]);
  assert.deepEqual(server.broken, []);
});

test("a delta has its type, window and records, sorted by user", async () => {
  const server = weightsOf(10);
  for await (const delta of clientOf(server).sync({ store: createStore(), types: ["weights"], since: SINCE })) {
    assert.deepEqual(Object.keys(delta), ["type", "window", "records", "checkpoint"]);
    assert.equal(delta.type, "weights");
    assert.deepEqual(delta.window, { since: "2024-05-09T23:59:59Z", before: NOW });
    assert.equal(delta.records.length, 10);
    const users = delta.byUser();
    assert.deepEqual([...users.keys()], ["human-0", "human-1", "human-2"]);
    assert.deepEqual(users.get("human-1"), delta.records.filter(({ humanId }) => humanId === "human-1"));
    assert.throws(() => (delta.type = "heights"), TypeError);
  }
});

test("a delta is delivered again by the next run unless another one was requested after it", async () => {
  const server = weightsOf();
  const store = createStore();
  const sync = () => clientOf(server).sync({ store, types: ["weights"], since: SINCE });
  const seen = [];
  for await (const { records } of sync()) {
    seen.push(records[0].id);
    if (seen.length === 2) break;
  }
  const again = [];
  for await (const { records } of sync()) again.push(records[0].id);
  assert.equal(again[0], seen[1], "the second one was not done with");
  assert.ok(!again.includes(seen[0]), "the first one was");
});

test("commit() stores a position without the next delta, and refuses when the run is over", async () => {
  const server = weightsOf();
  const store = createStore();
  const sync = () => clientOf(server).sync({ store, types: ["weights"], since: SINCE });
  let first;
  for await (const delta of sync()) {
    first = delta;
    await delta.commit();
    await delta.commit();
    break;
  }
  await first.commit();
  let second;
  for await (const delta of sync()) {
    second = delta;
    break;
  }
  assert.notEqual(second.records[0].id, first.records[0].id);
  await assert.rejects(second.commit(), (error) => error instanceof StoreError && error.code === "not-stored");
  for await (const delta of sync()) {
    assert.equal(delta.records[0].id, second.records[0].id);
    break;
  }
});

test("a handler that throws ends the run with its error, and its delta is delivered again", async () => {
  const server = weightsOf();
  const store = createStore();
  const full = new Error("the disk is full");
  const sync = () => clientOf(server).sync({ store, types: ["weights"], since: SINCE });
  let calls = 0;
  await assert.rejects(sync().run(async () => calls++ === 1 && Promise.reject(full)), full);
  let records = 0;
  const report = await sync().run((delta) => void (records += delta.records.length));
  assert.equal(report.records, records);
  assert.equal(records, server.lists.weights.filter(({ updatedAt }) => updatedAt >= SINCE).length - 500);
});

test("a handler is awaited before the next delta is delivered", async () => {
  let handling = 0;
  let most = 0;
  await clientOf(weightsOf())
    .sync({ store: createStore(), types: ["weights", "heights"], since: SINCE })
    .run(async () => {
      most = Math.max(most, ++handling);
      await new Promise((resolve) => setImmediate(resolve));
      handling--;
    });
  assert.equal(most, 1);
});

test("progress counts the records that are handled, and ends with all of them", async () => {
  const events = [];
  const server = weightsOf();
  const report = await clientOf(server).sync({ store: createStore(), since: "2024-03-01T00:00:00Z", types: ["weights"] }).run(() => {}, { onProgress: (progress) => events.push(progress) });
  const { windowsDone } = events.at(-1);
  // Three months, the last of which is divided: what lies before the server's clock, and the rest.
  assert.ok(windowsDone >= 3 && windowsDone <= 4, `${windowsDone} windows`);
  assert.deepEqual(events.at(-1), { type: "weights", records: report.records, expected: report.records, windowsDone, windows: windowsDone });
  assert.ok(events.length >= 4);
  for (const [index, { records, expected, windows }] of events.entries()) {
    assert.ok(index === 0 || records >= events[index - 1].records);
    assert.ok(expected >= records);
    assert.ok(windows >= 3 && windows <= 5);
  }
  const broken = new Error("no screen");
  await assert.rejects(clientOf(server).sync({ store: createStore(), since: SINCE }).run(() => {}, { onProgress: () => { throw broken; } }), broken);
});

test("a type that the server refuses does not stop the others, and the error is thrown when they are done", async () => {
  const server = weightsOf();
  server.instead = (type) => (type === "genetic_traits" ? refusal(403) : undefined);
  const types = new Set();
  let records = 0;
  const sync = clientOf(server).sync({ store: createStore(), since: SINCE });
  await assert.rejects(
    sync.run((delta) => {
      types.add(delta.type);
      records += delta.records.length;
    }),
    PermissionError,
  );
  assert.deepEqual([...types], ["weights"]);
  assert.ok(records > 1000);
  assert.equal(new Set(server.spans.map(({ type }) => type)).size, 15);
});

test("a refused App Key ends the run at once", async () => {
  const server = weightsOf();
  server.instead = () => refusal(401);
  await assert.rejects(clientOf(server, { concurrency: 1 }).sync({ store: createStore(), since: SINCE }).run(() => {}), AuthenticationError);
  assert.equal(server.fetch.requests.length, 1);
});

test("the requests of all types together stay within the concurrency limit", async () => {
  const lists = Object.fromEntries(["weights", "heights", "bmis", "sleeps"].map((type, index) => [type, updated(2500, NOW, DAY / 200, index * 10_000)]));
  const server = appServer({ lists });
  await clientOf(server, { concurrency: 3 }).sync({ store: createStore(), since: SINCE }).run(() => {});
  assert.equal(server.fetch.mostAtOnce, 3);
});

test("two runs on one store take turns", async () => {
  const server = weightsOf();
  const store = createStore();
  const order = [];
  const run = (name) =>
    clientOf(server)
      .sync({ store, types: ["weights"], since: SINCE })
      .run(async ({ records }) => {
        order.push(name);
        await new Promise((resolve) => setImmediate(resolve));
        assert.ok(records.length > 0);
      });
  const [first, second] = await Promise.all([run("first"), run("second")]);
  assert.deepEqual([...new Set(order)], ["first"]);
  assert.ok(first.records > 0);
  assert.equal(second.records, 0);
});

test("leaving the loop ends the run: what is in flight is cancelled, and the next run may begin", async () => {
  const server = weightsOf();
  const store = createStore();
  const iterator = clientOf(server).sync({ store, types: ["weights"], since: SINCE })[Symbol.asyncIterator]();
  let released;
  server.instead = (type, url) => (url.searchParams.has("offset") ? new Promise((resolve) => (released = resolve)) : undefined);
  await iterator.next();
  const waiting = iterator.next();
  await new Promise((resolve) => setImmediate(resolve));
  await iterator.return();
  assert.deepEqual(await waiting, { value: undefined, done: true });
  assert.ok(server.fetch.requests.at(-1).signal.aborted);
  server.instead = undefined;
  released?.();
  assert.ok((await clientOf(server).sync({ store, types: ["weights"], since: SINCE }).run(() => {})).records > 0);
});

test("an aborted run rejects with the signal's reason, also while it waits for another run", async () => {
  const server = weightsOf();
  const store = createStore();
  const reason = new Error("enough");
  const controller = new AbortController();
  const sync = (signal) => clientOf(server).sync({ store, types: ["weights"], since: SINCE, signal });
  const other = sync()[Symbol.asyncIterator]();
  await other.next();
  const waiting = sync(controller.signal).run(() => assert.fail("it did not wait"));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(reason);
  await assert.rejects(waiting, reason);
  await other.return();
  let deltas = 0;
  const second = new AbortController();
  await assert.rejects(
    sync(second.signal).run(() => void (++deltas === 1 && second.abort(reason))),
    reason,
  );
  assert.equal(deltas, 1);
});

test("without `since` it begins 31 days ago by the server's clock, however wrong the local clock is", async () => {
  const now = Date.parse("2031-01-15T00:00:00Z");
  const server = appServer({ now, lists: { weights: updated(40, new Date(now - 5000).toISOString(), DAY) } });
  const report = await clientOf(server).sync({ store: createStore(), types: ["weights"] }).run(() => {});
  assert.equal(report.records, 31);
  assert.deepEqual(server.broken, []);
  // The first window begins 31 days before the server's time, and a second earlier for the overlap.
  assert.ok(server.spans.some(({ since }) => since === now - 31 * DAY - 1000));
});

test("where the server's clock is hidden, a minute before the local time is used, with a warning", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse(NOW) });
  const server = appServer({ hidden: true, lists: { weights: updated(5, NOW, 1000) } });
  const warnings = [];
  const report = await clientOf(server, { onEvent: (event) => event.type === "warning" && warnings.push(event.code) })
    .sync({ store: createStore(), types: ["weights"], since: SINCE })
    .run(() => {});
  assert.equal(report.types.weights.until, "2024-06-01T11:59:00Z");
  assert.deepEqual(warnings, ["clock-hidden"]);
});

test("one answer with a wrong date neither skips records nor stops the position, and is reported", async () => {
  for (const odd of ["Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 01 Jun 2024 12:20:00 GMT", "Mon, 01 Jun 2099 12:00:00 GMT"]) {
    for (const at of [0, 1, 2]) {
      const server = weightsOf(3000);
      const { fetch } = server;
      let answers = 0;
      const warnings = [];
      const client = clientOf(server, {
        fetch: async (...request) => {
          const response = await fetch(...request);
          if (answers++ === at) response.headers.set("date", odd);
          return response;
        },
        onEvent: (event) => event.type === "warning" && warnings.push(event.code),
      });
      const store = createStore();
      const sync = () => client.sync({ store, types: ["weights"], since: "2024-04-01T00:00:00Z" }).run(() => {});
      const report = await sync();
      assert.equal(report.records, 3000);
      assertUntil(report.types.weights.until, `${odd}, ${at}`);
      assert.ok(report.requests <= 14, `${report.requests} requests`);
      assert.ok(warnings.includes("clock-differs"));
      assert.equal((await sync()).records, 0);
    }
  }
});

test("a record that changes again within the second of its updatedAt is delivered again", async () => {
  const server = weightsOf(3);
  const store = createStore();
  const table = new Map();
  const run = () => clientOf(server).sync({ store, types: ["weights"], since: SINCE }).run(({ records }) => records.forEach((record) => table.set(record.id, record)));
  server.lists.weights[0] = { ...server.lists.weights[0], updatedAt: NOW, value: 1 };
  await run();
  server.lists.weights[0] = { ...server.lists.weights[0], value: 2 };
  server.now += 600_000;
  assert.equal((await run()).records, 1);
  assert.equal(table.get(server.lists.weights[0].id).value, 2);
  assert.equal((await run()).records, 0);
});

test("a damaged position is an error that says what to do, and does not silently start afresh", async () => {
  const server = weightsOf();
  const store = createStore();
  const sync = () => clientOf(server).sync({ store, types: ["weights"], since: SINCE });
  await sync().run(() => {});
  const [key] = (await store.keys("sync/")).filter((name) => name.endsWith("position"));
  const value = await store.get(key);
  value[20] ^= 1;
  await store.set(key, value);
  await assert.rejects(sync().run(() => {}), (error) => error instanceof StoreError && error.code === "damaged" && /sync\//.test(error.message));
});

test("keys and values in the store contain no client id, App Key, user or record", async () => {
  const server = weightsOf();
  const store = createStore();
  await clientOf(server).sync({ store, types: ["weights"], since: SINCE }).run(() => {});
  for (const key of await store.keys("")) {
    const value = Buffer.from(await store.get(key)).toString("latin1");
    assert.match(key, /^sync\/[0-9a-f]{32}\/weights\/(position|seen\/\d+)$/);
    assert.doesNotMatch(value, /human-|2024-|key/);
  }
});

test("what the last call of an async onProgress rejects with ends the run, too", async () => {
  const broken = new Error("the listener failed");
  const sync = clientOf(appServer()).sync({ store: createStore(), since: BEFORE, types: ["weights"] });
  let calls = 0;
  const last = async () => {
    calls++;
    await null;
    throw broken;
  };
  await assert.rejects(sync.run(() => {}, { onProgress: last }), broken);
  assert.equal(calls, 1);
});
