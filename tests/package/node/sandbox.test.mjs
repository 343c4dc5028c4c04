// Reading from the sandbox over HTTP: every list to its end, whatever fails on the way.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { imported } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const { HumanClient } = await imported();

let sandbox;
before(async () => (sandbox = await startSandbox()));
beforeEach(() => sandbox.control("reset", {}));
after(() => sandbox.stop());

function clientOf(options = {}) {
  return new HumanClient({ accessToken: "demo", baseUrl: sandbox.url, ...options });
}

/** Every list, by its name in the sandbox, with the client's method that reads it. */
const LISTS = {
  blood_glucose: (client, query) => client.bloodGlucose.readings(query),
  blood_oxygen: (client, query) => client.bloodOxygen.readings(query),
  blood_pressure: (client, query) => client.bloodPressure.readings(query),
  bmi: (client, query) => client.bmi.readings(query),
  body_fat: (client, query) => client.bodyFat.readings(query),
  heart_rate: (client, query) => client.heartRate.readings(query),
  height: (client, query) => client.height.readings(query),
  weight: (client, query) => client.weight.readings(query),
  activities: (client, query) => client.activities.list(query),
  "activities/summaries": (client, query) => client.activities.summaries(query),
  sleeps: (client, query) => client.sleeps.list(query),
  "sleeps/summaries": (client, query) => client.sleeps.summaries(query),
  locations: (client, query) => client.locations.list(query),
  "locations/summaries": (client, query) => client.locations.summaries(query),
  "heart_rate/summaries": (client, query) => client.heartRate.summaries(query),
  "food/meals": (client, query) => client.meals.list(query),
  "medical/allergies": (client, query) => client.medical.allergies.list(query),
  "medical/demographics": (client, query) => client.medical.demographics.list(query),
  "medical/encounters": (client, query) => client.medical.encounters.list(query),
  "medical/functional_statuses": (client, query) => client.medical.functionalStatuses.list(query),
  "medical/immunizations": (client, query) => client.medical.immunizations.list(query),
  "medical/instructions": (client, query) => client.medical.instructions.list(query),
  "medical/issues": (client, query) => client.medical.issues.list(query),
  "medical/medications": (client, query) => client.medical.medications.list(query),
  "medical/narratives": (client, query) => client.medical.narratives.list(query),
  "medical/organizations": (client, query) => client.medical.organizations.list(query),
  "medical/plans_of_care": (client, query) => client.medical.plansOfCare.list(query),
  "medical/procedures": (client, query) => client.medical.procedures.list(query),
  "medical/social_history": (client, query) => client.medical.socialHistory.list(query),
  "medical/test_results": (client, query) => client.medical.testResults.list(query),
  "medical/timeline": (client, query) => client.medical.timeline.list(query),
  "medical/vitals": (client, query) => client.medical.vitals.list(query),
  "medical/ccds": (client, query) => client.medical.ccds.list(query),
};

test("every list of the sandbox is read here", async () => {
  const { lists } = JSON.parse(await (await fetch(`${sandbox.url}/_sandbox`)).text());
  assert.deepEqual(Object.keys(lists).sort(), [...Object.keys(LISTS), "genetic/traits"].sort());
});

for (const [name, list] of Object.entries(LISTS)) {
  test(`${name}: every record is delivered, in the order of the list`, async () => {
    const { ids } = await sandbox.control(`dump/${name}`);
    const read = await list(clientOf()).toArray();
    assert.deepEqual(read.map(({ id }) => id), ids);
    assert.ok(read.length > 0);
  });
}

test("every genetic trait is delivered, though they have no ids", async () => {
  const { traits } = await sandbox.control("dump/genetic/traits");
  for (const query of [undefined, { limit: 5 }]) {
    assert.deepEqual((await clientOf().geneticTraits.list(query).toArray()).map(({ trait }) => trait), traits);
  }
});

test("single objects are read by id, by day, as the latest, and as the raw document", async () => {
  const client = clientOf();
  const latest = await client.weight.latest();
  assert.deepEqual(await client.weight.get(latest.id), latest);
  assert.deepEqual(await client.weight.reading(latest.id), latest);
  const [activity] = await client.activities.list().toArray({ limit: 1 });
  assert.deepEqual(await client.activities.get(activity.id), activity);
  const [summary] = await client.heartRate.summaries().toArray({ limit: 1 });
  assert.deepEqual(await client.heartRate.summary(summary.id), summary);
  assert.deepEqual(await client.heartRate.summary(summary.date), summary);
  const [document] = await client.medical.ccds.list().toArray({ limit: 1 });
  assert.match(await client.medical.ccds.raw(document.id), /^<\?xml[\s\S]+<\/ClinicalDocument>\s*$/);
  assert.equal((await client.profile()).email, "demo@example.org");
  assert.ok((await client.sources()).length > 1);
  assert.equal((await client.summary()).humanId, (await client.profile()).humanId);
  assert.equal(typeof (await client.medical.profile()).id, "string");
  assert.ok((await client.medical.ccds.list().first()).records.length > 0);
});

test("each query option selects as documented", async () => {
  const client = clientOf();
  const all = await client.activities.list().toArray();
  const middle = all[4000];
  const time = (text) => Date.parse(text);
  const cases = {
    createdSince: [{ createdSince: middle.createdAt }, ({ createdAt }) => time(createdAt) >= Math.floor(time(middle.createdAt) / 1000) * 1000],
    createdBefore: [{ createdBefore: middle.createdAt }, ({ createdAt }) => time(createdAt) <= Math.ceil(time(middle.createdAt) / 1000) * 1000],
    updatedSince: [{ updatedSince: middle.updatedAt }, ({ updatedAt }) => time(updatedAt) >= Math.floor(time(middle.updatedAt) / 1000) * 1000],
    updatedBefore: [{ updatedBefore: middle.updatedAt }, ({ updatedAt }) => time(updatedAt) <= Math.ceil(time(middle.updatedAt) / 1000) * 1000],
    source: [{ source: middle.source }, ({ source }) => source === middle.source],
  };
  for (const [name, [query, selects]] of Object.entries(cases)) {
    const ids = (records) => records.map(({ id }) => id);
    const read = ids(await client.activities.list(query).toArray());
    const expected = ids(all.filter(selects));
    assert.ok(expected.length > 0 && expected.length < all.length, name);
    // Whether the ends belong to a span is up to the server, so one record more or less is allowed.
    const differing = [...read.filter((id) => !expected.includes(id)), ...expected.filter((id) => !read.includes(id))];
    assert.ok(differing.length <= 1, `${name}: ${differing.length} records differ`);
  }
  const days = await client.activities.list({ startDate: "2024-03-01", endDate: "2024-03-31" }).toArray();
  assert.ok(days.length > 50 && days.length < 400, `${days.length} records in March`);
  assert.ok((await client.activities.daily("2024-03-05").toArray()).length < 20);
});

const FAULTS = {
  "links as in the documentation": { linkForm: "documented" },
  "no links": { linkForm: "none" },
  "headers hidden": { hideHeaders: true },
  "pages smaller than the limit": { maxLimit: 30 },
  "one error in ten": { errorRate: 0.1 },
  "one 503 with Retry-After in fifty": { errorRate: 0.02, errorStatus: 503, retryAfter: 0 },
  "connections cut before, after and within": { cutBefore: 0.02, cutAfter: 0.02, cutWithin: 0.02 },
  "answers that overtake each other": { latencyMs: 6, jitterMs: 6 },
  "slow bodies": { slowBodyMs: 20 },
};
for (const [name, faults] of Object.entries(FAULTS)) {
  test(`with ${name}, a walk is complete`, async () => {
    const { ids } = await sandbox.control("dump/sleeps");
    await sandbox.control("faults", faults);
    const read = await clientOf({ maxRetries: 8 }).sleeps.list({ limit: 50 }).toArray();
    assert.deepEqual(read.map(({ id }) => id), ids);
    assert.ok((await sandbox.control("log")).maxInFlight <= 6);
  });
}

test("with a rate limit, a walk is complete, and nothing is sent while the server asks to wait", async () => {
  const { ids } = await sandbox.control("dump/sleeps");
  await sandbox.control("faults", { rateLimit: "25/1s", retryAfter: 1 });
  const events = [];
  const client = clientOf({ onEvent: (event) => events.push(event) });
  const read = await client.sleeps.list({ limit: 50 }).toArray();
  assert.deepEqual(read.map(({ id }) => id), ids);
  const log = await sandbox.control("log");
  // Up to five further requests were in flight when the first was refused, and may be refused as well.
  const refusals = log.requests.filter(({ status, early }) => status === 429 && !early).length;
  assert.ok(log.early <= 5 * refusals, `${log.early} early requests, ${refusals} refusals`);
  assert.ok(events.some(({ type }) => type === "retry"), "the limit was met");
});

for (const [name, concurrency] of [["one after the other", 1], ["six at once", 6]]) {
  test(`in a list that changes during the walk, ${name}, every record that is there throughout is delivered once`, async () => {
    await sandbox.control("faults", { churn: 1, latencyMs: 2, jitterMs: 2 });
    const before = new Set((await sandbox.control("dump/sleeps")).ids);
    const read = (await clientOf({ concurrency }).sleeps.list({ limit: 20 }).toArray()).map(({ id }) => id);
    const afterwards = (await sandbox.control("dump/sleeps")).ids;
    const missed = afterwards.filter((id) => before.has(id) && !read.includes(id));
    assert.deepEqual(missed, []);
    assert.equal(new Set(read).size, read.length);
  });
}

test("the whole history of activities in pages of 50 is the same with one request at a time and with six", async () => {
  const read = [];
  for (const concurrency of [1, 6]) {
    read.push((await clientOf({ concurrency }).activities.list({ limit: 50 }).toArray()).map(({ id }) => id));
    assert.equal((await sandbox.control("log")).maxInFlight, concurrency);
  }
  assert.equal(read[0].length, 8490);
  assert.deepEqual(read[1], read[0]);
});

test("a wrong token is an AuthenticationError", async () => {
  const error = await clientOf({ accessToken: "wrong" }).profile().then(assert.fail, (error) => error);
  assert.equal(error.name, "AuthenticationError");
  assert.equal(error.status, 401);
  assert.match(error.requestId, /^sandbox-/);
});

test("a missing medical profile is a NotFoundError", async () => {
  await sandbox.control("faults", { medicalProfile404: true });
  const error = await clientOf().medical.profile().then(assert.fail, (error) => error);
  assert.equal(error.name, "NotFoundError");
});

for (const emptyLatest of ["404", "{}", "null", "empty"]) {
  test(`latest is undefined where the server answers with ${emptyLatest}`, async () => {
    await sandbox.control("faults", { emptyLatest });
    assert.equal(await clientOf().weight.latest(), undefined);
  });
}

test("links that lead to another server or back are refused", async () => {
  for (const faults of [{ nextLinkOrigin: "https://elsewhere.example" }, { ignoreOffset: true }]) {
    await sandbox.control("reset", {});
    await sandbox.control("faults", faults);
    const error = await clientOf().sleeps.list({ limit: 50 }).toArray().then(assert.fail, (error) => error);
    assert.equal(error.name, "ProtocolError", JSON.stringify(faults));
  }
});
