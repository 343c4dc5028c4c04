// Every reading method of every data type: which path it requests, and what it returns.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { failure } from "./support/outcome.mjs";

const { HumanClient } = await imported();

// The names and paths of Human API's documentation, written by hand and independent of the code.
const DISCRETE = {
  bloodGlucose: "blood_glucose",
  bloodOxygen: "blood_oxygen",
  bloodPressure: "blood_pressure",
  bmi: "bmi",
  bodyFat: "body_fat",
  heartRate: "heart_rate",
  height: "height",
  weight: "weight",
};
const PERIODIC = { activities: "activities", sleeps: "sleeps", locations: "locations" };
const LISTS = { meals: "food/meals", geneticTraits: "genetic/traits" };
const MEDICAL = {
  allergies: "allergies",
  demographics: "demographics",
  encounters: "encounters",
  functionalStatuses: "functional_statuses",
  immunizations: "immunizations",
  instructions: "instructions",
  issues: "issues",
  medications: "medications",
  narratives: "narratives",
  organizations: "organizations",
  plansOfCare: "plans_of_care",
  procedures: "procedures",
  socialHistory: "social_history",
  testResults: "test_results",
  timeline: "timeline",
  vitals: "vitals",
  ccds: "ccds",
};

const DAY = "2024-05-01";
const objects = [];
const lists = [];
const object = (name, call, path) => objects.push([name, call, path]);
const list = (name, call, path) => lists.push([name, call, path]);

object("summary", (client) => client.summary(), "");
object("profile", (client) => client.profile(), "/profile");
object("medical.profile", (client) => client.medical.profile(), "/medical/profile");
for (const [name, path] of Object.entries(DISCRETE)) {
  object(`${name}.latest`, (client) => client[name].latest(), `/${path}`);
  object(`${name}.get`, (client) => client[name].get("7"), `/${path}/7`);
  object(`${name}.reading`, (client) => client[name].reading("7"), `/${path}/readings/7`);
  list(`${name}.readings`, (client, query) => client[name].readings(query), `/${path}/readings`);
  list(`${name}.daily`, (client, query) => client[name].daily(DAY, query), `/${path}/readings/daily/${DAY}`);
}
for (const [name, path] of Object.entries({ heartRate: "heart_rate", ...PERIODIC })) {
  object(`${name}.summary of a day`, (client) => client[name].summary(DAY), `/${path}/summaries/${DAY}`);
  object(`${name}.summary by id`, (client) => client[name].summary("7"), `/${path}/summaries/7`);
  list(`${name}.summaries`, (client, query) => client[name].summaries(query), `/${path}/summaries`);
}
for (const [name, path] of Object.entries(PERIODIC)) {
  list(`${name}.daily`, (client, query) => client[name].daily(DAY, query), `/${path}/daily/${DAY}`);
}
for (const [name, path] of Object.entries({ ...PERIODIC, ...LISTS })) {
  list(`${name}.list`, (client, query) => client[name].list(query), `/${path}`);
  object(`${name}.get`, (client) => client[name].get("7"), `/${path}/7`);
}
for (const [name, path] of Object.entries(MEDICAL)) {
  list(`medical.${name}.list`, (client, query) => client.medical[name].list(query), `/medical/${path}`);
  object(`medical.${name}.get`, (client) => client.medical[name].get("7"), `/medical/${path}/7`);
}
list("resource.list", (client, query) => client.resource("steps/hourly").list(query), "/steps/hourly");
object("resource.get", (client) => client.resource("steps/hourly").get("7"), "/steps/hourly/7");

function client(fetch, options = {}) {
  return new HumanClient({ accessToken: "demo", fetch, ...options });
}

for (const [name, call, path] of objects) {
  test(`${name} requests ${path || "the root"} and returns the object unchanged`, async () => {
    const body = { id: "7", nested: { list: [1, "two", null] } };
    const fetch = answering(() => json(body));
    assert.deepEqual(await call(client(fetch)), body);
    const [request] = fetch.requests;
    assert.equal(fetch.requests.length, 1);
    assert.equal(request.url, `https://api.humanapi.co/v1/human${path}`);
    assert.equal(request.method, "GET");
    assert.equal(request.headers.get("authorization"), "Bearer demo");
    assert.equal(request.headers.get("accept"), "application/json");
    assert.equal(request.headers.get("content-type"), null);
    assert.equal(request.credentials, "omit");
  });
}

for (const [name, call, path] of lists) {
  test(`${name} requests ${path} with the query and returns the records unchanged`, async () => {
    const records = [{ id: "2", value: 1.5 }, { id: "1", tags: [] }];
    const fetch = answering(() => json(records, { headers: { "x-total-count": "2" } }));
    assert.deepEqual(await call(client(fetch), { limit: 10, source: "fitbit" }).toArray(), records);
    const url = new URL(fetch.requests[0].url);
    assert.equal(url.origin + url.pathname, `https://api.humanapi.co/v1/human${path}`);
    assert.equal(url.searchParams.get("limit"), "10");
    assert.equal(url.searchParams.get("source"), "fitbit");
    assert.equal(fetch.requests[0].headers.get("authorization"), "Bearer demo");
    // The query is optional.
    assert.deepEqual(await call(client(fetch)).toArray(), records);
  });
}

test("sources are a list without pages", async () => {
  const sources = [{ id: "1", source: "fitbit" }, { id: "1", source: "withings" }];
  const fetch = answering(() => json(sources));
  assert.deepEqual(await client(fetch).sources(), sources);
  assert.equal(fetch.requests.length, 1);
  assert.equal(fetch.requests[0].url, "https://api.humanapi.co/v1/human/sources", "it takes no query");
});

test("the raw form of a document is its text, untouched", async () => {
  const text = '<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument a="ü">\r\n</ClinicalDocument>\n';
  const fetch = answering(() => new Response(text, { headers: { "content-type": "application/xml" } }));
  assert.equal(await client(fetch).medical.ccds.raw("7"), text);
  assert.equal(fetch.requests[0].url, "https://api.humanapi.co/v1/human/medical/ccds/7/raw");
  assert.match(fetch.requests[0].headers.get("accept"), /xml|\*\/\*/);
});

for (const [name, answer] of Object.entries({
  "404": () => refusal(404),
  "an empty object": () => json({}),
  null: () => json(null),
  "an empty body": () => new Response("", { status: 200 }),
  "no content": () => new Response(null, { status: 204 }),
})) {
  test(`a latest reading is undefined where the server answers with ${name}`, async () => {
    assert.equal(await client(answering(answer)).weight.latest(), undefined);
  });
}

test("the base URL may have a path prefix and a trailing slash, and the version can be chosen", async () => {
  for (const baseUrl of ["https://proxy.example/health", "https://proxy.example/health/"]) {
    const fetch = answering(() => json([]));
    await client(fetch, { baseUrl, version: "v2" }).activities.list().toArray();
    assert.ok(fetch.requests[0].url.startsWith("https://proxy.example/health/v2/human/activities?"), fetch.requests[0].url);
  }
});

test("ids are encoded, so that none can lead to another path", async () => {
  const fetch = answering(() => json({}));
  await client(fetch).activities.get("a b/ü?#%");
  assert.equal(fetch.requests[0].url, "https://api.humanapi.co/v1/human/activities/a%20b%2F%C3%BC%3F%23%25");
});

test("the segments of a path are encoded", async () => {
  const fetch = answering(() => json([]));
  await client(fetch).resource("a b/c?d=e#f").list().toArray();
  assert.equal(new URL(fetch.requests[0].url).pathname, "/v1/human/a%20b/c%3Fd%3De%23f");
});

for (const id of ["", ".", "..", undefined, null, 5, {}]) {
  test(`${JSON.stringify(id) ?? "undefined"} as an id is refused, and nothing is sent`, async () => {
    const fetch = answering(() => json({}));
    const error = await failure(() => client(fetch).activities.get(id));
    assert.equal(error.name, "OptionError");
    assert.equal(error.option, "id");
    assert.equal(fetch.requests.length, 0);
  });
}

for (const date of ["2024-02-30", "2024-5-1", "yesterday", "", undefined, new Date(0)]) {
  test(`${JSON.stringify(date) ?? "undefined"} as a day is refused, and nothing is sent`, async () => {
    const fetch = answering(() => json([]));
    const error = await failure(() => client(fetch).weight.daily(date));
    assert.equal(error.name, "OptionError");
    assert.equal(error.option, "date");
    assert.equal(fetch.requests.length, 0);
  });
}

for (const path of ["", "/", "/a", "a/", "a/../b", "./a", "a//b", 5, null, undefined]) {
  test(`${JSON.stringify(path) ?? "undefined"} as a path is refused, and nothing is sent`, async () => {
    const fetch = answering(() => json([]));
    const error = await failure(() => client(fetch).resource(path).list());
    assert.equal(error.name, "OptionError");
    assert.equal(error.option, "path");
    assert.equal(fetch.requests.length, 0);
  });
}
