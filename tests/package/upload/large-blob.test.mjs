// A Blob of 100 MB in a page: aborted half-way, the page reloaded, and gone on with. It takes little memory.

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
/** What a held sample may take, and what may come on top of all of them. */
const ALLOWED = COUNT * 48 + 64 * MIB;

/**
 * Memory of the processes that show pages, as the system sees it: everything that is in them. What nobody needs any more is
 * in them too, for as long as the browser likes; to see what an upload needs, the collector runs all the time meanwhile.
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
    /** From here on the peak is that of what comes. */
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

  /** One visit: the Blob is made anew and sent. Gives what came of it, and the most memory that it took above what there was before. */
  async function visit(given) {
    const size = await page.evaluate((parts) => globalThis.program.makeBlob(parts), PARTS);
    assert.ok(size >= 100 * MIB, `${size} bytes`);
    await cdp.send("HeapProfiler.collectGarbage");
    const memory = await renderers(browser);
    memory.forgetPeak();
    const before = memory.now();
    let ended = false;
    const sending = page
      .evaluate((given) => globalThis.program.sendBlob(given), { baseUrl: sandbox.url, ...given })
      .finally(() => (ended = true));
    sending.catch(() => {});
    while (!ended) await cdp.send("HeapProfiler.collectGarbage");
    const outcome = await sending;
    const taken = memory.peak() - before;
    const [wasm, ...others] = outcome.wasm;
    assert.deepEqual(others, []);
    const mib = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;
    t.diagnostic(
      `${mib(size)}, ${COUNT} samples: the page took ${mib(taken)} more at most, of them WebAssembly ${mib(wasm)}; ${mib(ALLOWED)} are allowed`,
    );
    assert.ok(wasm <= ALLOWED, `WebAssembly took ${mib(wasm)}`);
    assert.ok(taken <= ALLOWED, `the page took ${mib(taken)}`);
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

  // Everything is there; twice is only what was in flight.
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
