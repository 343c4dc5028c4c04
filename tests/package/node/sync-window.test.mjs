// AppClient.window(): one window by itself, from a checkpoint of it on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appFor, clientOf } from "../sync/support/app.mjs";
import { imported } from "./support/installed.mjs";

const { OptionError, ProtocolError } = await imported();

const WINDOW = { type: "heart_rates", since: "2025-05-01T00:00:00Z", before: "2025-05-20T06:00:00Z" };

let app;
let client;
let expected;
let end;
after(() => end());
before(async () => {
  app = await appFor((stop) => (end = stop), "--app-users", "50", "--app-records", "80000");
  client = await clientOf(app);
  const [since, before] = [WINDOW.since, WINDOW.before].map(Date.parse);
  const inside = (await app.dump(WINDOW.type)).filter(({ updatedAt }) => Date.parse(updatedAt) >= since && Date.parse(updatedAt) < before);
  expected = new Set(inside.map(({ id }) => id));
  assert.ok(expected.size > 500, `${expected.size} records`);
});

/** The queries that the sandbox saw while `call` ran, and what it resolves to. */
async function queries(call) {
  const { total } = await app.control("log");
  const outcome = await call();
  const { requests } = await app.control("log");
  return { outcome, sent: requests.filter(({ number }) => number > total).map(({ query }) => new URLSearchParams(query)) };
}

async function deltasOf(window, options) {
  const deltas = [];
  for await (const delta of client.window(window, options)) deltas.push(delta);
  return deltas;
}

const idsIn = (deltas) => deltas.flatMap(({ records }) => records.map(({ id }) => id));

/** Asserts that every record of the window is there, and at most those of a second more. */
function assertComplete(ids) {
  for (const id of expected) assert.ok(ids.includes(id), `${id} is missing`);
  assert.ok(new Set(ids).size - expected.size <= 2, `${new Set(ids).size} records for ${expected.size}`);
}

test("a window delivers everything that was updated in it, with queries of no other time", async () => {
  const { outcome: deltas, sent } = await queries(() => deltasOf({ ...WINDOW, expected: expected.size }));
  assertComplete(idsIn(deltas));
  assert.equal(idsIn(deltas).length, new Set(idsIn(deltas)).size);
  for (const { type, window } of deltas) {
    assert.equal(type, WINDOW.type);
    // A query may leave out its first second.
    assert.deepEqual(window, { since: "2025-04-30T23:59:59Z", before: WINDOW.before });
  }
  const walked = sent.filter((query) => query.get("limit") !== "1");
  assert.deepEqual(new Set(walked.map((query) => `${query.get("updated_since")} ${query.get("updated_before")}`)), new Set(["20250430T235959Z 20250520T060000Z"]));
});

test("each delta's checkpoint goes on after it, and the last one has nothing left", async () => {
  const deltas = await deltasOf(WINDOW);
  assert.ok(deltas.length >= 2, `${deltas.length} deltas`);
  for (const [index, { checkpoint }] of deltas.entries()) {
    const rest = idsIn(await deltasOf(WINDOW, { checkpoint }));
    const got = idsIn(deltas.slice(0, index + 1));
    assertComplete([...got, ...rest]);
    if (index + 1 < deltas.length) assert.ok(rest.length < idsIn(deltas).length, "it did not begin anew");
  }
  const { outcome, sent } = await queries(() => deltasOf(WINDOW, { checkpoint: deltas.at(-1).checkpoint }));
  assert.deepEqual(sent, []);
  assert.ok(outcome.length <= 1);
  assert.deepEqual(idsIn(outcome), []);
});

test("a window in which there is nothing has one delta without records, whose checkpoint is its end", async () => {
  const empty = { type: "weights", since: "1999-01-01T00:00:00Z", before: "1999-01-02T00:00:00Z" };
  const [delta, ...others] = await deltasOf(empty);
  assert.deepEqual([delta.records, others], [[], []]);
  const { sent } = await queries(() => deltasOf(empty, { checkpoint: delta.checkpoint }));
  assert.deepEqual(sent, []);
});

test("a window that is not over by the server's clock says so, whatever it had so far", async () => {
  await assert.rejects(
    deltasOf({ type: "weights", since: "2025-06-29T00:00:00Z", before: "2025-07-02T00:00:00Z" }),
    (error) => error instanceof ProtocolError && error.code === "window-not-over",
  );
});

test("a window that was begun too early is read to its end later, from the checkpoint that it gave", async () => {
  const window = { type: "weights", since: "2025-06-29T00:00:00Z", before: "2025-07-02T00:00:00Z" };
  let checkpoint;
  let before = [];
  await assert.rejects(async () => {
    for await (const delta of client.window(window)) {
      ({ checkpoint } = delta);
      before = [...before, ...idsIn([delta])];
    }
  }, ProtocolError);
  assert.ok(before.length > 0);
  const again = [];
  // The sandbox's clock stands: the window is still not over, but it is read anew, and a checkpoint is there once more.
  await assert.rejects(async () => {
    for await (const delta of client.window(window, { checkpoint })) again.push(...idsIn([delta]));
  }, ProtocolError);
  assert.deepEqual(again, before);
});

test("the checkpoint of a sync that has covered the window serves, and one of another window does not", async () => {
  const from = {};
  await client.sync({ from, types: ["heart_rates"], since: "2025-05-01T00:00:00Z", until: "2025-05-25T00:00:00Z" }).run(({ type, checkpoint }) => void (from[type] = checkpoint));
  const { sent, outcome } = await queries(() => deltasOf(WINDOW, { checkpoint: from.heart_rates }));
  assert.deepEqual([sent, idsIn(outcome)], [[], []]);
  const [{ checkpoint }] = await deltasOf(WINDOW);
  const { total } = await app.control("log");
  const next = { ...WINDOW, since: WINDOW.before, before: "2025-05-25T00:00:00Z" };
  for (const [window, given, words] of [
    [next, checkpoint, /another window/],
    [{ ...WINDOW, before: "2025-05-20T06:00:01Z" }, checkpoint, /another window/],
    [{ ...WINDOW, type: "weights" }, checkpoint, /of the type "heart_rates"/],
    [WINDOW, "x", /damaged/],
  ]) {
    assert.throws(() => client.window(window, { checkpoint: given }), refused("checkpoint", words));
  }
  assert.equal((await app.control("log")).total, total);
});

test("a window is checked before anything is sent", async () => {
  const { total } = await app.control("log");
  for (const [change, option] of [
    [{ type: "heart_rate" }, "type"],
    [{ type: undefined }, "type"],
    [{ since: undefined }, "since"],
    [{ before: undefined }, "before"],
    [{ before: WINDOW.since }, "before"],
    [{ before: "2025-06-01T00:00:00Z" }, "before"],
    [{ since: "2025-05-01T00:00:00.5Z" }, "since"],
    [{ before: "2025-05-20T06:00:00.001Z" }, "before"],
    [{ expected: -1 }, "expected"],
    [{ expected: "7" }, "expected"],
    [{ until: WINDOW.before }, "until"],
  ]) {
    assert.throws(() => client.window({ ...WINDOW, ...change }), refused(option, /./), JSON.stringify(change));
  }
  assert.throws(() => client.window(WINDOW, { from: {} }), refused("from", /no option/));
  assert.throws(() => client.window(undefined), refused("type", /missing/));
  // One second less than 31 days is the longest.
  client.window({ ...WINDOW, before: "2025-05-31T23:59:59Z", expected: undefined });
  assert.equal((await app.control("log")).total, total);
});

test("a signal ends it with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const walk = async () => {
    for await (const _ of client.window(WINDOW, { signal: controller.signal })) controller.abort(reason);
  };
  await assert.rejects(walk(), reason);
});

function refused(option, words) {
  return (error) => {
    assert.ok(error instanceof OptionError, error);
    assert.equal(error.option, option);
    assert.match(error.message, words);
    return true;
  };
}
