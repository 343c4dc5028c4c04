// plan(): windows as work; missing(): which records the server has no more.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appServer, updated } from "./support/app-server.mjs";
import { imported } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const { AppClient, OptionError } = await imported();

const DAY = 86_400_000;
const NOW = "2024-06-01T12:00:00Z";
const SINCE = "2024-01-01T00:00:00Z";
const SANDBOX_SINCE = "2024-06-01T00:00:00Z";

const clientOf = (server, options) => new AppClient({ clientId: "app", appKey: "key", fetch: server.fetch, ...options });

let sandbox;
let client;
before(async () => {
  sandbox = await startSandbox("--app-users", "20");
  client = new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl: sandbox.url });
});
after(async () => {
  client?.close();
  await sandbox?.stop();
});

const known = (records) => records.map(({ id, humanId }) => ({ id, humanId }));
const keys = (records) => records.map(({ id, humanId }) => `${humanId} ${id}`).sort();
const isOptionError = (option) => (error) => error instanceof OptionError && error.option === option;

test("a plan is windows without a gap up to a minute before the server's clock, and each can be walked", async () => {
  const windows = await client.plan("weights", { since: SANDBOX_SINCE, windowRecords: 200 });
  assert.ok(windows.length > 12, `${windows.length} windows`);
  assert.equal(windows[0].since, SANDBOX_SINCE);
  const walked = [];
  for (const [index, window] of windows.entries()) {
    assert.deepEqual(Object.keys(window), ["type", "since", "before", "expected"]);
    assert.ok(window.expected <= 200);
    if (index > 0) assert.equal(window.since, windows[index - 1].before);
    for await (const { records } of client.window(JSON.parse(JSON.stringify(window)))) walked.push(...records);
  }
  const { before: end } = windows.at(-1);
  const all = await client.batch("weights", { updatedSince: SANDBOX_SINCE }).toArray();
  const expected = all.filter(({ updatedAt }) => Date.parse(updatedAt) < Date.parse(end));
  // A window also has the second before it, and the record in it comes twice then.
  assert.deepEqual(new Set(keys(walked)), new Set(keys(expected)));
  const { now } = await sandbox.control("clock", { advanceSeconds: 0 });
  assert.ok(Date.parse(now) - Date.parse(end) < 180_000 && Date.parse(now) - Date.parse(end) >= 60_000, `${end} ${now}`);
});

test("what is covered is not planned again, in whatever order it is given", async () => {
  const server = appServer({ lists: { weights: updated(400, NOW, DAY / 4) } });
  const done = await clientOf(server).plan("weights", { since: SINCE });
  assert.deepEqual(await clientOf(server).plan("weights", { since: SINCE, covered: done.toReversed() }), []);
  const [hole] = done.splice(2, 1);
  assert.deepEqual(await clientOf(server).plan("weights", { since: SINCE, covered: done }), [hole]);
  server.now += 10 * 60_000;
  const [rest, ...more] = await clientOf(server).plan("weights", { since: SINCE, covered: [...done, hole] });
  assert.deepEqual([rest.since, more], [done.at(-1).before, []]);
  assert.deepEqual(server.broken, []);
});

test("without totals, windows are long and nothing is expected", async () => {
  const server = appServer({ lists: { weights: updated(400, NOW, DAY / 4) } });
  const { fetch } = server;
  const hiding = async (...call) => {
    const response = await fetch(...call);
    response.headers.delete("x-total-count");
    return response;
  };
  const windows = await clientOf({ fetch: hiding }).plan("weights", { since: SINCE, windowRecords: 1 });
  assert.deepEqual([windows.length, ...windows.map(({ expected }) => expected)], [5, ...Array(5).fill(undefined)]);
});

test("wrong options of a plan are reported before anything is sent", async () => {
  const server = appServer();
  for (const [option, type, options] of [
    ["type", "weight", { since: SINCE }],
    ["since", "weights", undefined],
    ["since", "weights", {}],
    ["until", "weights", { since: SINCE, until: "2023-01-01T00:00:00Z" }],
    ["windowRecords", "weights", { since: SINCE, windowRecords: 0 }],
    ["covered", "weights", { since: SINCE, covered: "all" }],
    ["covered[0]", "weights", { since: SINCE, covered: [7] }],
    ["covered[0].since", "weights", { since: SINCE, covered: [{ since: "yesterday", before: NOW }] }],
    ["covered[1]", "weights", { since: SINCE, covered: [{ since: SINCE, before: NOW }, { since: NOW, before: SINCE }] }],
    ["covers", "weights", { since: SINCE, covers: [] }],
  ]) {
    await assert.rejects(async () => clientOf(server).plan(type, options), isOptionError(option), `${option} ${JSON.stringify(options)}`);
  }
  assert.equal(server.fetch.requests.length, 0);
});

test("what the server has removed is missing, and nothing else", async () => {
  const had = known(await client.batch("heights", { updatedSince: SANDBOX_SINCE }).toArray());
  await sandbox.control("app/mutate", { type: "heights", remove: 7, update: 9, insert: 5 });
  const have = new Set(keys(await client.batch("heights", { updatedSince: SANDBOX_SINCE }).toArray()));
  const gone = had.filter((record) => !have.has(keys([record])[0]));
  assert.equal(gone.length, 7);
  const reported = await client.missing("heights", had, { since: SANDBOX_SINCE });
  assert.deepEqual(keys(reported), keys(gone));
  // As a stream, in which one object has each record in turn.
  async function* rows() {
    const row = {};
    for (const record of had) yield Object.assign(row, record);
  }
  assert.deepEqual(keys(await client.missing("heights", rows(), { since: SANDBOX_SINCE })), keys(gone));
});

test("an id as text is the same as the server's number, and one that is no record's is missing", async () => {
  const server = appServer({ lists: { weights: updated(3, NOW, DAY).map((record, index) => ({ ...record, id: index })) } });
  const given = [0, 1, 2, 3].map((index) => ({ id: String(index), humanId: `human-${index % 3}` }));
  assert.deepEqual(await clientOf(server).missing("weights", given, { since: SINCE }), [{ id: "3", humanId: "human-0" }]);
});

test("records that are not told apart by ids are refused, with their place in the list", async () => {
  const server = appServer({ lists: { weights: updated(5, NOW, DAY) } });
  const fine = { id: "a", humanId: "b" };
  for (const wrong of [undefined, null, 7, "a", {}, { id: "a" }, { id: 7, humanId: "b" }, { id: "", humanId: "b" }, { id: "\ufffd", humanId: "b" }]) {
    let isClosed = false;
    const rows = (function* () {
      try {
        yield* [...Array(1500).fill(fine), wrong, fine];
      } finally {
        isClosed = true;
      }
    })();
    await assert.rejects(clientOf(server).missing("weights", rows, { since: SINCE }), isOptionError("known[1500]"));
    assert.ok(isClosed);
  }
  for (const given of [undefined, null, 7, "text", {}]) {
    await assert.rejects(async () => clientOf(server).missing("weights", given, { since: SINCE }), isOptionError("known"));
  }
  await assert.rejects(async () => clientOf(server).missing("genetic_traits", [], { since: SINCE }), isOptionError("type"));
  await assert.rejects(async () => clientOf(server).missing("weights", []), isOptionError("since"));
});

test("a signal ends it with its reason, and the iterator is closed", async () => {
  const server = appServer({ lists: { weights: updated(5, NOW, DAY) } });
  for (const isAsync of [true, false]) {
    const controller = new AbortController();
    let returned = 0;
    const iterator = {
      next() {
        setImmediate(() => controller.abort("enough"));
        return isAsync ? new Promise(() => {}) : { done: false, value: { id: "a", humanId: "b" } };
      },
      return() {
        returned += 1;
        return {};
      },
    };
    const rows = { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator };
    const call = clientOf(server).missing("weights", rows, { since: SINCE, signal: controller.signal });
    await assert.rejects(call, (reason) => reason === "enough");
    assert.equal(returned, 1);
  }
});

test("an error of the iterator, and a list that is in doubt, end it", async () => {
  const server = appServer({ lists: { weights: updated(5, NOW, DAY) } });
  const failed = new Error("the database is gone");
  async function* rows() {
    yield { id: "a", humanId: "b" };
    throw failed;
  }
  await assert.rejects(clientOf(server).missing("weights", rows(), { since: SINCE }), failed);
  const { fetch } = server;
  const counting = async (...call) => {
    const response = await fetch(...call);
    response.headers.set("x-total-count", "999");
    return response;
  };
  await assert.rejects(clientOf({ fetch: counting }).missing("weights", [], { since: SINCE }), { code: "count-short" });
});
