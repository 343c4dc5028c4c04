// Which samples form a batch, in which order, and what becomes of batches that the server does not take.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { assertArrived } from "../../upload/support/arrived.mjs";
import { endpoint, openStore, uploaderTo } from "../../upload/support/endpoint.mjs";
import { sizesOf } from "../../upload/support/oracle.mjs";
import { assertReport, progressKept } from "../../upload/support/reports.mjs";
import { samples } from "../../upload/support/samples.mjs";
import { refusal } from "../support/answers.mjs";
import { startSandbox } from "../support/sandbox.mjs";

let sandbox;
before(async () => (sandbox = await startSandbox()));
beforeEach(() => sandbox.control("reset", {}));
after(() => sandbox.stop());

const toSandbox = (options) => uploaderTo(undefined, { baseUrl: sandbox.url, token: "demo", ...options });

for (const batchSize of [3, 4, 5, 7, 1000]) {
  test(`as few batches as possible, of 3 to ${batchSize} samples`, async () => {
    for (const count of [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 999, 1000, 1001, 1002, 1003, 1998, 1999, 2000, 2001, 2002, 2003,
    ]) {
      const fetch = endpoint();
      const report = await uploaderTo(fetch, { batchSize, concurrency: 1 }).upload("steps", samples(count));
      const [sizes, held] = sizesOf(count, batchSize);
      assert.deepEqual(
        fetch.accepted.map(({ length }) => length),
        sizes,
        `${count}`,
      );
      assertReport(report, { read: count, sent: count - held, held, batches: sizes.length, requests: sizes.length, retries: 0 });
    }
  });
}

test("samples are sorted by the instant of their start, whatever its offset; equal starts keep their order", async () => {
  const at = (start_date, value) => ({ device_name: "A", start_date, unit: "count", value });
  const unsorted = [
    at("2024-03-31T03:00:00+02:00", 1),
    at("2024-03-31T01:59:59.999999999+01:00", 2),
    at("2024-03-30T20:00:00-05:00", 3),
    at("2024-03-31T00:59:59.9999999980Z", 4),
    at("2024-03-31T01:00:00.000Z", 5),
    at("2024-03-31T00:00:00+23:59", 6),
    at("1969-12-31T23:59:59Z", 7),
  ];
  const fetch = endpoint();
  await uploaderTo(fetch).upload("steps", unsorted);
  assert.deepEqual(fetch.accepted, [[7, 6, 4, 2, 1, 3, 5].map((value) => unsorted[value - 1])]);
});

test("dates arrive exactly as they were written", async () => {
  const texts = [
    "2023-11-01T08:04:51.000+04:00",
    "2023-11-01T08:04:52+05:45",
    "2023-11-01T04:04:53Z",
    "2023-11-01T04:04:54.10-00:00",
    "2023-11-01T04:04:55.123456789+00:00",
    "2023-11-01T04:04:56.0000000000Z",
  ];
  const dated = texts.map((start_date) => ({
    device_name: "A",
    device_version: 'ä\u2028"\\\u0001😀',
    start_date,
    end_date: "2023-12-31T23:59:59.5-11:30",
    unit: "count",
    value: 0.1,
  }));
  await toSandbox().upload("steps", dated);
  const lines = (await (await fetch(new URL("/_sandbox/samples/dump", sandbox.url))).text()).trimEnd().split("\n");
  assert.deepEqual(
    lines
      .map((line) => JSON.parse(line).sample)
      .sort((one, other) => texts.indexOf(one.start_date) - texts.indexOf(other.start_date)),
    dated,
  );
});

test("in many parallel batches, the samples of each device are in order", async () => {
  const list = samples(2000)
    .concat(samples(2000, { device_name: "Watch", first: 500 }), samples(100, { device_name: "Ring", first: 100 }))
    .reverse();
  const report = await toSandbox({ batchSize: 50 }).upload("steps", list);
  assertReport(report, { read: 4100, sent: 4100, batches: 82 });
  assert.equal(await assertArrived(sandbox, list), 0);
  const { requests, bytes } = await sandbox.control("samples");
  assert.deepEqual([report.requests, report.bytesSent], [requests, bytes]);
});

for (const [limit, least] of [
  [{ maxSamples: 100 }, 50],
  [{ maxBodyBytes: 20_000 }, 50],
  [{ maxSamples: 5 }, 3],
  [{ maxSamples: 3 }, 3],
]) {
  test(`a server that takes ${JSON.stringify(limit)} gets batches that are small enough`, async () => {
    await sandbox.control("faults", limit);
    const list = samples(1003);
    const progress = progressKept();
    const report = await toSandbox().upload("steps", list, { onProgress: progress.onProgress });
    if (limit.maxSamples === 3) {
      // Batches of 4 and 5 cannot be halved.
      assert.ok(report.failed > 0 && report.sent > 0);
      assert.ok(report.failures.every(({ status, count }) => status === 413 && (count === 4 || count === 5)));
      assertReport(report, { read: 1003, sent: report.sent, failed: report.failed });
    } else {
      assertReport(report, { read: 1003, sent: 1003 });
      assert.equal(await assertArrived(sandbox, list), 0);
    }
    progress.assertEnded(report);
    assert.equal(progress.events.at(-1).batches, report.batches);
    const { batchSizes } = await sandbox.control("samples");
    assert.ok(Object.keys(batchSizes).every((size) => Number(size) >= Math.min(3, least)));
  });
}

test("once a body was too large, none as large is sent", async () => {
  const fetch = endpoint((data) => (data.length > 60 ? refusal(413) : undefined));
  let most = Infinity;
  const watching = async (url, init) => {
    assert.ok(init.body.length < most, `${init.body.length} bytes after a refusal of ${most}`);
    const answer = await fetch(url, init);
    if (answer.status === 413) most = Math.min(most, init.body.length);
    return answer;
  };
  const report = await uploaderTo(watching, { concurrency: 1 }).upload("steps", samples(3000, { value: 100 }));
  assertReport(report, { read: 3000, sent: 3000 });
  assert.ok(fetch.accepted.every(({ length }) => length >= 3));
  const tries = report.requests - report.batches;
  assert.equal(report.retries, 0);
  assert.ok(tries >= 4 && tries <= 6, `${tries} requests were too large`);
});

for (const status of [400, 402, 403, 404, 405, 409, 410, 411, 415, 418, 422, 451]) {
  test(`a batch that is refused with ${status} fails, and the others go on`, async () => {
    // Positions are those in the source, which is in reverse order.
    const list = samples(50).reverse();
    const isBad = ({ start_date }) => start_date === list[25].start_date;
    let isOpen = false;
    const fetch = endpoint((data) =>
      data.some(isBad) && !isOpen ? new Response(`<html>${list[25].value} steps are not good</html>`, { status }) : undefined,
    );
    const store = openStore();
    const uploader = uploaderTo(fetch, { batchSize: 10, store });
    const report = await uploader.upload("steps", list);
    assertReport(report, { read: 50, sent: 40, failed: 10, batches: 5, requests: 5, retries: 0 });
    const [{ message, ...failure }, ...others] = report.failures;
    assert.deepEqual([failure, others], [{ status, first: 20, count: 10 }, []]);
    assert.ok(message.length > 10 && !message.includes("steps are") && !message.includes("html"), message);
    // A refused batch was not sent: the next upload tries again.
    isOpen = true;
    assertReport(await uploader.upload("steps", list), { read: 50, sent: 10, alreadySent: 40 });
  });
}

test("if all batches are refused, the upload still resolves with a report", async () => {
  const report = await uploaderTo(
    endpoint(() => refusal(422)),
    { batchSize: 3 },
  ).upload("steps", samples(30));
  assertReport(report, { read: 30, failed: 30, batches: 10 });
  assert.deepEqual(report.watermarks, []);
  assert.equal(report.failures.length, 10);
});

test("a batch is accepted or refused as a whole: the report agrees with the sandbox", async () => {
  await sandbox.control("faults", {
    failNext: [
      { method: "POST", nth: 3, status: 422 },
      { method: "POST", nth: 5, status: 503 },
    ],
  });
  const list = samples(500);
  const report = await toSandbox({ batchSize: 50, concurrency: 1 }).upload("steps", list);
  assertReport(report, { read: 500, sent: 450, failed: 50, requests: 11, retries: 1 });
  assert.equal((await sandbox.control("samples")).distinct, 450);
  assert.equal(report.failures[0].first, 100);
});
