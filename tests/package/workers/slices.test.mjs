// How much of the time one plan takes, and that planning in slices comes to the same as planning at once.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../node/support/installed.mjs";
import { appFor } from "../sync/support/app.mjs";
import { mulberry32 } from "../sync/support/random.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { programsFor, workerFor } from "./support/crew.mjs";
import { databaseFor } from "./support/database.mjs";

const { gapIn, later, union } = await import(join(packageFolder, "workers/intervals.js"));
const { nextLength, sliceOf, windowsIn } = await import(join(packageFolder, "workers/slices.js"));

const SINCE = "2025-01-01T00:00:00Z";

/** What `AppClient.plan` gives: windows of at most `longest` seconds for what is not covered, to the server's clock. */
function planned({ since, until, covered }, closed, longest) {
  const end = until < closed ? until : closed;
  const windows = [];
  for (let from = gapIn(covered, since); from < end; from = gapIn(covered, from)) {
    const next = covered.find((stretch) => stretch.since > from)?.since ?? end;
    const before = [later(from, longest), next, end].sort()[0];
    windows.push({ since: from, before });
    from = before;
  }
  return windows;
}

test("slice by slice everything up to the server's clock is planned, and nothing twice that nobody has begun", () => {
  const random = mulberry32(5);
  for (let round = 0; round < 300; round++) {
    const closed = later(SINCE, Math.floor(random() * 100 * 86_400));
    const longest = 60 + Math.floor(random() * 20 * 86_400);
    const overlap = [0, 300, 86_400, 30 * 86_400][round % 4];
    const areTaken = round % 3 === 0;
    let covered = Array.from({ length: round % 5 }, () => Math.floor(random() * 100 * 86_400)).map((at) => ({ since: later(SINCE, at), before: later(SINCE, at + 86_400) }));
    covered = union(covered.filter(({ before }) => before <= closed));
    let [usual, read, plans] = [undefined, 0, 0];
    for (let isMore = true; isMore; plans++) {
      assert.ok(plans < 3000, `it comes to no end: ${JSON.stringify({ closed, longest, overlap })}`);
      const slice = sliceOf({ since: SINCE, covered, usual }, overlap);
      const found = windowsIn(slice, planned(slice.request, closed, longest));
      for (const { since, before } of found.windows) {
        assert.ok(since >= slice.since && before <= slice.before);
        read += (Date.parse(before) - Date.parse(since)) / 1000;
      }
      isMore = gapIn(union([...covered, ...found.windows]), SINCE) >= slice.before;
      // What processes have taken at once counts up to what is settled.
      const settled = found.closed === undefined ? SINCE : later(found.closed, -overlap);
      covered = union([...covered, ...found.windows.map(({ since, before }) => ({ since, before: areTaken && settled < before ? settled : before }))]);
      if (isMore) usual = nextLength(slice.length, found.windows.length);
    }
    const end = gapIn(covered, SINCE);
    if (!areTaken) assert.equal(end >= closed, true, `${end} of ${closed}`);
    else assert.ok(end >= later(closed, -overlap) || end <= SINCE, `${end} of ${closed}`);
  }
});

test("a slice is longer after few windows and shorter after many, by no more than eight times, up to 31 days", () => {
  assert.equal(nextLength(21_600, 1), 172_800);
  assert.equal(nextLength(86_400, 100), 86_400);
  assert.equal(nextLength(86_400, 200), 43_200);
  assert.equal(nextLength(86_400, 100_000), 10_800);
  assert.equal(nextLength(400, 100_000), 300);
  assert.equal(nextLength(20 * 86_400, 1), 31 * 86_400 - 1);
});

test("a first sync of two types: slices have about a hundred windows, take turns, and are read while later ones are planned", { timeout: 240_000 }, async (t) => {
  const atEnd = endOf((stop) => t.after(stop));
  const app = await appFor(atEnd, "--app-records", "60000");
  await app.pass(600);
  await app.control("faults", { latencyMs: 4 });
  const [database, place] = [await databaseFor(atEnd), programsFor(atEnd)];
  const types = ["weights", "sleeps"];
  const worker = workerFor(atEnd, place, { database: database.url, baseUrl: app.url, since: "2024-06-30T12:00:00Z", types, windowRecords: 10 });
  await worker.next(({ type }) => type === "made");
  await worker.ask("drain");
  const plans = worker.told.flatMap((event, index) => (event.type === "plan" ? [{ ...event, index }] : []));
  const most = Math.max(...plans.map(({ windows }) => windows));
  t.diagnostic(plans.map(({ of, windows }) => `${of[0]}${windows}`).join(" "));
  assert.ok(plans.length > 10 && most < 400, `${plans.length} plans of up to ${most} windows`);
  const firstDone = worker.told.findIndex(({ type, state }) => type === "window" && state === "done");
  assert.ok(firstDone < plans[4].index, "windows are done before everything is planned");
  const turns = plans.slice(1).filter(({ of }, index) => of !== plans[index].of).length;
  assert.ok(turns >= plans.length / 3, `${turns} turns`);
  for (const type of types) {
    assert.equal((await database.recordsOf(type)).length, (await app.dump(type)).length);
  }
  // No slice is read again because it has ended: only the last minutes are.
  for (const type of types) {
    const windows = worker.told.filter(({ state, window }) => state === "begun" && window.type === type).map(({ window }) => window);
    windows.sort((one, other) => (one.since < other.since ? -1 : 1));
    for (const [index, { since }] of windows.slice(1).entries()) assert.ok(since >= windows[index].before || since >= "2025-06-30T12:00:00Z", JSON.stringify(windows.slice(index, index + 2)));
  }
});
