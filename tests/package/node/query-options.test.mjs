// Query options: their form on the wire, and which are refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { failure } from "./support/outcome.mjs";

const { HumanClient, OptionError, queryString } = await imported();

const WIRE = [
  [{}, "limit=500"],
  [{ limit: 1 }, "limit=1"],
  [{ limit: 50, offset: 100 }, "limit=50&offset=100"],
  [{ createdSince: "2014-01-10T00:00:00Z" }, "limit=500&created_since=20140110T000000Z"],
  [{ createdSince: "2014-01-10T01:30:00.999+01:30" }, "limit=500&created_since=20140110T000000Z"],
  [{ createdBefore: "2014-01-10T00:00:00.001Z" }, "limit=500&created_before=20140110T000001Z"],
  [{ updatedSince: new Date("2014-01-10T00:00:00.900Z") }, "limit=500&updated_since=20140110T000000Z"],
  [{ updatedBefore: 1389312000001 }, "limit=500&updated_before=20140110T000001Z"],
  [{ updatedSince: 0 }, "limit=500&updated_since=19700101T000000Z"],
  [{ source: "my source&x=1" }, "limit=500&source=my%20source%26x%3D1"],
  [{ endDate: "2014-02-28", startDate: "2014-02-01" }, "limit=500&start_date=2014-02-01&end_date=2014-02-28"],
  [{ params: { time_series: "true" } }, "limit=500&time_series=true"],
  [{ limit: undefined, offset: undefined, source: undefined, params: undefined, signal: undefined }, "limit=500"],
];
for (const [query, expected] of WIRE) {
  test(`${JSON.stringify(query)} is ${expected}`, () => assert.equal(queryString(query), expected));
}

test("the order of the options does not affect the query string", () => {
  const query = { offset: 1, limit: 2, updatedSince: 0, source: "a", params: { z: "1", b: "2" } };
  const reversed = Object.fromEntries(Object.entries(query).reverse());
  assert.equal(queryString(query), queryString(reversed));
});

test("a client sends what queryString returns", async () => {
  const query = { limit: 7, createdSince: 0, updatedBefore: 1e12, source: "a b", params: { x: "ü" } };
  const fetch = answering(() => json([]));
  await new HumanClient({ accessToken: "demo", fetch }).sleeps.list(query).toArray();
  const sent = [...new URL(fetch.requests[0].url).searchParams];
  assert.deepEqual(sent, [...new URLSearchParams(queryString(query))]);
});

const REFUSED = [
  ["limit", { limit: 0 }],
  ["limit", { limit: 501 }],
  ["limit", { limit: 1.5 }],
  ["limit", { limit: "50" }],
  ["limit", { limit: NaN }],
  ["limit", { limit: null }],
  ["offset", { offset: -1 }],
  ["offset", { offset: 0.5 }],
  ["offset", { offset: Infinity }],
  ["createdSince", { createdSince: "2014-01-10" }],
  ["createdSince", { createdSince: "2014-01-10T00:00:00" }],
  ["createdBefore", { createdBefore: "2014-02-30T00:00:00Z" }],
  ["updatedSince", { updatedSince: new Date(NaN) }],
  ["updatedSince", { updatedSince: NaN }],
  ["updatedSince", { updatedSince: {} }],
  ["updatedBefore", { updatedSince: 2000, updatedBefore: 0 }],
  ["source", { source: "" }],
  ["source", { source: 5 }],
  ["endDate", { startDate: "2014-01-01" }],
  ["startDate", { endDate: "2014-01-01" }],
  ["startDate", { startDate: "2014-1-1", endDate: "2014-01-02" }],
  ["endDate", { startDate: "2014-01-02", endDate: "2014-01-01" }],
  ["params.limit", { params: { limit: "1" } }],
  ["params.updated_since", { params: { updated_since: "1" } }],
  ["params.access_token", { params: { access_token: "1" } }],
  ["params.page", { params: { page: 2 } }],
  ["params", { params: "page=2" }],
  ["limits", { limits: 5 }],
  ["updated_since", { updated_since: "20140110T000000Z" }],
  ["query", null],
  ["query", "limit=5"],
];
for (const [option, query] of REFUSED) {
  test(`${JSON.stringify(query)} is refused for its ${option}`, async () => {
    const error = await failure(() => queryString(query));
    assert.ok(error instanceof OptionError, String(error));
    assert.equal(error.option, option);
    assert.equal(typeof error.code, "string");

    const fetch = answering(() => json([]));
    const listed = await failure(() => new HumanClient({ accessToken: "demo", fetch }).sleeps.list(query ?? "none"));
    assert.ok(listed instanceof OptionError, String(listed));
    assert.equal(fetch.requests.length, 0);
  });
}

test("the error for an unknown option suggests the nearest known one", async () => {
  assert.match((await failure(() => queryString({ updateSince: 0 }))).message, /updatedSince/);
  assert.match((await failure(() => queryString({ updated_since: 0 }))).message, /updatedSince/);
});

test("a cursor and a signal are options of a walk, not of a query string", async () => {
  assert.ok((await failure(() => queryString({ cursor: "nonsense" }))) instanceof OptionError);
  const fetch = answering(() => json([]));
  const client = new HumanClient({ accessToken: "demo", fetch });
  for (const query of [{ cursor: "nonsense" }, { cursor: 5 }, { signal: "stop" }, { signal: {} }]) {
    const error = await failure(() => client.sleeps.list(query));
    assert.ok(error instanceof OptionError, String(error));
    assert.equal(error.option, Object.keys(query)[0]);
  }
  assert.equal(fetch.requests.length, 0);
});
