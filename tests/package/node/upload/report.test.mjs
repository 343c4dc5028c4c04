// Uploads that are stopped: their errors, the reports on them, and that the next upload goes on from there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { endpoint, openStore, uploaderTo } from "../../upload/support/endpoint.mjs";
import { assertReport, progressKept } from "../../upload/support/reports.mjs";
import { ndjson, samples } from "../../upload/support/samples.mjs";
import { nothing, refusal } from "../support/answers.mjs";
import { imported } from "../support/installed.mjs";
import { failure } from "../support/outcome.mjs";
import { virtualTime } from "../support/virtual-time.mjs";

const { AuthenticationError, ConnectionError, HumansyncError, RateLimitError, ServerError, StoreError, TimeoutError } =
  await imported();

const list = samples(100);
const refused = () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }));
const broken = () => Promise.reject(new TypeError("fetch failed"));

for (const [what, respond, constructor, options, lost] of [
  ["a token that is not accepted", () => refusal(401), AuthenticationError, {}, "failed"],
  ["retries used up over 503", () => refusal(503), ServerError, { maxRetries: 2 }, "failed"],
  ["retries used up over 429", () => refusal(429), RateLimitError, { maxRetries: 2 }, "failed"],
  ["retries used up over 408", () => refusal(408), HumansyncError, { maxRetries: 1 }, "failed"],
  ["retries used up over 500", () => refusal(500), ServerError, { maxRetries: 2 }, "unknown"],
  ["retries used up over 504", () => refusal(504), ServerError, { maxRetries: 0 }, "unknown"],
  ["a pause that is too long", () => refusal(429, { "retry-after": "9999" }), RateLimitError, {}, "failed"],
  ["connections that are refused", refused, ConnectionError, { maxRetries: 1 }, "failed"],
  ["connections that break", broken, ConnectionError, { maxRetries: 1 }, "unknown"],
  ["answers that do not come", nothing, TimeoutError, { maxRetries: 0, timeout: 1000 }, "unknown"],
]) {
  for (const begin of [0, 3]) {
    test(`${what}, after ${begin} batches`, async (t) => {
      const time = virtualTime(t);
      const store = openStore();
      const fetch = endpoint((data, index) => (index < begin ? undefined : respond()));
      const upload = uploaderTo(fetch, { store, batchSize: 10, concurrency: 2, ...options }).upload("steps", list);
      const { error } = await time.until(upload);
      assert.ok(error instanceof constructor, String(error));
      const { report } = error;
      const sent = begin * 10;
      assertReport(report, { read: 100, sent, failed: report.failed, unknown: 100 - sent - report.failed });
      // At most two batches were in flight; the others were never sent.
      if (lost === "unknown") assert.ok(report.unknown === 10 || report.unknown === 20, `${report.unknown} unknown`);
      else assert.equal(report.unknown, 0);
      assert.equal(fetch.accepted.length, begin);
      assert.equal(report.requests, fetch.posts.length);
      assert.equal(Object.keys(error).includes("report"), false, "no log takes it along");
      assert.ok(!inspect(error).includes("watermarks"));
      t.mock.reset();

      const good = endpoint();
      const next = await uploaderTo(good, { store, batchSize: 10 }).upload("steps", list);
      assertReport(next, { read: 100, sent: 100 - sent, alreadySent: sent });
      assert.deepEqual(
        good.accepted
          .flat()
          .map(({ start_date }) => start_date)
          .sort(),
        list.slice(sent).map(({ start_date }) => start_date),
      );
    });
  }
}

test("the error for a pause that is too long says when to try again", async () => {
  const fetch = endpoint(() => refusal(429, { "retry-after": "9999" }));
  const before = Date.now();
  const error = await failure(() => uploaderTo(fetch).upload("steps", list));
  assert.ok(Math.abs(error.retryAt.getTime() - before - 9_999_000) < 60_000);
  assert.equal(fetch.posts.length, 1);
});

test("after a 401 the token is refreshed first, and batches in flight are counted once", async () => {
  let calls = 0;
  const fetch = endpoint((data, index, request) =>
    request.headers.get("authorization") === "Bearer new" ? undefined : refusal(401),
  );
  const report = await uploaderTo(fetch, { token: () => (calls++ === 0 ? "old" : "new"), batchSize: 10 }).upload("steps", list);
  assertReport(report, { read: 100, sent: 100, batches: 10, requests: report.requests, retries: report.requests - 10 });
});

/** The calls of a store during an upload in which nothing fails. */
async function callsOf(options) {
  const calls = [];
  const store = openStore((method) => void calls.push(method));
  const uploader = uploaderTo(endpoint(), { store, ...options });
  await uploader.upload("steps", samples(2, { first: 200 }));
  calls.length = 0;
  await uploader.upload("steps", [...list, null]);
  return calls;
}

for (const onUnknown of ["resend", "hold"]) {
  test(`a store that fails at any moment (${onUnknown}): the report adds up, and nothing is lost`, async () => {
    const options = { batchSize: 20, concurrency: 2, onUnknown };
    const calls = await callsOf(options);
    assert.ok(calls.length > 20 && new Set(calls).size === 5, String(calls));
    const failedAt = new Set();
    for (let at = 0; at < calls.length; at++) {
      const why = new Error("the disk is full");
      let left = Infinity;
      const store = openStore((method) => {
        if (left-- === 0) {
          failedAt.add(method);
          throw why;
        }
      });
      const fetch = endpoint();
      const uploader = uploaderTo(fetch, { store, ...options });
      await uploader.upload("steps", samples(2, { first: 200 }));
      left = at;
      const error = await uploader.upload("steps", [...list, null]).then(assert.fail, (error) => error);
      left = Infinity;
      assert.ok(error instanceof StoreError && error.cause === why, `call ${at}: ${error}`);
      const { report } = error;
      const wanted = Object.fromEntries(
        ["carried", "sent", "duplicates", "held", "unknown", "failed"].map((name) => [name, report[name]]),
      );
      assertReport(report, { read: 101, rejectedCount: 1, ...wanted });
      assert.equal(report.sent, fetch.accepted.flat().length, `call ${at}`);

      const next = await uploader.upload("steps", [...list, null]);
      const { carried, duplicates, sent, alreadySent, unknown, held } = next;
      assertReport(next, { read: 101, rejectedCount: 1, carried, duplicates, sent, alreadySent, unknown, held });
      const times = new Map();
      for (const { start_date } of fetch.accepted.flat()) times.set(start_date, (times.get(start_date) ?? 0) + 1);
      const twice = [...times.values()].filter((count) => count > 1).length;
      const missing = 102 - times.size;
      // The samples that are held back may have arrived, but this is not known.
      if (onUnknown === "hold")
        assert.ok(
          missing >= held && missing <= held + unknown,
          `call ${at}: ${missing} are missing, ${held} held, ${unknown} unknown`,
        );
      else assert.equal(missing, held, `call ${at}`);
      if (onUnknown === "hold") assert.equal(twice, 0);
      else assert.ok(twice <= 40, `${twice} arrived twice`);
    }
    assert.deepEqual(failedAt, new Set(calls));
  });
}

for (const [what, lock] of [
  ["rejects", () => Promise.reject(new Error("no lock"))],
  [
    "throws",
    () => {
      throw new Error("no lock");
    },
  ],
  ["does not run what it is given", async () => {}],
]) {
  test(`a lock that ${what} ends the upload, and nothing is sent`, async () => {
    const fetch = endpoint();
    const error = await failure(() => uploaderTo(fetch, { store: { ...openStore(), lock } }).upload("steps", list));
    assert.ok(error instanceof StoreError, String(error));
    assertReport(error.report, { read: 100, failed: 100, requests: 0 });
    assert.deepEqual(fetch.posts, []);
  });
}

test("a lock that fails on release is an error, with all that was sent in its report", async () => {
  const lock = async (name, work) => {
    await work();
    throw new Error("lost");
  };
  const error = await failure(() => uploaderTo(endpoint(), { store: { ...openStore(), lock } }).upload("steps", list));
  assert.ok(error instanceof StoreError);
  assertReport(error.report, { read: 100, sent: 100 });
});

test("what onProgress throws at any call ends the upload; the next one sends the rest", async () => {
  let calls = 0;
  await uploaderTo(endpoint(), { batchSize: 10 }).upload("steps", ndjson(list), { onProgress: () => void calls++ });
  assert.ok(calls >= 12, `${calls} calls`);
  for (let at = 0; at < calls; at++) {
    const enough = new Error("enough");
    const store = openStore();
    const fetch = endpoint();
    const uploader = uploaderTo(fetch, { store, batchSize: 10 });
    let left = at;
    const onProgress = () => {
      if (left-- === 0) throw enough;
    };
    assert.equal(await uploader.upload("steps", ndjson(list), { onProgress }).then(assert.fail, (error) => error), enough);
    const sent = fetch.accepted.flat().length;
    const next = await uploader.upload("steps", ndjson(list));
    assertReport(next, { read: 100, sent: 100 - sent, alreadySent: sent });
    assert.equal(fetch.accepted.flat().length, 100, "none twice");
  }
});

test("progress only grows, and knows the total once everything is read", async (t) => {
  const time = virtualTime(t);
  const fetch = endpoint((data, index) => (index % 4 === 1 ? refusal(503) : data.length > 300 ? refusal(413) : undefined));
  const progress = progressKept();
  const source = new Blob([ndjson(samples(20_000))]);
  const { value: report } = await time.until(uploaderTo(fetch).upload("steps", source, { onProgress: progress.onProgress }));
  assertReport(report, { read: 20_000, sent: 20_000 });
  progress.assertEnded(report);
  const { events } = progress;
  assert.equal(events[0].total, undefined);
  assert.equal(events[0].batches, undefined);
  assert.ok(events.filter(({ total }) => total === undefined).length >= source.size / 2 ** 20, "progress at least every megabyte");
  assert.ok(events.every(({ bytesTotal }) => bytesTotal === source.size));
  assert.equal(events.find(({ total }) => total !== undefined).sent, 0);
  assert.equal(events.filter(({ batchesDone }) => batchesDone > 0).length, report.batches);
});

test("a plan says what the upload does then, and changes nothing", async () => {
  const store = openStore();
  const fetch = endpoint();
  const uploader = uploaderTo(fetch, { store, batchSize: 7 });
  await uploader.upload("steps", samples(20, { first: 40 }));
  await uploader.upload("steps", samples(2, { first: 300, device_name: "Ring" }));
  const source = [...samples(81, { device_name: "Watch" }), null, ...list, ...samples(10), { ...list[0], value: -1 }];
  for (const form of [source, source.map((one) => JSON.stringify(one)).join("\n")]) {
    const before = structuredClone(store.values);
    const posts = fetch.posts.length;
    const plan = await uploader.plan("steps", form);
    assert.deepEqual(store.values, before);
    assert.equal(fetch.posts.length, posts);
    assert.deepEqual(await uploader.plan("steps", form), plan);

    const report = await uploader.upload("steps", form);
    const sent = fetch.accepted.slice(posts).flat();
    const starts = sent.map(({ start_date }) => Date.parse(start_date));
    const { first, last, devices, byDevice, ...counts } = plan;
    assert.deepEqual(counts, {
      samples: report.sent,
      batches: report.batches,
      alreadySent: report.alreadySent,
      duplicates: report.duplicates,
      held: report.held,
      rejectedCount: report.rejectedCount,
      rejected: report.rejected,
    });
    assert.deepEqual([...devices].sort(), [...new Set(sent.map(({ device_name }) => device_name))].sort());
    assert.deepEqual(
      byDevice.map(({ first, last, ...rest }) => ({ ...rest, first: Date.parse(first), last: Date.parse(last) })),
      devices.map((device) => {
        const starts = sent.filter(({ device_name }) => device_name === device).map(({ start_date }) => Date.parse(start_date));
        return { device, samples: starts.length, first: Math.min(...starts), last: Math.max(...starts) };
      }),
    );
    if (sent.length > 0) assert.deepEqual([Date.parse(first), Date.parse(last)], [Math.min(...starts), Math.max(...starts)]);
    else assert.deepEqual([first, last, "first" in plan, "last" in plan], [undefined, undefined, false, false]);
  }
});

test("the first and the last of a plan are written as they were given", async () => {
  const at = (start_date) => ({ device_name: "A", start_date, unit: "count", value: 1 });
  const { first, last } = await uploaderTo(endpoint()).plan("steps", [
    at("2024-01-01T02:00:00.00+02:00"),
    at("2023-12-31t20:00:00-05:00"),
    at("2023-12-31 23:59:59z"),
  ]);
  assert.deepEqual([first, last], ["2023-12-31T23:59:59Z", "2023-12-31T20:00:00-05:00"]);
});

test("a plan reports its progress and each rejected sample; an error of a callback ends it", async () => {
  const uploader = uploaderTo(endpoint());
  const source = [...samples(10), null, { ...samples(1)[0], value: 0 }];
  const progress = [];
  const rejected = [];
  const plan = await uploader.plan("steps", new Blob([source.map((one) => JSON.stringify(one)).join("\n")]), {
    onProgress: (one) => progress.push(one),
    onRejected: (one) => rejected.push(one),
  });
  assert.deepEqual(rejected, plan.rejected);
  assert.equal(rejected.length, 2);
  const { read, sent, total, bytesRead, bytesTotal } = progress.at(-1);
  assert.deepEqual({ read, sent, total }, { read: 12, sent: 0, total: undefined });
  assert.equal(bytesRead, bytesTotal);

  const enough = new Error("enough");
  for (const name of ["onProgress", "onRejected"]) {
    await assert.rejects(
      uploader.plan("steps", source, {
        [name]() {
          throw enough;
        },
      }),
      (error) => error === enough,
    );
  }
});
