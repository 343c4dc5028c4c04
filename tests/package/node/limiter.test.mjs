// A limiter of the user's: it is asked before each request, told of each pause, and every place comes back to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, nothing, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { settled, virtualTime } from "./support/virtual-time.mjs";

const { AppClient, HumanClient, OptionError, SampleUploader } = await imported();

/** Places for `most` at once, in order, and what it was asked for. */
function limiterOf(most) {
  const waiting = [];
  const limiter = {
    taken: 0,
    mostTaken: 0,
    pauses: [],
    async enter(signal) {
      if (limiter.taken >= most) {
        await new Promise((resolve, reject) => {
          waiting.push(resolve);
          signal.addEventListener("abort", () => {
            waiting.splice(waiting.indexOf(resolve), 1);
            reject(signal.reason);
          });
        });
      }
      limiter.mostTaken = Math.max(limiter.mostTaken, ++limiter.taken);
      let isOver = false;
      return () => {
        assert.ok(!isOver, "a place was given back twice");
        isOver = true;
        limiter.taken--;
        waiting.shift()?.();
      };
    },
    pause(until) {
      limiter.pauses.push({ until, taken: limiter.taken });
    },
  };
  return Object.assign(limiter, { waiting });
}

const clientOf = (fetch, limiter, options) => new HumanClient({ accessToken: "t0ken-of-one", fetch, limiter, ...options });

test("clients of every kind share its places", async () => {
  const limiter = limiterOf(2);
  const underWay = { now: 0, most: 0 };
  const fetch = answering(async (url) => {
    underWay.most = Math.max(underWay.most, ++underWay.now);
    await settled();
    underWay.now--;
    return url.pathname === "/samples" ? json({ accepted: 3 }) : json([]);
  });
  const app = new AppClient({ clientId: "app", appKey: "key", fetch, limiter });
  const uploader = new SampleUploader({ baseUrl: "https://samples.example/samples", token: "t0ken", fetch, limiter, batchSize: 3 });
  const sample = (minute) => ({ device_name: "Band", start_date: `2025-06-15T09:${10 + minute}:00Z`, unit: "count", value: 80 });
  const persons = Array.from({ length: 6 }, () => clientOf(fetch, limiter).activities.list().toArray());
  const [report] = await Promise.all([uploader.upload("steps", Array.from({ length: 30 }, (_, minute) => sample(minute))), app.users().toArray(), ...persons]);
  assert.equal(report.sent, 30);
  assert.equal(underWay.most, 2);
  assert.deepEqual([limiter.taken, limiter.mostTaken, limiter.pauses.length], [0, 2, 0]);
});

for (const [how, respond] of [
  ["with an answer", () => json({})],
  ["with a refusal", () => refusal(403)],
  ["with a connection that breaks", () => Promise.reject(new TypeError("fetch failed"))],
]) {
  test(`a place comes back ${how}`, async () => {
    const limiter = limiterOf(1);
    await clientOf(answering(respond), limiter, { maxRetries: 0 }).profile().catch(() => {});
    assert.deepEqual([limiter.taken, limiter.mostTaken], [0, 1]);
  });
}

test("a caller's signal, and close(), end the wait for a place, and give back the one that is held", async () => {
  for (const end of ["signal", "close"]) {
    const limiter = limiterOf(1);
    const fetch = answering(nothing);
    const controller = new AbortController();
    const [one, other] = [clientOf(fetch, limiter), clientOf(fetch, limiter)];
    const holds = one.profile({ signal: controller.signal });
    await settled();
    const waits = other.profile({ signal: controller.signal });
    await settled();
    assert.deepEqual([limiter.taken, limiter.waiting.length, fetch.requests.length], [1, 1, 1]);
    if (end === "signal") controller.abort(new Error("enough"));
    else for (const client of [one, other]) client.close();
    const ended = (await Promise.allSettled([holds, waits])).map(({ reason }) => reason.code ?? reason.message);
    assert.deepEqual(ended, end === "signal" ? ["enough", "enough"] : ["closed", "closed"]);
    await settled();
    assert.deepEqual([limiter.taken, limiter.waiting.length, fetch.requests.length], [0, 0, 1]);
  }
});

test("a place that comes when nobody waits for it any more is given back", async () => {
  let give;
  let returned = 0;
  const limiter = { enter: () => new Promise((resolve) => (give = resolve)), pause() {} };
  const fetch = answering(() => json({}));
  const controller = new AbortController();
  const call = clientOf(fetch, limiter).profile({ signal: controller.signal });
  await settled();
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  give(() => returned++);
  await settled();
  assert.deepEqual([returned, fetch.requests.length], [1, 0]);
});

test("it is told of a Retry-After before the place comes back, as a Date", async (t) => {
  const time = virtualTime(t);
  const limiter = limiterOf(1);
  const fetch = answering((_, __, index) => (index === 0 ? refusal(429, { "retry-after": "7" }) : json({})));
  const { at } = await time.until(clientOf(fetch, limiter).profile());
  assert.ok(at >= 7000, `${at}`);
  assert.deepEqual(limiter.pauses, [{ until: new Date("2024-05-01T00:00:07Z"), taken: 1 }]);
});

test("what it rejects with, the call rejects with, and nothing is sent", async () => {
  const reason = new Error("the database is gone");
  const fetch = answering(() => json({}));
  const throwing = () => {
    throw reason;
  };
  for (const enter of [() => Promise.reject(reason), throwing]) {
    const error = await clientOf(fetch, { enter, pause() {} }).profile().catch((caught) => caught);
    assert.equal(error, reason);
  }
  assert.equal(fetch.requests.length, 0);
});

test("a pause that it does not take is a warning, and this client waits all the same", async (t) => {
  const time = virtualTime(t);
  const events = [];
  const limiter = Object.assign(limiterOf(1), { pause: () => Promise.reject(new Error("gone")) });
  const fetch = answering((_, __, index) => (index === 0 ? refusal(503, { "retry-after": "3" }) : json({})));
  const { at } = await time.until(clientOf(fetch, limiter, { onEvent: (event) => events.push(event) }).profile());
  assert.ok(at >= 3000);
  assert.equal(events.filter(({ type, code }) => type === "warning" && code === "pause-not-shared").length, 1);
});

test("what is no limiter is refused", async () => {
  for (const limiter of [{}, null, 5, "6", { enter() {} }, { pause() {} }, Promise.resolve(limiterOf(1))]) {
    assert.throws(
      () => clientOf(answering(nothing), limiter),
      (error) => error instanceof OptionError && error.option === "limiter" && /enter and pause/.test(error.message),
    );
  }
  for (const given of [undefined, null, {}, 5]) {
    const call = clientOf(answering(nothing), { enter: async () => given, pause() {} }).profile();
    await assert.rejects(call, (error) => error instanceof OptionError && error.option === "limiter" && /gives the place back/.test(error.message));
  }
});
