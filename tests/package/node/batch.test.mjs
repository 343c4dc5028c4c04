// batch(): one query over all users, in as many requests as its time span needs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { appServer, updated } from "./support/app-server.mjs";
import { imported } from "./support/installed.mjs";

const { AppClient, OptionError } = await imported();

const DAY = 86_400_000;
const NOW = "2024-06-01T12:00:00Z";

const clientOf = (server, options) => new AppClient({ clientId: "app", appKey: "key", fetch: server.fetch, ...options });

test("updatedSince is required, and every wrong option is reported before anything is sent", () => {
  const server = appServer();
  const client = clientOf(server);
  for (const [option, type, query] of [
    ["updatedSince", "weights", undefined],
    ["updatedSince", "weights", {}],
    ["updatedSince", "weights", { updatedSince: "yesterday" }],
    ["updatedBefore", "weights", { updatedSince: NOW, updatedBefore: "2024-01-01T00:00:00Z" }],
    ["type", "weight", { updatedSince: NOW }],
    ["type", 7, { updatedSince: NOW }],
    ["type", "constructor", { updatedSince: NOW }],
    ["limit", "weights", { updatedSince: NOW, limit: 501 }],
    ["offset", "weights", { updatedSince: NOW, offset: 3 }],
    ["offset", "weights", { updatedSince: "2024-01-01T00:00:00Z", updatedBefore: NOW, offset: 3 }],
    ["cursor", "weights", { updatedSince: NOW, cursor: "x" }],
    ["cursor", "weights", { updatedSince: NOW, cursor: "9999." }],
    ["updated_since", "weights", { updated_since: NOW }],
  ]) {
    assert.throws(
      () => client.batch(type, query),
      (error) => error instanceof OptionError && error.option === option,
      JSON.stringify([type, query]),
    );
  }
  assert.throws(() => client.batch("weight", { updatedSince: NOW }), /is it "weights"\?/);
  assert.equal(server.fetch.requests.length, 0);
});

test("a span of up to 31 days is one list, with every option", async () => {
  const server = appServer({ lists: { weights: updated(30, NOW, DAY / 2) } });
  const query = { updatedSince: "2024-05-20T00:00:00.500Z", updatedBefore: "2024-06-01T00:00:00.001Z", limit: 5, offset: 2, source: "withings", params: { time_series: "true" } };
  const page = await clientOf(server).batch("weights", query).first();
  assert.equal(page.records.length, 5);
  assert.equal(page.offset, 2);
  assert.equal(
    new URL(server.fetch.requests[0].url).search,
    "?limit=5&offset=2&updated_since=20240520T000000Z&updated_before=20240601T000001Z&source=withings&time_series=true",
  );
});

test("a longer span is split into consecutive requests without a gap, and each record is delivered once", async () => {
  const all = updated(3000, NOW, DAY / 10);
  const server = appServer({ lists: { weights: all } });
  const since = "2023-09-01T00:00:00Z";
  const came = await clientOf(server).batch("weights", { updatedSince: since, updatedBefore: NOW }).toArray();
  const expected = all.filter(({ updatedAt }) => Date.parse(updatedAt) >= Date.parse(since) && Date.parse(updatedAt) < Date.parse(NOW));
  assert.deepEqual(new Set(came.map(({ id }) => id)), new Set(expected.map(({ id }) => id)));
  assert.equal(came.length, expected.length);
  assert.deepEqual(server.broken, []);
  assert.equal(server.spans[0].since, Date.parse(since));
  assert.equal(server.spans.at(-1).before, Date.parse(NOW));
  const windows = server.spans.filter(({ since }, index) => since !== server.spans[index - 1]?.since);
  assert.equal(windows.length, 9);
  for (const [index, { since }] of windows.entries()) if (index > 0) assert.equal(since, windows[index - 1].before - 1000);
});

test("records of the second in which two requests overlap are delivered once, unless they were updated in between", async () => {
  // The seam lies 31 days after the start. The records around it are a millisecond apart.
  const seam = Date.parse("2024-02-01T00:00:00Z");
  const at = (offset) => new Date(seam + offset).toISOString();
  const all = [-1001, -1000, -999, -500, -1, 0, 1].map((offset, index) => ({ id: `r${index}`, updatedAt: at(offset) }));
  const server = appServer({ lists: { weights: all }, now: Date.parse("2024-02-10T00:00:00Z") });
  server.instead = (type, url, index) => {
    if (index === 1) all[3] = { ...all[3], updatedAt: at(500) };
  };
  const came = await clientOf(server).batch("weights", { updatedSince: "2024-01-01T00:00:00Z" }).toArray();
  const times = came.map(({ id, updatedAt }) => `${id} ${Date.parse(updatedAt) - seam}`).sort();
  assert.deepEqual(times, ["r0 -1001", "r1 -1000", "r2 -999", "r3 -500", "r3 500", "r4 -1", "r5 0", "r6 1"]);
});

test("without updatedBefore it reads until the server's present time, whatever the local clock says", async (t) => {
  for (const [server, requests] of [
    ["2020-03-01T00:00:00Z", 2],
    ["2020-01-20T00:00:00Z", 1],
    ["2049-01-01T00:00:00Z", 1],
  ].map(([now, requests]) => [appServer({ now: Date.parse(now) }), requests])) {
    const since = server.now > Date.parse("2040-01-01") ? "2048-12-20T00:00:00Z" : "2020-01-01T00:00:00Z";
    assert.deepEqual(await clientOf(server).batch("weights", { updatedSince: since }).toArray(), []);
    assert.equal(server.fetch.requests.length, requests, new Date(server.now).toISOString());
  }
});

test("toArray with a limit requests no page more than it needs, and first() returns the first page that is not empty", async () => {
  const server = appServer({ lists: { weights: updated(2000, "2024-05-01T00:00:00Z", DAY / 40) } });
  const batch = clientOf(server).batch("weights", { updatedSince: "2024-01-01T00:00:00Z", updatedBefore: NOW });
  assert.equal((await batch.toArray({ limit: 7 })).length, 7);
  const few = server.fetch.requests.length;
  assert.ok(few <= 3, `${few} requests`);
  assert.ok((await batch.first()).records.length > 0);
  const nothing = clientOf(appServer()).batch("weights", { updatedSince: "2024-01-01T00:00:00Z", updatedBefore: NOW });
  assert.deepEqual((await nothing.first()).records, []);
});

test("a cursor continues in any of the requests", async () => {
  const all = updated(700, NOW, DAY / 5);
  const query = { updatedSince: "2024-01-01T00:00:00Z", updatedBefore: NOW, limit: 60 };
  const whole = [];
  const cursors = [];
  for await (const page of clientOf(appServer({ lists: { weights: all } })).batch("weights", query).byPage()) {
    whole.push(...page.records.map(({ id }) => id));
    assert.ok(page.cursor.length <= 500);
    cursors.push([whole.length, page.cursor]);
  }
  assert.ok(cursors.length > 10);
  for (const [read, cursor] of cursors) {
    const rest = await clientOf(appServer({ lists: { weights: all } })).batch("weights", { ...query, cursor }).toArray();
    assert.deepEqual(rest.map(({ id }) => id), whole.slice(read));
  }
  const other = { ...query, source: "other", cursor: cursors[3][1] };
  assert.throws(() => clientOf(appServer()).batch("weights", other), OptionError);
});

test("every type is requested at its path", async () => {
  const types = "activities activities/summaries sleeps sleeps/summaries locations heart_rates heart_rate/summaries bmis body_fats heights weights blood_pressures blood_glucoses blood_oxygens food/meals genetic_traits".split(" ");
  const server = appServer();
  for (const type of types) await clientOf(server).batch(type, { updatedSince: NOW }).toArray();
  assert.deepEqual(
    server.fetch.requests.map(({ url }) => new URL(url).pathname),
    types.map((type) => `/v1/apps/app/users/${type}`),
  );
});
