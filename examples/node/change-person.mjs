#!/usr/bin/env node
// For the demo: lets a day pass in the sandbox, in which some of the one person's lists change, medical ones as well.
//
//   node examples/node/change-person.mjs --base-url http://127.0.0.1:8787

import { parsed } from "./arguments.mjs";
import { run } from "./run.mjs";
import { ordered } from "./sync/sandbox.mjs";
import { count } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

/** What happens to a list in the day. */
const DAY = {
  activities: { insert: 2, update: 1 },
  sleeps: { insert: 1 },
  heart_rate: { insert: 24 },
  "food/meals": { insert: 3, update: 1 },
  weight: { insert: 1 },
  "medical/medications": { insert: 1, update: 2 },
  "medical/test_results": { insert: 4 },
  "medical/vitals": { insert: 2 },
};

const screen = screenOn(process.stdout);

await run(screen, async (signal) => {
  const { values } = parsed({ options: { "base-url": { type: "string" } } });
  const order = (path, body) => ordered(values["base-url"], path, body, signal);

  const { now } = await order("clock", { advanceSeconds: 86_400 });
  const sums = { wellness: { inserted: 0, updated: 0 }, medical: { inserted: 0, updated: 0 } };
  for (const [type, change] of Object.entries(DAY)) {
    const sum = sums[type.startsWith("medical/") ? "medical" : "wellness"];
    const { inserted, updated } = (await order("person/mutate", { type, ...change }))[type];
    sum.inserted += inserted;
    sum.updated += updated;
  }

  screen.line(`  It is ${now.replace(".000", "")} there. Meanwhile`);
  for (const [number, what] of [
    [sums.wellness.inserted, "records came: activities, a night, heart rates, meals, a weight"],
    [sums.medical.inserted, "medical records came: a medication, test results, vitals"],
    [sums.wellness.updated + sums.medical.updated, "records changed, two of them medications"],
  ]) {
    screen.line(`  ${count(number).padStart(6)}  ${what}`);
  }
});
