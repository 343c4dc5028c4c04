// The identity of records: two different records are never taken for one, whatever their ids look like.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json, paged } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";

const { AppClient, HumanClient } = await imported();

/** A server of pages that are JSON text, so that the records have not been through the host's parser. */
function pagedTexts(texts) {
  const answer = paged(texts);
  return async (url) => {
    const response = answer(url);
    const body = `[${(await response.json()).join(",")}]`;
    return new Response(body, { status: 200, headers: response.headers });
  };
}

const filler = (count) => Array.from({ length: count }, (_, index) => JSON.stringify({ id: `filler-${index}` }));

/** The records that a walk in pages of two delivers when the two records are on pages far from each other. */
async function read(first, second) {
  const texts = [first, ...filler(7), second, ...filler(3).map((text) => text.replace("filler", "more"))];
  const client = new HumanClient({ accessToken: "demo", fetch: answering(pagedTexts(texts)) });
  const records = await client.activities.list({ limit: 2 }).toArray();
  return { actual: records.map((record) => JSON.stringify(record)), expected: texts.map((text) => JSON.stringify(JSON.parse(text))) };
}

for (const [name, first, second] of [
  ["a number and its decimal string", '{"id":1,"n":1}', '{"id":"1","n":2}'],
  ["two lone surrogates", '{"id":"a\\ud800","n":1}', '{"id":"a\\ud801","n":2}'],
  ["a lone surrogate and the replacement character", '{"id":"a\\ud800","n":1}', '{"id":"a\ufffd","n":2}'],
  ["numbers beyond 2⁵³", '{"id":9007199254740992,"n":1}', '{"id":9007199254740993,"n":2}'],
  ["numbers beyond 2⁵³ in otherwise equal records", '{"id":9007199254740992}', '{"id":9007199254740993}'],
  ["strings with zero characters", '{"id":"a\\u0000b","n":1}', '{"id":"a\\u0000c","n":2}'],
  ["a string and its JSON", '{"id":"\\u0000","n":1}', '{"id":"\\"\\\\u0000\\"","n":2}'],
  ["fractions", '{"id":1.5,"n":1}', '{"id":"1.5","n":2}'],
  ["null and an empty string", '{"id":null,"n":1}', '{"id":"","n":2}'],
]) {
  test(`records with ids that are ${name} are two records`, async () => {
    const { actual, expected } = await read(first, second);
    assert.deepEqual(actual, expected);
  });
}

test("ids with different bytes that are not UTF-8 are different", async () => {
  const record = (byte, n) => Buffer.concat([Buffer.from('{"id":"a'), Buffer.from([byte]), Buffer.from(`","n":${n}}`)]);
  const list = [record(0xfe, 1), ...filler(7).map((text) => Buffer.from(text)), record(0xff, 2), Buffer.from('{"id":"last"}')];
  const answer = (url) => {
    const [limit, offset] = ["limit", "offset"].map((name) => Number(url.searchParams.get(name) ?? 0));
    const page = list.slice(offset, offset + limit).flatMap((bytes, index) => (index === 0 ? [bytes] : [Buffer.from(","), bytes]));
    return new Response(Buffer.concat([Buffer.from("["), ...page, Buffer.from("]")]), { headers: { "x-total-count": String(list.length) } });
  };
  const client = new HumanClient({ accessToken: "demo", fetch: answering(answer) });
  const records = await client.activities.list({ limit: 2 }).toArray();
  assert.equal(records.length, list.length);
  assert.deepEqual(records.filter(({ n }) => n !== undefined).map(({ n }) => n), [1, 2]);
});

test("in a list of many people, the same id of two people belongs to two records", async () => {
  const list = Array.from({ length: 40 }, (_, index) => ({ id: `id-${index % 20}`, humanId: index < 20 ? "anna" : "berta", updatedAt: "2024-01-05T00:00:00Z" }));
  const client = new AppClient({ clientId: "app", appKey: "key", fetch: answering(paged(list)) });
  const updatedSince = "2024-01-01T00:00:00Z";
  const records = await client.batch("weights", { updatedSince, updatedBefore: "2024-01-20T00:00:00Z", limit: 7 }).toArray();
  assert.deepEqual(records, list);
});

test("the error for fewer records than the total has both numbers", async () => {
  const events = [];
  const list = Array.from({ length: 10 }, (_, index) => ({ id: `id-${index}` }));
  const answer = (url) => {
    const response = paged(list)(url);
    return response.json().then((records) => json(records, { headers: { ...Object.fromEntries(response.headers), "x-total-count": "12" } }));
  };
  const client = new HumanClient({ accessToken: "demo", fetch: answering(answer), onEvent: (event) => events.push(event) });
  assert.deepEqual(await client.activities.list({ limit: 5 }).toArray(), list);
  const warnings = events.filter(({ type }) => type === "warning");
  assert.deepEqual(warnings.map(({ code }) => code), ["count-short"]);
  assert.match(warnings[0].message, /\b10\b.*\b12\b.*same id are taken for one/s);
});
