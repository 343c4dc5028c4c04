// Two tabs of one origin upload the same samples at the same time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertArrived } from "./support/arrived.mjs";
import { browserFor } from "./support/pages.mjs";
import { assertReport } from "./support/reports.mjs";
import { samples } from "./support/samples.mjs";

test("each sample arrives once", { timeout: 120_000 }, async (t) => {
  const { open } = await browserFor(t);
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  const tabs = await Promise.all([open(), open()]);
  const options = { baseUrl: sandbox.url, count: 5003, batchSize: 100 };
  const reports = await Promise.all(tabs.map((tab) => tab.evaluate((options) => globalThis.program.send(options), options)));
  for (const report of reports) assertReport(report, { read: 5003, sent: report.sent, alreadySent: 5003 - report.sent });
  assert.equal(
    reports.reduce((sum, { sent }) => sum + sent, 0),
    5003,
  );
  assert.equal(await assertArrived(sandbox, samples(5003)), 0);

  // If a tab is closed during its upload, the other one goes on.
  const more = { ...options, count: 30_000 };
  const [first, second] = tabs;
  const begun = new Promise((resolve) => first.once("request", resolve));
  const lost = first.evaluate((options) => globalThis.program.send(options), more).catch(() => "gone");
  await begun;
  const waiting = second.evaluate((options) => globalThis.program.send(options), more);
  await first.close();
  assert.equal(await lost, "gone");
  const report = await waiting;
  assertReport(report, { read: 30_000, sent: report.sent, alreadySent: 30_000 - report.sent });
  // Only samples that were in flight when it was closed may arrive twice.
  const repeats = await assertArrived(sandbox, samples(30_000));
  assert.ok(repeats <= 6 * 100, `${repeats} samples arrived twice`);
});
