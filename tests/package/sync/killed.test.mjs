// A consumer that is killed again and again ends with the same tables as the server, and skips no delta.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SINCE, appFor, assertEqual, assertWithinRules, consume, consumersFor } from "./support/app.mjs";
import { mulberry32 } from "./support/random.mjs";
import { tablesFor } from "./support/reading.mjs";

const KILLS = 50;

test(`a year of all users, killed at ${KILLS} random moments`, async (t) => {
  const app = await appFor((stop) => after(stop), "--app-records", "60000");
  const place = consumersFor((remove) => after(remove));
  const options = { database: `${place}/users.db`, folder: `${place}/positions`, baseUrl: app.url, since: SINCE };
  const random = mulberry32(20_240_630);
  const moments = new Map();
  let delivered = 0;

  for (let kills = 0; kills < KILLS; ) {
    // Most get far; every fifth dies early.
    const dieAt = 1 + Math.floor(random() * (kills % 5 === 0 ? 12 : 120));
    const { steps, signal, code, complaint } = await consume(place, { ...options, dieAt });
    delivered += steps.reduce((sum, { step, records }) => sum + (step === "delta" ? records : 0), 0);
    if (signal !== "SIGKILL") {
      // It finished before the moment at which it would have been killed. A change gives the next one work to do.
      assert.equal(code, 0, complaint);
      await app.pass(600);
      await app.change({ insert: 30, late: 20, visibleLate: 10, update: 60, future: 5, sameSecond: 20 });
      continue;
    }
    kills++;
    const at = steps.at(-1).step;
    moments.set(at, (moments.get(at) ?? 0) + 1);
    if (kills % 4 === 0) await app.change({ type: "heart_rates", insert: 2, update: 20 });
  }
  const last = await consume(place, options);
  assert.equal(last.code, 0, last.complaint);
  const rows = await assertEqual(app, tablesFor(options.database));
  t.diagnostic(`${rows} rows; ${delivered} records delivered before the last kill; killed at ${[...moments].map(([step, times]) => `${step} ${times}`).join(", ")}`);
  assert.ok(moments.size >= 4, "it died at several kinds of steps");
  await assertWithinRules(app);
});
