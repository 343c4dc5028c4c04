// Syncs a year of all users into SQLite, then rounds of changes with a run after each. The tables always equal the server's,
// row by row.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { TYPES, SINCE, appFor, assertEqual, assertWithinRules, consume, consumersFor } from "./support/app.mjs";
import { tablesFor } from "./support/reading.mjs";

const LONGEST_WINDOW = 31 * 86_400;

for (const [name, records, faults] of [
  ["bounds as documented", 60_000, {}],
  ["since excluded, before included", 24_000, { sinceExclusive: true, beforeInclusive: true }],
  ["in the order in which things were recorded", 24_000, { batchOrder: "recorded" }],
]) {
  test(`a year of 1 000 users, and ten rounds of changes: ${name}`, async (t) => {
    const app = await appFor((stop) => after(stop), "--app-records", String(records));
    await app.control("faults", faults);
    const place = consumersFor((remove) => after(remove));
    const options = { database: `${place}/users.db`, folder: `${place}/positions`, baseUrl: app.url, since: SINCE };
    const rows = () => assertEqual(app, tablesFor(options.database));

    const least = await leastRequests(app);
    const first = await synced(place, options);
    const kept = await rows();
    t.diagnostic(`${kept} rows in 16 tables; ${first.requests} requests, at least ${least} are needed`);
    assert.equal(first.records, kept, "each record was delivered once");
    // Pages overlap by a record and windows by a second. A window of one page takes another request if no page of its
    // type has been larger so far.
    assert.ok(first.requests <= least * 1.3 + TYPES.length, `${first.requests} requests for ${least}`);

    let ran = Date.parse((await app.look()).now);
    for (let round = 1; round <= 10; round++) {
      // Every third run begins in the same second as the one before.
      if (round % 3 !== 0) await app.pass([1, 40, 900, 86_400][round % 4]);
      const running = await updatedSince(app, ran - 65_000);
      ran = Date.parse((await app.look()).now);
      const change = { insert: 3, late: 3, visibleLate: 4, lateSeconds: 200, update: 9, future: 2, futureSeconds: 90_000, sameSecond: 7 };
      const changed = Object.values(await app.change(change));
      // Traits do not say when they were updated, so recent ones are delivered in each run.
      const most = changed.slice(0, -1).reduce((sum, { inserted, updated }) => sum + inserted + updated, running);
      const report = await synced(place, options);
      await rows();
      const delivered = report.records - report.types.genetic_traits.records;
      assert.ok(delivered <= most, `${delivered} records delivered for ${most} changes`);
      // A page with new records, and the empty one after it.
      assert.ok(report.requests <= 3 * TYPES.length, `${report.requests} requests`);
    }
    // A week passes without runs or changes. Records whose tick was running, or that were dated ahead, come for the last
    // time.
    const running = await updatedSince(app, ran - 65_000);
    await app.pass(7 * 86_400);
    const last = await synced(place, options);
    assert.ok(last.records - last.types.genetic_traits.records <= running, `${last.records} records delivered, ${running} were running`);
    await app.pass(7 * 86_400);
    const quiet = await synced(place, options);
    assert.equal(quiet.records - quiet.types.genetic_traits.records, 0);
    // No run for a quarter of a year.
    await app.pass(90 * 86_400);
    await app.change({ insert: 40, late: 40, update: 60 });
    await synced(place, options);
    await rows();
    await assertWithinRules(app);
  });
}

/** Makes a run that succeeds, and returns its report. */
async function synced(place, options) {
  const { steps, code, complaint } = await consume(place, options);
  assert.equal(code, 0, complaint);
  return steps.at(-1).report;
}

/**
 * How many records, traits apart, were updated since a moment. A record that a run read within 65 seconds of its update
 * may change once more under the same `updatedAt`, so the next run delivers it again.
 */
async function updatedSince(app, moment) {
  let count = 0;
  for (const type of TYPES.filter((type) => type !== "genetic_traits")) {
    count += (await app.dump(type)).filter(({ updatedAt }) => Date.parse(updatedAt) >= moment).length;
  }
  return count;
}

/** The fewest requests: one for each page of 500 records in each window of 31 days. */
async function leastRequests(app) {
  const now = Date.parse((await app.look()).now) / 1000;
  const since = Date.parse(SINCE) / 1000;
  let least = 0;
  for (const type of TYPES) {
    const updates = (await app.dump(type)).map(({ updatedAt }) => Date.parse(updatedAt) / 1000);
    for (let start = since; start < now; start += LONGEST_WINDOW) {
      const inside = updates.filter((at) => at >= start && at < start + LONGEST_WINDOW).length;
      least += Math.max(1, Math.ceil(inside / 500));
    }
  }
  return least;
}
