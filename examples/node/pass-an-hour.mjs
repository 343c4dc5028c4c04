#!/usr/bin/env node
// For the demo: lets an hour pass in the sandbox, in which records of every type are added, added late, and changed.
//
//   node examples/node/pass-an-hour.mjs --base-url http://127.0.0.1:8787

import { parsed } from "./arguments.mjs";
import { run } from "./run.mjs";
import { ordered } from "./sync/sandbox.mjs";
import { count } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

/** New records in an hour of the frequent types. A few of every type are added as well. */
const MANY = { heart_rates: 640, "food/meals": 110, activities: 85, blood_glucoses: 73, "activities/summaries": 61, locations: 47, sleeps: 22 };

const screen = screenOn(process.stdout);

await run(screen, async (signal) => {
  const { values } = parsed({ options: { "base-url": { type: "string" } } });
  const order = (path, body) => ordered(values["base-url"], path, body, signal);
  const sum = (answer, what) => Object.values(answer).reduce((sum, counts) => sum + counts[what], 0);

  // These were updated before the end of the last run, but were not visible to it yet.
  const appeared = sum(await order("app/mutate", { visibleLate: 3, lateSeconds: 240 }), "inserted");
  const { now } = await order("clock", { advanceSeconds: 3600 });
  // Records are changed before new ones are added, so that no new record is changed.
  const changed = sum(await order("app/mutate", { update: 20 }), "updated");
  let came = sum(await order("app/mutate", { insert: 12, late: 4 }), "inserted");
  for (const [type, insert] of Object.entries(MANY)) came += sum(await order("app/mutate", { type, insert }), "inserted");
  const ahead = sum(await order("app/mutate", { future: 2 }), "inserted");

  screen.line(`  It is ${now.replace(".000", "")} there. Meanwhile`);
  for (const [number, what] of [
    [came, "records came, some of them of a day long ago"],
    [ahead, "records came with a date in the future"],
    [appeared, "records became visible late, dated before the end of the last run"],
    [changed, "changes were made to records, now and then two to one"],
  ]) {
    screen.line(`  ${count(number).padStart(6)}  ${what}`);
  }
});
