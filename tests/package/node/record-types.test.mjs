// The types of records, checked against records of the sandbox, which follow the API's documentation and not these
// types: every record has exactly the fields that its type declares, each of the declared type.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compiler } from "./support/compiler.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const TYPES = {
  Reading: ["blood_oxygen/readings", "bmi/readings", "body_fat/readings", "heart_rate/readings", "height/readings", "weight/readings"],
  BloodGlucose: ["blood_glucose/readings"],
  BloodPressure: ["blood_pressure/readings"],
  HeartRateSummary: ["heart_rate/summaries"],
  Activity: ["activities"],
  ActivitySummary: ["activities/summaries"],
  Sleep: ["sleeps"],
  SleepSummary: ["sleeps/summaries"],
  Location: ["locations"],
  LocationSummary: ["locations/summaries"],
  Meal: ["food/meals"],
  GeneticTrait: ["genetic/traits"],
  Source: ["sources"],
  Profile: ["profile"],
  HumanSummary: [""],
  MedicalRecord: [
    "allergies", "demographics", "encounters", "functional_statuses", "immunizations", "instructions", "issues", "medications",
    "narratives", "organizations", "plans_of_care", "procedures", "profile", "social_history", "test_results", "timeline",
    "vitals", "ccds",
  ].map((list) => `medical/${list}`),
};
const UNPAGED = ["sources", "profile", "", "medical/profile"];

let sandbox;
const { complaints, remove } = compiler();
before(async () => (sandbox = await startSandbox()));
after(async () => {
  remove();
  await sandbox.stop();
});

/** Records from the beginning and the end of a list, as they are on the wire. */
async function wire(path) {
  const ask = async (query) => {
    const url = `${sandbox.url}/v1/human${path && `/${path}`}${query}`;
    const answer = await fetch(url, { headers: { authorization: "Bearer demo", accept: "application/json" } });
    assert.equal(answer.status, 200, url);
    return { body: await answer.json(), total: Number(answer.headers.get("x-total-count")) };
  };
  if (UNPAGED.includes(path)) return [(await ask("")).body].flat();
  const { body, total } = await ask("?limit=100");
  return total <= 100 ? body : [...body, ...(await ask(`?limit=100&offset=${total - 100}`)).body];
}

for (const [type, paths] of Object.entries(TYPES)) {
  test(`records conform to the type ${type}`, async () => {
    const records = (await Promise.all(paths.map(wire))).flat();
    assert.ok(records.length > 0);
    const source = `import type { ${type} } from "humansync";\nexport const records: ${type}[] = ${JSON.stringify(records)};\n`;
    assert.equal(complaints(type, [["records.ts", source]], {}), "");
  });
}

test("a record that does not conform to its type is found", async () => {
  const [activity] = await wire("activities");
  for (const wrong of [{ ...activity, steps: "many" }, { ...activity, pulse: 60 }, { ...activity, endTime: undefined }]) {
    const source = `import type { Activity } from "humansync";\nexport const record: Activity = ${JSON.stringify(wrong)};\n`;
    assert.match(complaints(`wrong-${Object.keys(wrong).length}-${typeof wrong.steps}`, [["records.ts", source]], {}), /error TS/);
  }
});
