// What goes wrong at the edges of an upload: writes that an abort meets, samples that wait, callbacks and stores that fail late.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, openStore, uploaderTo } from "../upload/support/endpoint.mjs";
import { assertReport } from "../upload/support/reports.mjs";
import { ndjson, sampleOf, samples } from "../upload/support/samples.mjs";
import { imported } from "./support/installed.mjs";

const { OptionError, StoreError } = await imported();

const refusing = (status) => () => new Response("{}", { status });
const sizeOf = (store) => [...store.values.values()].reduce((sum, value) => sum + value.length, 0);

/** A store whose first write under a key with `part` waits; `reached` tells when it does, `go` lets it go on. */
function slowStore(part) {
  let go;
  let reach;
  const gone = new Promise((resolve) => (go = resolve));
  const reached = new Promise((resolve) => (reach = resolve));
  let waits = true;
  const store = openStore(async (method, key) => {
    if (method !== "set" || !waits || !key.includes(part)) return;
    waits = false;
    reach();
    await gone;
  });
  return { store, go, reached };
}

for (const [what, part] of [
  ["samples that wait", "/held"],
  ["a batch", "/batch/"],
  ["the ledger", "/sent/"],
]) {
  test(`an abort while ${what} is written ends behind that write, and the lock with it`, async () => {
    const { store, go, reached } = slowStore(part);
    const fetch = endpoint();
    const controller = new AbortController();
    const count = part === "/held" ? 2 : 5;
    const uploader = uploaderTo(fetch, { store });
    const aborted = uploader.upload("steps", samples(count), { signal: controller.signal });
    await reached;
    let order = "";
    aborted.then(
      () => (order += "a"),
      () => (order += "a"),
    );
    controller.abort();
    const next = uploader.upload("steps", samples(count + 3)).then((report) => {
      order += "b";
      return report;
    });
    go();
    const report = await next;
    await aborted.catch(() => {});
    assert.equal(order, "ab");
    // What was acknowledged before the abort is not sent again.
    assert.equal(fetch.accepted.flat().length, count + 3);
    assert.equal(report.sent + report.alreadySent, count + 3);
  });
}

test("what waits stays in the store when an upload with the same samples fails", async () => {
  const store = openStore();
  assertReport(await uploaderTo(endpoint(), { store }).upload("steps", samples(2)), { read: 2, held: 2 });
  const { report } = await uploaderTo(endpoint(refusing(401)), { store })
    .upload("steps", samples(5))
    .then(assert.fail, (error) => error);
  assertReport(report, { read: 5, carried: 2, duplicates: 2, failed: 5 });
  const fetch = endpoint();
  assertReport(await uploaderTo(fetch, { store }).upload("steps", samples(5, { first: 50 })), { read: 5, carried: 2, sent: 7 });
});

test("samples that wait and are refused again and again keep no others back, and are never dropped", async () => {
  const store = openStore();
  const fetch = endpoint((data) => (data.some(({ device_name }) => device_name === "bad") ? refusing(422)() : undefined));
  const uploader = uploaderTo(fetch, { store });
  await uploader.upload("steps", samples(2, { device_name: "bad" }));
  for (const first of [10, 20]) {
    assertReport(await uploader.upload("steps", samples(5, { first })), { read: 5, carried: 2, sent: 5, failed: 2 });
  }
  assertReport(await uploaderTo(endpoint(), { store }).upload("steps", samples(5, { first: 30 })), { read: 5, carried: 2, sent: 7 });
});

test("one that was refused for another's sake is sent with the next", async () => {
  const store = openStore();
  let bad = true;
  const fetch = endpoint(() => (bad ? refusing(400)() : undefined));
  const uploader = uploaderTo(fetch, { store });
  await uploader.upload("steps", samples(2));
  await uploader.upload("steps", samples(5, { first: 10 }));
  bad = false;
  assertReport(await uploader.upload("steps", samples(5, { first: 20 })), { read: 5, carried: 2, sent: 7 });
});

test("uploads that fail again and again leave the store as small as one of them", async () => {
  const store = openStore();
  const uploader = uploaderTo(endpoint(refusing(401)), { store });
  const list = samples(300, { first: 40 });
  let once;
  for (let first = 39; first >= 0; first--) {
    list.unshift(sampleOf(first));
    await uploader.upload("steps", list).catch(() => {});
    once ??= sizeOf(store);
  }
  assert.ok(sizeOf(store) < once * 1.5, `${once} bytes, then ${sizeOf(store)}`);
});

test("a failure names the first sample that it is about", async () => {
  const failing = openStore((method, key) => {
    if (method === "set" && key.includes("/batch/")) throw new Error("full");
  });
  const list = [{ ...sampleOf(0), value: 0 }, ...samples(9, { first: 1 })];
  const options = { store: failing, batchSize: 3, concurrency: 1 };
  const { report } = await uploaderTo(endpoint(), options).upload("steps", list).then(assert.fail, (error) => error);
  assert.deepEqual(report.failures.map(({ status, first, count }) => [status, first, count]), [[0, 1, 9]]);

  let writes = 0;
  const later = openStore((method, key) => {
    if (method === "set" && key.includes("/batch/") && ++writes === 2) throw new Error("full");
  });
  const refused = await uploaderTo(endpoint(refusing(400)), { ...options, store: later })
    .upload("steps", list)
    .then(assert.fail, (error) => error.report);
  assert.deepEqual(refused.failures.map(({ status, first, count }) => [status, first, count]), [[400, 1, 3], [0, 4, 6]]);
});

test("what an async callback rejects with ends the upload, and nothing is left unhandled", async () => {
  const unhandled = [];
  const listen = (error) => unhandled.push(error);
  process.on("unhandledRejection", listen);
  const boom = new Error("boom");
  for (const name of ["onProgress", "onRejected"]) {
    const list = [{ ...sampleOf(0), value: 0 }, { ...sampleOf(1), value: 0 }, ...samples(20, { first: 2 })];
    const options = { format: "ndjson", [name]: async () => Promise.reject(boom) };
    // Pieces of their own, so that the first failure is there before the second sample is told.
    const source = (async function* () {
      for (const sample of list) yield Buffer.from(ndjson([sample]));
    })();
    await assert.rejects(uploaderTo(endpoint(), { batchSize: 3, concurrency: 1 }).upload("steps", source, options), (error) => error === boom, name);
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listen);
  assert.deepEqual(unhandled, []);
});

test("half a surrogate pair is never sent as another character", async () => {
  const half = { ...sampleOf(7), device_name: "d\ud83d" };
  const fetch = endpoint();
  const text = samples(3).map((sample) => JSON.stringify(sample)).join("\n");
  const broken = JSON.stringify(half).replace("\\ud83d", "\ud83d");
  for (const source of [`${text}\n${broken}\n`, [...samples(3), half]]) {
    const report = await uploaderTo(fetch).upload("steps", source);
    assertReport(report, { read: 4, sent: 3, rejectedCount: 1 });
    assert.deepEqual([report.rejected[0].index, report.rejected[0].code], [3, "syntax"]);
  }
  assert.ok(!JSON.stringify(fetch.posts).includes("\ufffd"));
  assert.throws(() => uploaderTo(fetch, { account: "\ud800" }), (error) => error instanceof OptionError && error.option === "account");
});

test("a store that lists keys of others loses none of them", async () => {
  const store = openStore();
  const all = { ...store, keys: async () => [...store.values.keys()] };
  store.values.set("mine", Uint8Array.of(1));
  const error = await uploaderTo(endpoint(), { store: all }).forget("steps").then(assert.fail, (error) => error);
  assert.ok(error instanceof StoreError, String(error));
  assert.deepEqual([...store.values.keys()], ["mine"]);
});

test("with hold, whatever 5xx leaves it open is not sent again", async () => {
  for (const [status, unknown] of [[500, 5], [502, 5], [504, 5], [520, 5], [524, 5]]) {
    const store = openStore();
    const options = { store, onUnknown: "hold", maxRetries: 0 };
    assertReport(await uploaderTo(endpoint(refusing(status)), options).upload("steps", samples(5)), { read: 5, unknown });
    const fetch = endpoint();
    assertReport(await uploaderTo(fetch, options).upload("steps", samples(5)), { read: 5, unknown });
    assert.deepEqual(fetch.posts, []);
  }
});
