#!/usr/bin/env node
// Lets an hour pass in the sandbox, in which records of every type come, come late, and change. For the demo.
//
//   node examples/node/pass-an-hour.mjs --base-url http://127.0.0.1:8787

import { parsed } from "./arguments.mjs";
import { run } from "./run.mjs";
import { ordered } from "./sync/sandbox.mjs";
import { count } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

/** Records of an hour, of the types of which there are many; of every type, a few come besides. */
const MANY = { heart_rates: 640, "food/meals": 110, activities: 85, blood_glucoses: 73, "activities/summaries": 61, locations: 47, sleeps: 22 };

const screen = screenOn(process.stdout);

await run(screen, async (signal) => {
  const { values } = parsed({ options: { "base-url": { type: "string" } } });
  const order = (path, body) => ordered(values["base-url"], path, body, signal);
  const sum = (answer, what) => Object.values(answer).reduce((sum, counts) => sum + counts[what], 0);

  // Their time of update lies before the end of the last run, which could not see them yet.
  const appeared = sum(await order("app/mutate", { visibleLate: 3, lateSeconds: 240 }), "inserted");
  const { now } = await order("clock", { advanceSeconds: 3600 });
  // Changes first, so that none is of a record that has just come.
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
