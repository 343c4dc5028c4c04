// What must be true of every report.

import assert from "node:assert/strict";

const COUNTS = [
  "read",
  "carried",
  "sent",
  "resent",
  "alreadySent",
  "duplicates",
  "rejectedCount",
  "held",
  "unknown",
  "failed",
  "batches",
  "requests",
  "retries",
  "bytesSent",
];
const LISTS = ["rejected", "failures", "watermarks"];

/** Asserts that a report is consistent and has the members in `counts`. All other counts of samples must be 0. */
export function assertReport(report, counts = {}) {
  // `warnings` is only there if there are any.
  assert.deepEqual(Object.keys(report).sort(), [...COUNTS, ...LISTS, ...("warnings" in report ? ["warnings"] : [])].sort());
  for (const name of COUNTS) assert.ok(Number.isSafeInteger(report[name]) && report[name] >= 0, `${name} is ${report[name]}`);
  const { read, carried, sent, alreadySent, duplicates, rejectedCount, held, unknown, failed } = report;
  assert.equal(
    read + carried,
    sent + alreadySent + duplicates + rejectedCount + held + unknown + failed,
    `it does not add up: ${JSON.stringify(report)}`,
  );
  assert.equal(report.rejected.length, Math.min(rejectedCount, 1000));
  assert.equal(
    report.failures.reduce((sum, { count }) => sum + count, 0),
    failed,
  );
  assert.ok(report.retries <= report.requests);
  assert.ok(report.resent === 0 || report.retries > 0);
  const sum = { read: 0, carried: 0, sent: 0, alreadySent: 0, duplicates: 0, rejectedCount: 0, held: 0, unknown: 0, failed: 0 };
  const wanted = { ...sum, ...counts };
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, report[name]])), wanted);
  return report;
}

/** Records progress. `assertEnded` asserts that it only ever grew, and ended as the report says. */
export function progressKept() {
  const events = [];
  const onProgress = (progress) => events.push(progress);
  const assertEnded = (report) => {
    for (const [index, progress] of events.entries()) {
      const before = events[index - 1] ?? {};
      for (const name of ["read", "rejected", "alreadySent", "sent", "batchesDone", "batches", "bytesRead"]) {
        assert.ok((progress[name] ?? 0) >= (before[name] ?? 0), `${name} went from ${before[name]} to ${progress[name]}`);
      }
      if (before.total !== undefined) assert.equal(progress.total, before.total);
      assert.ok(progress.sent <= (progress.total ?? 0), "sent before it was known what is to be sent");
      assert.ok(progress.batchesDone <= (progress.batches ?? 0));
      assert.ok(progress.rejected <= progress.read);
      if (progress.bytesTotal !== undefined) assert.ok(progress.bytesRead <= progress.bytesTotal);
    }
    const last = events.at(-1);
    assert.equal(last.read, report.read);
    assert.equal(last.rejected, report.rejectedCount);
    assert.equal(last.sent, report.sent);
    assert.equal(last.alreadySent, report.alreadySent);
    assert.equal(last.batchesDone, report.batches);
  };
  return { events, onProgress, assertEnded };
}
