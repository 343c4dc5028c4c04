// HumanClient.sync: all lists of one person, over HTTP against the sandbox.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { imported, packageFolder } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const { HumanClient, OptionError } = await imported();
const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);

/** Each list, and the call that reads it. */
const LISTS = {
  activities: ({ activities }) => activities.list(),
  "activities/summaries": ({ activities }) => activities.summaries(),
  sleeps: ({ sleeps }) => sleeps.list(),
  "sleeps/summaries": ({ sleeps }) => sleeps.summaries(),
  locations: ({ locations }) => locations.list(),
  "locations/summaries": ({ locations }) => locations.summaries(),
  heart_rate: ({ heartRate }) => heartRate.readings(),
  "heart_rate/summaries": ({ heartRate }) => heartRate.summaries(),
  blood_glucose: ({ bloodGlucose }) => bloodGlucose.readings(),
  blood_oxygen: ({ bloodOxygen }) => bloodOxygen.readings(),
  blood_pressure: ({ bloodPressure }) => bloodPressure.readings(),
  bmi: ({ bmi }) => bmi.readings(),
  body_fat: ({ bodyFat }) => bodyFat.readings(),
  height: ({ height }) => height.readings(),
  weight: ({ weight }) => weight.readings(),
  "food/meals": ({ meals }) => meals.list(),
  "genetic/traits": ({ geneticTraits }) => geneticTraits.list(),
  "medical/allergies": ({ medical }) => medical.allergies.list(),
  "medical/ccds": ({ medical }) => medical.ccds.list(),
  "medical/demographics": ({ medical }) => medical.demographics.list(),
  "medical/encounters": ({ medical }) => medical.encounters.list(),
  "medical/functional_statuses": ({ medical }) => medical.functionalStatuses.list(),
  "medical/immunizations": ({ medical }) => medical.immunizations.list(),
  "medical/instructions": ({ medical }) => medical.instructions.list(),
  "medical/issues": ({ medical }) => medical.issues.list(),
  "medical/medications": ({ medical }) => medical.medications.list(),
  "medical/narratives": ({ medical }) => medical.narratives.list(),
  "medical/organizations": ({ medical }) => medical.organizations.list(),
  "medical/plans_of_care": ({ medical }) => medical.plansOfCare.list(),
  "medical/procedures": ({ medical }) => medical.procedures.list(),
  "medical/social_history": ({ medical }) => medical.socialHistory.list(),
  "medical/test_results": ({ medical }) => medical.testResults.list(),
  "medical/timeline": ({ medical }) => medical.timeline.list(),
  "medical/vitals": ({ medical }) => medical.vitals.list(),
};
const SOME = ["sleeps", "weight", "medical/vitals", "genetic/traits"];

let sandbox;
let client;
before(async () => {
  sandbox = await startSandbox();
  client = new HumanClient({ accessToken: "demo", baseUrl: sandbox.url });
});
after(() => sandbox.stop());

const pass = (advanceSeconds) => sandbox.control("clock", { advanceSeconds });

/** Tables, and the handler that fills them. */
function database() {
  const tables = {};
  const times = {};
  return {
    tables,
    store({ type, records }) {
      const table = (tables[type] ??= new Map());
      for (const record of records) {
        const id = record.id ?? record.trait;
        table.set(id, record);
        times[`${type} ${id}`] = (times[`${type} ${id}`] ?? 0) + 1;
      }
    },
    times,
  };
}

/** Asserts that a table has these records, each in its last state. */
function assertSame(table, expected, type) {
  const left = new Map(table);
  // Which of the oldest records have a `userId` depends on the sandbox's clock.
  const lasting = (record) => ({ ...record, userId: undefined });
  for (const record of expected) {
    const id = record.id ?? record.trait;
    assert.deepEqual(lasting(left.get(id)), lasting(record), `${type} ${id}`);
    left.delete(id);
  }
  assert.deepEqual([...left.keys()], [], `${type} has records that the server has not`);
}

test("a run over all lists delivers what reading each of them gives, once; the next one delivers nothing, and then only what changed", async () => {
  // What was updated last could still change under the same stamp, and would come again.
  await pass(86_400);
  const store = createStore();
  const { tables, store: write, times } = database();
  const first = await client.sync({ store }).run(write);
  assert.deepEqual(Object.keys(first.types).sort(), Object.keys(LISTS).sort());
  for (const [type, read] of Object.entries(LISTS)) {
    const expected = await read(client).toArray();
    assert.ok(expected.length > 0, type);
    assertSame(tables[type], expected, type);
    assert.equal(first.types[type].records, expected.length, type);
  }
  assert.ok(Object.values(times).every((count) => count === 1));

  assert.equal((await client.sync({ store }).run(() => assert.fail("there is nothing new"))).records, 0);

  await pass(3600);
  const changed = {};
  for (const type of ["activities", "medical/vitals", "weight"]) changed[type] = await sandbox.control("mutate", { type, insertFront: 2, touch: 1 });
  await pass(3600);
  const deltas = [];
  const third = await client.sync({ store }).run((delta) => {
    deltas.push(delta);
    write(delta);
  });
  // An activity also changes the summary of its day.
  const delivered = Object.entries(third.types).flatMap(([type, { records }]) => (records === 0 || type === "activities/summaries" ? [] : [[type, records]]));
  assert.deepEqual(delivered.sort(), Object.keys(changed).sort().map((type) => [type, 3]));
  assert.ok(third.types["activities/summaries"].records <= 3);
  assert.equal(deltas.length, delivered.length + Math.min(1, third.types["activities/summaries"].records));
  for (const type of [...Object.keys(changed), "activities/summaries"]) assertSame(tables[type], await LISTS[type](client).toArray(), type);
  assert.ok(third.requests <= 2 * Object.keys(LISTS).length, `${third.requests} requests`);
});

test("a delta of a person has no byUser, and all else that one of an app has", async () => {
  for await (const delta of client.sync({ from: {}, types: ["medical/allergies"] })) {
    assert.deepEqual(Object.keys(delta), ["type", "window", "records", "checkpoint"]);
    assert.equal(delta.type, "medical/allergies");
    assert.equal("byUser" in delta, false);
    assert.equal(String(delta), "[object PersonDelta]");
    await delta.commit();
  }
});

test("with `from`, a run goes on from the checkpoints, also in the middle of a list", async () => {
  const from = {};
  const { tables, store } = database();
  const write = (delta) => {
    store(delta);
    from[delta.type] = delta.checkpoint;
  };
  let left = 3;
  for await (const delta of client.sync({ from, types: SOME, limit: 100 })) {
    if (left-- === 0) break;
    write(delta);
  }
  await client.sync({ from, types: SOME, limit: 100 }).run(write);
  for (const type of SOME) assertSame(tables[type], await LISTS[type](client).toArray(), type);
  await pass(7 * 86_400);
  const report = await client.sync({ from, types: SOME }).run(write);
  // Nothing remembers which traits were delivered: they do not say when they were updated, and the list is read whole.
  const others = Object.entries(report.types).filter(([type]) => type !== "genetic/traits");
  assert.deepEqual(others.map(([, { records }]) => records), others.map(() => 0));
  await client.sync({ from, types: SOME, overlap: 0 }).run(({ type, records }) => assert.ok(type === "genetic/traits" || records.length === 0));
});

test("without `since` a run has everything, and with it what was updated from then on", async () => {
  const since = "2024-01-01T00:00:00Z";
  const { tables, store } = database();
  await client.sync({ from: {}, types: ["sleeps"], since }).run(store);
  const all = await client.sleeps.list().toArray();
  const later = all.filter(({ updatedAt }) => Date.parse(updatedAt) >= Date.parse(since));
  assert.ok(later.length > 0 && later.length < all.length);
  assertSame(tables.sleeps, later, "sleeps");
});

test("accounts have positions of their own in one store, and no key says whose they are", async () => {
  const store = createStore();
  const run = async (account) => (await client.sync({ store, account, types: ["sleeps"] }).run(() => {})).records;
  const all = await run("ada@example.org");
  assert.ok(all > 1000);
  assert.equal(await run("ada@example.org"), 0);
  assert.equal(await run("grace@example.org"), all);
  assert.equal(await run(undefined), all);
  assert.equal(await run(undefined), 0);
  const keys = await store.keys("");
  assert.equal(keys.filter((key) => key.endsWith("/sleeps/position")).length, 3);
  for (const key of keys) assert.match(key, /^sync\/[0-9a-f]{32}\/sleeps\/(position|seen\/\d+)$/);
  for (const account of [5, null, {}]) {
    assert.throws(() => client.sync({ store, account }), (error) => error instanceof OptionError && error.option === "account");
  }
});

test("a type of an app is none of a person, and the error says which one is meant", () => {
  for (const [type, words] of [["weights", /is it "weight"\?/], ["heart_rate/readings", /must be one of .*heart_rate, /], ["medical/alergies", /is it "medical\/allergies"\?/], ["x", /one of blood_glucose, /]]) {
    assert.throws(() => client.sync({ from: {}, types: [type] }), (error) => error instanceof OptionError && error.option === "types" && words.test(error.message), type);
  }
});
