// Aborting by an AbortSignal: every wait ends at once, with the signal's own reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, nothing, paged, records, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { settled, virtualTime } from "./support/virtual-time.mjs";

const { HumanClient } = await imported();

function clientOf(respond, options = {}) {
  const fetch = answering(respond);
  return { fetch, client: new HumanClient({ accessToken: "demo", fetch, ...options }) };
}

test("an abort during a backoff of 60 s rejects within 50 ms, with the reason itself", async (t) => {
  const time = virtualTime(t);
  const { client, fetch } = clientOf(() => refusal(429, { "retry-after": "60" }));
  const controller = new AbortController();
  const reason = { mine: true };
  const call = client.weight.latest({ signal: controller.signal });
  let outcome;
  call.catch((error) => (outcome = { error }));
  await time.pass(10_000);
  assert.equal(outcome, undefined);
  controller.abort(reason);
  await time.pass(50);
  assert.equal(outcome?.error, reason);
  await time.pass(120_000);
  assert.equal(fetch.requests.length, 1, "nothing is sent afterwards");
});

const WAITS = {
  "the answer": { respond: nothing },
  "the body": { respond: () => new Response(new ReadableStream({})) },
  "a retry after a broken connection": { respond: () => Promise.reject(new TypeError("fetch failed")) },
  "the end of a pause that the server requested": { respond: () => refusal(503, { "retry-after": "60" }) },
  "the secret": { respond: nothing, options: { accessToken: nothing } },
  "a free lane": { respond: nothing, options: { concurrency: 1 }, busy: true },
};
for (const [name, { respond, options, busy }] of Object.entries(WAITS)) {
  test(`an abort while a walk waits for ${name} rejects with the reason itself`, async (t) => {
    const time = virtualTime(t, { chance: 0.999 });
    const { client } = clientOf(respond, options);
    if (busy) client.profile().catch(() => {});
    const controller = new AbortController();
    const reason = new Error("enough");
    let outcome;
    client.sleeps.list({ signal: controller.signal }).toArray().catch((error) => (outcome = { error }));
    await time.pass(1);
    assert.equal(outcome, undefined);
    controller.abort(reason);
    await settled();
    assert.equal(outcome?.error, reason);
    client.close();
    await settled();
  });
}

test("with a signal that is already aborted nothing is sent", async () => {
  const { client, fetch } = clientOf(() => json([]));
  const reason = new Error("never");
  const signal = AbortSignal.abort(reason);
  for (const call of [
    () => client.sleeps.list({ signal }).toArray(),
    () => client.sleeps.list({ signal }).first(),
    () => client.sleeps.list({ signal })[Symbol.asyncIterator]().next(),
    () => client.weight.latest({ signal }),
  ]) {
    assert.equal(await call().then(assert.fail, (error) => error), reason);
  }
  assert.equal(fetch.requests.length, 0);
});

test("an abort without a reason rejects with the platform's AbortError", async () => {
  const { client } = clientOf(nothing);
  const controller = new AbortController();
  const call = client.sleeps.list({ signal: controller.signal }).toArray();
  controller.abort();
  const error = await call.then(assert.fail, (error) => error);
  assert.equal(error, controller.signal.reason);
  assert.equal(error.name, "AbortError");
});

for (const reason of [null, 0, "", false, "text", Symbol("mine")]) {
  test(`any value may be the reason: ${String(reason) || '""'}`, async () => {
    const { client } = clientOf(nothing);
    const controller = new AbortController();
    const call = client.weight.latest({ signal: controller.signal });
    await settled();
    controller.abort(reason);
    assert.equal(await call.then(assert.fail, (error) => error), reason);
  });
}

test("an abort in the middle of a walk ends it and its requests in flight", async () => {
  const list = records(500);
  let answers = 0;
  const { client, fetch } = clientOf((url) => (answers++ < 2 ? paged(list)(url) : nothing()), { concurrency: 4 });
  const controller = new AbortController();
  const read = [];
  const walk = (async () => {
    for await (const record of client.sleeps.list({ limit: 50, signal: controller.signal })) {
      read.push(record);
      if (read.length === 10) controller.abort("enough");
    }
  })();
  assert.equal(await walk.then(assert.fail, (error) => error), "enough");
  assert.deepEqual(read, list.slice(0, read.length));
  await settled();
  for (const request of fetch.requests.slice(2)) assert.equal(request.signal.aborted, true);
});

test("aborting one walk does not affect the other walks of its client", async () => {
  const list = records(100);
  const waiting = [];
  let isHeld = true;
  const held = (url) => new Promise((resolve) => waiting.push(() => resolve(paged(list)(url))));
  const { client } = clientOf((url) => (isHeld ? held(url) : paged(list)(url)));
  const controller = new AbortController();
  const aborted = client.sleeps.list({ signal: controller.signal }).toArray();
  const other = client.activities.list().toArray();
  await settled();
  controller.abort("mine");
  assert.equal(await aborted.then(assert.fail, (error) => error), "mine");
  isHeld = false;
  for (const answer of waiting) answer();
  assert.deepEqual(await other, list);
});

test("a signal that is aborted after the end has no effect, and no listener is left on it", async () => {
  const { client } = clientOf(() => json([]));
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type, listener, options) => {
    listeners.add(listener);
    if (options?.signal) options.signal.addEventListener("abort", () => listeners.delete(listener));
    return addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (type, listener, options) => {
    listeners.delete(listener);
    return removeEventListener.call(signal, type, listener, options);
  };
  for (let call = 0; call < 5; call++) {
    await client.sleeps.list({ signal }).toArray();
    await client.weight.latest({ signal });
  }
  await settled();
  assert.equal(listeners.size, 0, "a signal that lives long must not collect listeners");
  controller.abort();
  await settled();
});
