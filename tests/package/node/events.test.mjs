// Events: what a client reports while it works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { virtualTime } from "./support/virtual-time.mjs";

const { HumanClient } = await imported();

test("a request that is retried emits an event for each step, all with one id", async (t) => {
  const time = virtualTime(t);
  const events = [];
  const fetch = answering(async (url, request, index) => {
    await new Promise((resolve) => setTimeout(resolve, 120));
    return index === 0 ? refusal(503, { "retry-after": "2" }) : json({}, { headers: { "x-request-id": "r-7" } });
  });
  const client = new HumanClient({ accessToken: "demo", fetch, onEvent: (event) => events.push(event) });
  await time.until(client.profile());
  await time.until(client.summary());

  const [first, second] = [events[0].id, events.at(-1).id];
  assert.equal(typeof first, "number");
  assert.notEqual(first, second);
  assert.deepEqual(
    events.map((event) => ("durationMs" in event ? { ...event, durationMs: Math.round(event.durationMs / 20) * 20 } : event)),
    [
      { type: "request", id: first, method: "GET", path: "/v1/human/profile", attempt: 1 },
      { type: "response", id: first, status: 503, durationMs: 120 },
      { type: "retry", id: first, attempt: 1, delayMs: 2000, reason: "status 503" },
      { type: "request", id: first, method: "GET", path: "/v1/human/profile", attempt: 2 },
      { type: "response", id: first, status: 200, durationMs: 120, requestId: "r-7" },
      { type: "request", id: second, method: "GET", path: "/v1/human", attempt: 1 },
      { type: "response", id: second, status: 200, durationMs: 120, requestId: "r-7" },
    ],
  );
});

test("the reason of a retry can be a broken connection or a timeout", async (t) => {
  const time = virtualTime(t);
  const events = [];
  const fetch = answering((url, request, index) =>
    [() => Promise.reject(new TypeError("fetch failed")), () => new Promise(() => {}), () => json({})][index](),
  );
  const client = new HumanClient({ accessToken: "demo", fetch, timeout: 500, onEvent: (event) => events.push(event) });
  await time.until(client.profile());
  assert.deepEqual(
    events.map((event) => (event.type === "retry" ? event.reason : event.type)),
    ["request", "connection", "request", "timeout", "request", "response"],
  );
});

test("events are plain data, so that they can be logged and posted", async () => {
  const events = [];
  const client = new HumanClient({ accessToken: "demo", fetch: answering(() => json([])), onEvent: (event) => events.push(event) });
  await client.sleeps.list({ source: "fitbit" }).toArray();
  assert.ok(events.length >= 2);
  for (const event of events) {
    assert.deepEqual(structuredClone(event), event);
    assert.deepEqual(JSON.parse(JSON.stringify(event)), event);
  }
  assert.doesNotMatch(JSON.stringify(events), /fitbit/, "a path has no query");
});

test("a listener that throws does not affect the client", async () => {
  const list = [{ id: "1" }];
  let count = 0;
  const client = new HumanClient({
    accessToken: "demo",
    fetch: answering(() => json(list)),
    onEvent() {
      count++;
      throw new Error("a bug in the listener");
    },
  });
  assert.deepEqual(await client.sleeps.list().toArray(), list);
  assert.ok(count >= 2);
});

test("a listener may use the client", async () => {
  const answers = [];
  // Each answer starts the next request, three times.
  const client = new HumanClient({
    accessToken: "demo",
    fetch: answering(() => json({})),
    onEvent(event) {
      if (event.type === "response" && answers.length < 3) answers.push(client.summary());
    },
  });
  await client.profile();
  for (let index = 0; index < 3; index++) assert.deepEqual(await answers[index], {});
  assert.equal(answers.length, 3);
});

test("a listener may close the client", async () => {
  const client = new HumanClient({
    accessToken: "demo",
    fetch: answering(() => json({})),
    onEvent: ({ type }) => type === "response" && client.close(),
  });
  const outcome = await client.profile().then(() => "answered", (error) => error.code);
  assert.ok(["answered", "closed"].includes(outcome), outcome);
  assert.equal(await client.profile().then(assert.fail, (error) => error.code), "closed");
});
