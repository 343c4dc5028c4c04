// Retries: what is retried, when and how often, and the retry budget that all requests of a client share.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, nothing, paged, records, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { settled, virtualTime } from "./support/virtual-time.mjs";

const { HumanClient } = await imported();

const good = () => json({ humanId: "a" });

/** Gives the answers one after the other, and repeats the last one. */
function inTurn(...answers) {
  return answering((url, request, index) => answers[Math.min(index, answers.length - 1)](url, request));
}

function clientOf(fetch, options = {}) {
  return new HumanClient({ accessToken: "demo", fetch, ...options });
}

for (const status of [408, 425, 429, 500, 502, 503, 504]) {
  test(`${status} is retried`, async (t) => {
    const time = virtualTime(t);
    const fetch = inTurn(() => refusal(status), good);
    const { value } = await time.until(clientOf(fetch).profile());
    assert.deepEqual(value, { humanId: "a" });
    assert.equal(fetch.requests.length, 2);
  });
}

for (const status of [400, 401, 403, 404, 405, 409, 410, 413, 422, 501, 505]) {
  test(`${status} is final`, async (t) => {
    const time = virtualTime(t);
    const fetch = inTurn(() => refusal(status), good);
    const { error } = await time.until(clientOf(fetch).profile());
    assert.equal(error.status, status);
    assert.equal(fetch.requests.length, 1);
  });
}

test("a broken connection and a timeout are retried", async (t) => {
  const time = virtualTime(t);
  const fetch = inTurn(() => Promise.reject(new TypeError("fetch failed")), nothing, good);
  const { value } = await time.until(clientOf(fetch, { timeout: 1000 }).profile());
  assert.deepEqual(value, { humanId: "a" });
  assert.equal(fetch.requests.length, 3);
});

for (const maxRetries of [0, 1, 4]) {
  test(`with ${maxRetries} retries there are ${maxRetries + 1} attempts`, async (t) => {
    const time = virtualTime(t);
    const fetch = inTurn(() => refusal(500));
    const { error } = await time.until(clientOf(fetch, { maxRetries }).profile());
    assert.equal(error.name, "ServerError");
    assert.equal(fetch.requests.length, maxRetries + 1);
  });
}

test("the delays grow, and are random within their limits", async (t) => {
  const waits = async (chance) => {
    const at = [];
    const time = virtualTime(t, { chance });
    const fetch = answering(() => {
      at.push(time.elapsed);
      return refusal(500);
    });
    await time.until(clientOf(fetch, { maxRetries: 4 }).profile());
    t.mock.reset();
    return at.slice(1).map((moment, index) => moment - at[index]);
  };
  const [none, longest] = [await waits(0), await waits(0.999999)];
  assert.equal(longest.length, 4);
  for (let index = 1; index < 4; index++) assert.ok(longest[index] > longest[index - 1], String(longest));
  for (let index = 0; index < 4; index++) assert.ok(none[index] < longest[index] / 2, `${none} against ${longest}`);
});

for (const [name, value, wait] of [
  ["seconds", "7", 7000],
  ["a date", "Wed, 01 May 2024 00:00:09 GMT", 9000],
  ["a date in the form of RFC 850", "Wednesday, 01-May-24 00:00:09 GMT", 9000],
  ["a date in the form of asctime", "Wed May  1 00:00:09 2024", 9000],
]) {
  test(`Retry-After in ${name} is obeyed exactly`, async (t) => {
    const time = virtualTime(t, { now: Date.parse("2024-05-01T00:00:00Z") });
    const at = [];
    const fetch = answering((url, request, index) => {
      at.push(time.elapsed);
      return index === 0 ? refusal(429, { "retry-after": value }) : good();
    });
    await time.until(clientOf(fetch).profile());
    assert.equal(at.length, 2);
    assert.ok(at[1] >= wait && at[1] <= wait + 20, `${at[1]} ms, and ${wait} ms were asked for`);
  });
}

test("a Retry-After pauses every request of the client, and of no other client", async (t) => {
  const time = virtualTime(t);
  const at = [];
  let refused = false;
  const fetch = answering((url) => {
    at.push([time.elapsed, url.pathname.split("/").at(-1)]);
    if (refused) return json([]);
    refused = true;
    return refusal(429, { "retry-after": "30" });
  });
  const client = clientOf(fetch);
  const limited = client.sleeps.list().toArray();
  await time.pass(100);
  const others = Promise.all([client.activities.list().toArray(), client.locations.list().toArray()]);
  const elsewhere = await clientOf(answering(() => json([]))).activities.list().toArray();
  assert.deepEqual(elsewhere, []);
  await time.pass(20_000);
  assert.equal(at.length, 1, "nobody sends while the server wants rest");
  await time.until(Promise.all([limited, others]));
  assert.deepEqual(at.slice(1).map(([, name]) => name).sort(), ["activities", "locations", "sleeps"]);
  for (const [moment] of at.slice(1)) assert.ok(moment >= 30_000, `${moment} ms`);
});

test("a wait that is longer than maxRetryDelay is an error, and is never shortened", async (t) => {
  const time = virtualTime(t);
  const fetch = inTurn(() => refusal(429, { "retry-after": "121" }), good);
  const { error, at } = await time.until(clientOf(fetch).profile());
  assert.equal(error.name, "RateLimitError");
  assert.equal(error.retryAt.getTime(), Date.parse("2024-05-01T00:02:01Z"));
  assert.ok(at < 100);
  assert.equal(fetch.requests.length, 1);
});

test("further calls during such a wait are refused without a request", async (t) => {
  const time = virtualTime(t);
  const fetch = inTurn(() => refusal(429, { "retry-after": "600" }), good);
  const client = clientOf(fetch);
  await time.until(client.profile());
  const { error } = await time.until(client.summary());
  assert.equal(error.name, "RateLimitError");
  assert.equal(error.retryAt.getTime(), Date.parse("2024-05-01T00:10:00Z"));
  assert.equal(fetch.requests.length, 1);
  await time.pass(600_000);
  assert.deepEqual((await time.until(client.profile(), { longest: 700_000 })).value, { humanId: "a" });
});

test("200 calls that all fail make 400 requests at most", async (t) => {
  const time = virtualTime(t);
  const fetch = inTurn(() => refusal(503));
  const client = clientOf(fetch);
  const calls = Promise.allSettled(Array.from({ length: 200 }, () => client.profile()));
  const { value } = await time.until(calls, { step: 100 });
  assert.ok(value.every(({ reason }) => reason.name === "ServerError"));
  assert.ok(fetch.requests.length <= 400, `${fetch.requests.length} requests`);
  assert.ok(fetch.requests.length >= 200);
});

test("a walk continues at a page that failed", async (t) => {
  const time = virtualTime(t);
  const list = records(700);
  let requests = 0;
  const fetch = answering((url) => (++requests % 5 === 3 ? refusal(502) : paged(list)(url)));
  const { value } = await time.until(clientOf(fetch).activities.list({ limit: 100 }).toArray());
  assert.deepEqual(value, list);
});

test("a call that has ended leaves no timer", async (t) => {
  virtualTime(t);
  const live = new Set();
  const { setTimeout, clearTimeout } = globalThis;
  t.mock.method(globalThis, "setTimeout", (...args) => {
    const timer = setTimeout(...args);
    live.add(timer);
    return timer;
  });
  t.mock.method(globalThis, "clearTimeout", (timer) => {
    live.delete(timer);
    return clearTimeout(timer);
  });
  const client = clientOf(answering(() => json([])));
  await client.sleeps.list().toArray();
  await settled();
  assert.equal(live.size, 0, "the timeout of an answered request keeps a process alive");
});
