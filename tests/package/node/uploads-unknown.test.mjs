// Batches of which nobody knows whether they have arrived: sent again, or held back.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { assertArrived } from "../upload/support/arrived.mjs";
import { endpoint, openStore, uploaderTo } from "../upload/support/endpoint.mjs";
import { assertReport } from "../upload/support/reports.mjs";
import { ndjson, samples } from "../upload/support/samples.mjs";
import { json, nothing, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { failure } from "./support/outcome.mjs";
import { startSandbox } from "./support/sandbox.mjs";
import { virtualTime } from "./support/virtual-time.mjs";

const { ConnectionError } = await imported();

let sandbox;
before(async () => (sandbox = await startSandbox()));
beforeEach(() => sandbox.control("reset", {}));
after(() => sandbox.stop());

const list = samples(100);

/** Answers that are lost, with what the server has made of the request. */
const LOST = [
  ["a connection that breaks before the server acts", { cut: "before" }, 0],
  ["a connection that breaks after the server acted", { cut: "after" }, 10],
  ["a 500 though the server acted", { status: 500, afterActing: true }, 10],
  ["a 502 though the server acted", { status: 502, afterActing: true }, 10],
  ["a 504 though the server acted", { status: 504, afterActing: true }, 10],
  ["a 500 of a server that did nothing", { status: 500 }, 0],
];

for (const [what, fault, arrived] of LOST) {
  const uploader = (store, options) =>
    uploaderTo(undefined, { baseUrl: sandbox.url, token: "demo", store, batchSize: 10, concurrency: 1, ...options });
  const scripted = { method: "POST", nth: 4, ...fault };

  test(`${what}: "resend" sends it again`, async (t) => {
    // No wait before the second attempt.
    t.mock.method(Math, "random", () => 0);
    await sandbox.control("faults", { failNext: [scripted] });
    const report = await uploader(openStore()).upload("steps", list);
    assertReport(report, { read: 100, sent: 100, requests: 11, retries: 1, batches: 10 });
    assert.equal(await assertArrived(sandbox, list), arrived);
  });

  test(`${what}: "hold" never does, whatever comes`, async (t) => {
    t.mock.method(Math, "random", () => 0);
    await sandbox.control("faults", { failNext: [scripted] });
    const store = openStore();
    const held = uploader(store, { onUnknown: "hold" });
    assertReport(await held.upload("steps", list), {
      read: 100,
      sent: 90,
      unknown: 10,
      requests: 10,
      retries: 0,
      batches: 10,
      failures: [],
    });
    assert.equal((await sandbox.control("samples")).total, 90 + arrived);

    assertReport(await held.upload("steps", ndjson(list)), { read: 100, alreadySent: 90, unknown: 10, requests: 0 });
    const plan = await held.plan("steps", list);
    assert.deepEqual([plan.samples, plan.alreadySent, plan.held], [0, 90, 10]);
    const more = samples(30, { first: 100 });
    assertReport(await held.upload("steps", [...list, ...more]), { read: 130, alreadySent: 90, unknown: 10, sent: 30 });
    assert.equal((await sandbox.control("samples")).duplicates, 0);
    // The watermark does not go past what is not known, until it is.
    const [mark] = await held.watermarks("steps").then((marks) => [...marks, undefined]);
    assert.ok(mark === undefined || mark.until < list[30].start_date);

    assertReport(await uploader(store).upload("steps", list), { read: 100, alreadySent: 90, sent: 10 });
    assert.equal(await assertArrived(sandbox, [...list, ...more]), arrived);
    assertReport(await held.upload("steps", list), { read: 100, alreadySent: 100 });
    assert.equal((await held.watermarks("steps"))[0].until, more.at(-1).start_date);
  });
}

for (const status of [408, 425, 429, 503]) {
  test(`"hold" tries again what a ${status} says did not arrive`, async (t) => {
    const time = virtualTime(t);
    const fetch = endpoint((data, index) => (index === 1 ? refusal(status) : undefined));
    const { value } = await time.until(uploaderTo(fetch, { onUnknown: "hold", batchSize: 10 }).upload("steps", list));
    assertReport(value, { read: 100, sent: 100, retries: 1 });
  });
}

test('"hold" tries again where no connection came about', async (t) => {
  const time = virtualTime(t);
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const fetch = endpoint((data, index) => (index === 1 ? Promise.reject(new TypeError("fetch failed", { cause })) : undefined));
  const { value } = await time.until(uploaderTo(fetch, { onUnknown: "hold", batchSize: 10 }).upload("steps", list));
  assertReport(value, { read: 100, sent: 100, retries: 1 });
});

test('"hold": an answer that takes too long is unknown', async (t) => {
  const time = virtualTime(t);
  const fetch = endpoint((data, index) => (index === 2 ? nothing() : undefined));
  const { value, at } = await time.until(
    uploaderTo(fetch, { onUnknown: "hold", batchSize: 10, timeout: 5000 }).upload("steps", list),
  );
  assertReport(value, { read: 100, sent: 90, unknown: 10, retries: 0 });
  assert.ok(at >= 5000);
});

test("a refusal behind an attempt that was lost: the batch is not known to be refused", async (t) => {
  const time = virtualTime(t);
  const store = openStore();
  const fetch = endpoint((data, index) => [() => refusal(504), () => refusal(422)][index]?.());
  const { value } = await time.until(uploaderTo(fetch, { store, concurrency: 1, batchSize: 10 }).upload("steps", list));
  assertReport(value, { read: 100, sent: 90, unknown: value.unknown, failed: value.failed });
  assert.equal(value.unknown + value.failed, 10);
  t.mock.reset();
  // So "hold" does not send it either.
  const next = endpoint();
  const report = await uploaderTo(next, { store, onUnknown: "hold" }).upload("steps", list);
  assertReport(report, { read: 100, alreadySent: 90, unknown: 10 });
  assert.deepEqual(next.posts, []);
});

test('"hold" takes a connection for broken when one answer after the other is lost', async () => {
  const concurrency = 2;
  const fetch = endpoint((data, index) => (index < 3 ? undefined : Promise.reject(new TypeError("fetch failed"))));
  const error = await failure(() =>
    uploaderTo(fetch, { onUnknown: "hold", concurrency, batchSize: 10 }).upload("steps", samples(1000)),
  );
  assert.ok(error instanceof ConnectionError, String(error));
  const { report } = error;
  assertReport(report, { read: 1000, sent: 30, unknown: report.unknown, failed: report.failed });
  assert.ok(
    report.unknown >= 10 * (concurrency + 3) && report.unknown <= 10 * (2 * concurrency + 3),
    `${report.unknown} unknown`,
  );
});

test('"hold": a lost answer now and then does not end it', async () => {
  const fetch = endpoint((data, index) => (index % 2 === 0 ? Promise.reject(new TypeError("fetch failed")) : undefined));
  const report = await uploaderTo(fetch, { onUnknown: "hold", concurrency: 1, batchSize: 10 }).upload("steps", samples(400));
  assertReport(report, { read: 400, sent: 200, unknown: 200, batches: 40, requests: 40 });
});

for (const onUnknown of ["hold", "resend"]) {
  test(`a process that died with batches in flight (${onUnknown})`, async () => {
    const store = openStore();
    const copies = [];
    // As it was on the disk at the moment of each request.
    const fetch = endpoint(() => void copies.push(new Map(store.values)));
    const last = samples(2, { first: 500 });
    await uploaderTo(endpoint(), { store }).upload("steps", last);
    await uploaderTo(fetch, { store, batchSize: 10, concurrency: 1 }).upload("steps", list.slice(0, 98));
    for (const [index, copy] of copies.entries()) {
      const survivor = openStore();
      for (const [key, value] of copy) survivor.values.set(key, value);
      const next = endpoint();
      const report = await uploaderTo(next, { store: survivor, onUnknown }).upload("steps", list.slice(0, 98));
      // What was held before goes along, now or with a later upload.
      const { held } = report;
      assert.ok(held === 0 || held === 2);
      const open = 10;
      const rest = 100 - 10 * index - (onUnknown === "hold" ? open : 0);
      assertReport(report, {
        read: 98,
        carried: report.carried,
        alreadySent: report.alreadySent,
        sent: report.sent,
        held,
        unknown: report.unknown,
        duplicates: report.duplicates,
      });
      assert.equal(report.unknown, onUnknown === "hold" ? open : 0);
      assert.equal(report.alreadySent, 10 * index);
      assert.equal(report.sent + held, rest);
      const again = new Set(fetch.posts[index].data.map(({ start_date }) => start_date));
      const sentAgain = next.posts.flatMap(({ data }) => data).filter(({ start_date }) => again.has(start_date)).length;
      assert.equal(sentAgain, onUnknown === "hold" ? 0 : open);
    }
  });
}

test("an answer of 200 is an acknowledgement where it is empty or JSON", async () => {
  const answers = [() => new Response(null), () => new Response(" "), () => json({ accepted: 10 }), () => json(null)];
  const fetch = endpoint((data, index) => answers[index % answers.length]());
  assertReport(await uploaderTo(fetch, { batchSize: 10 }).upload("steps", list), { read: 100, sent: 100, requests: 10 });
});

test("a redirect is not followed, and nothing is known to have been sent", async () => {
  const fetch = endpoint(() => new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } }));
  const error = await failure(() => uploaderTo(fetch, { concurrency: 1 }).upload("steps", list));
  assert.equal(error.name, "ProtocolError");
  assertReport(error.report, { read: 100, failed: 100, requests: 1 });
});
