// A page uploads a Blob of 100 MB, aborts half-way, is reloaded, and goes on. It takes little memory.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { startSandbox } from "../node/support/sandbox.mjs";
import { arrivals } from "./support/arrived.mjs";
import { browserFor } from "./support/pages.mjs";
import { assertReport } from "./support/reports.mjs";
import { numberOf } from "./support/samples.mjs";

const MIB = 2 ** 20;
const PARTS = { parts: 110, samplesEach: 2000 };
const COUNT = PARTS.parts * PARTS.samplesEach;
/** Bytes allowed for each sample in memory, and on top of all of them. */
const ALLOWED = COUNT * 48 + 64 * MIB;

/**
 * The memory of the processes that show pages, as the system sees it. It includes garbage for as long as the browser
 * keeps it; so, to see what an upload needs, the garbage collector runs all the time meanwhile.
 */
async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const pids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  assert.ok(pids.length > 0);
  const sum = (name) =>
    pids.reduce(
      (sum, pid) =>
        sum + Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))[1]),
      0,
    ) * 1024;
  return {
    now: () => sum("VmRSS"),
    peak: () => sum("VmHWM"),
    /** Resets the peak. */
    forgetPeak: () => pids.forEach((pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5")),
  };
}

const skip = process.platform !== "linux" && "memory is measured as Linux tells it";
test("100 MB, aborted, reloaded, resumed", { skip, timeout: 180_000 }, async (t) => {
  const { browser, context, open, reload } = await browserFor(t);
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  const page = await open();
  const cdp = await context.newCDPSession(page);

  /** One visit: makes the Blob, uploads it, asserts that this takes little memory, and returns the outcome. */
  async function visit(options) {
    const size = await page.evaluate((parts) => globalThis.program.makeBlob(parts), PARTS);
    assert.ok(size >= 100 * MIB, `${size} bytes`);
    await cdp.send("HeapProfiler.collectGarbage");
    const memory = await renderers(browser);
    memory.forgetPeak();
    const before = memory.now();
    let ended = false;
    const sending = page
      .evaluate((options) => globalThis.program.sendBlob(options), { baseUrl: sandbox.url, ...options })
      .finally(() => (ended = true));
    sending.catch(() => {});
    while (!ended) await cdp.send("HeapProfiler.collectGarbage");
    const outcome = await sending;
    const growth = memory.peak() - before;
    const [wasm, ...others] = outcome.wasm;
    assert.deepEqual(others, []);
    const mib = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;
    t.diagnostic(
      `${mib(size)}, ${COUNT} samples: the page took ${mib(growth)} more at most, of them WebAssembly ${mib(wasm)}; ${mib(ALLOWED)} are allowed`,
    );
    assert.ok(wasm <= ALLOWED, `WebAssembly took ${mib(wasm)}`);
    assert.ok(growth <= ALLOWED, `the page took ${mib(growth)}`);
    assert.equal(outcome.last.bytesTotal, size);
    assert.equal(outcome.last.bytesRead, size);
    return outcome;
  }

  const first = await visit({ abortAtHalf: true });
  assert.equal(first.isReason, true, first.error);
  assert.equal(first.last.total, COUNT);
  const acknowledged = first.posts.filter(({ isAcknowledged }) => isAcknowledged);
  const inFlight = first.posts.filter(({ isAcknowledged }) => !isAcknowledged);
  assert.ok(
    acknowledged.length >= first.last.batches / 2 && acknowledged.length < first.last.batches * 0.6,
    `${acknowledged.length} of ${first.last.batches} batches`,
  );
  assert.ok(inFlight.length <= 6);
  const alreadySent = acknowledged.reduce((sum, { count }) => sum + count, 0);

  await reload(page);
  const second = await visit({ abortAtHalf: false });
  assertReport(second.report, { read: COUNT, alreadySent, sent: COUNT - alreadySent, retries: 0 });
  assert.ok(second.posts.every(({ isAcknowledged }) => isAcknowledged));

  // Everything has arrived; only what was in flight has arrived twice.
  const times = new Uint8Array(COUNT);
  for await (const { sample } of arrivals(sandbox)) times[numberOf(sample.start_date)]++;
  let twice = 0;
  for (const [number, arrived] of times.entries()) {
    if (arrived === 1) continue;
    assert.equal(arrived, 2, `sample ${number} arrived ${arrived} times`);
    assert.ok(
      inFlight.some(({ first, last }) => number >= first && number <= last),
      `sample ${number} was sent again after it was acknowledged`,
    );
    twice++;
  }
  const { total, distinct, violationCount } = await sandbox.control("samples");
  assert.deepEqual({ total, distinct, violationCount }, { total: COUNT + twice, distinct: COUNT, violationCount: 0 });
  t.diagnostic(
    `${acknowledged.length} batches were acknowledged before, ${inFlight.length} in flight; ${twice} samples arrived twice`,
  );
});
