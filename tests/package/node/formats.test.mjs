// The formats (Link, Retry-After, queries) that can be used without a client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { imported } from "./support/installed.mjs";

const { OptionError, parseLinkHeader, parseRetryAfter } = await imported();

test("a Link header as Human API sends it is parsed", () => {
  const value =
    '<https://api.humanapi.co/v1/human/activities?limit=50&offset=50>; rel="next",<https://api.humanapi.co/v1/human/activities?limit=50&offset=200>; rel="last"';
  assert.deepEqual(parseLinkHeader(value), [
    { uri: "https://api.humanapi.co/v1/human/activities?limit=50&offset=50", rel: ["next"], params: {} },
    { uri: "https://api.humanapi.co/v1/human/activities?limit=50&offset=200", rel: ["last"], params: {} },
  ]);
});

test("a Link header as Human API's documentation shows it is parsed", () => {
  const value = 'https://api.humanapi.co/v1/human/sleeps?offset=50; \nrel="prev",\n https://api.humanapi.co/v1/human/sleeps?offset=150; \nrel="next"';
  assert.deepEqual(
    parseLinkHeader(value).map(({ uri, rel }) => [uri, rel]),
    [
      ["https://api.humanapi.co/v1/human/sleeps?offset=50", ["prev"]],
      ["https://api.humanapi.co/v1/human/sleeps?offset=150", ["next"]],
    ],
  );
});

test("targets are resolved against the base, and parameters are returned", () => {
  assert.deepEqual(parseLinkHeader('<../b?x=1,2;3>; rel="next start"; title="a, \\"b\\""; hreflang=en', "https://a.example/c/d"), [
    { uri: "https://a.example/b?x=1,2;3", rel: ["next", "start"], params: { title: 'a, "b"', hreflang: "en" } },
  ]);
  assert.deepEqual(parseLinkHeader("</b>; rel=next")[0].uri, "/b");
  assert.deepEqual(parseLinkHeader(""), []);
});

test("a parameter with the name of a property that every object has is only a parameter", () => {
  const [{ params }] = parseLinkHeader('<a>; rel=next; __proto__="x"; constructor="y"');
  assert.equal(params.constructor, "y");
  assert.equal(Object.getPrototypeOf(params), Object.prototype);
});

const NOW = Date.parse("2024-05-01T00:00:00Z");
for (const [value, expected] of [
  ["0", 0],
  ["120", 120_000],
  [" 120 ", 120_000],
  ["Wed, 01 May 2024 00:02:00 GMT", 120_000],
  ["Wednesday, 01-May-24 00:02:00 GMT", 120_000],
  ["Wed May  1 00:02:00 2024", 120_000],
  ["Tue, 30 Apr 2024 00:00:00 GMT", 0],
  ["0x10", undefined],
  ["1.5", undefined],
  ["-1", undefined],
  ["+1", undefined],
  ["10 seconds", undefined],
  ["", undefined],
  ["2024-05-01T00:02:00Z", undefined],
  ["Wed, 31 Feb 2024 00:00:00 GMT", undefined],
]) {
  test(`Retry-After: ${value || "(empty)"} is ${expected}`, () => {
    for (const now of [NOW, new Date(NOW), "2024-05-01T02:00:00+02:00"]) assert.equal(parseRetryAfter(value, now), expected);
  });
}

test("without a second argument, the present time counts", () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  const wait = parseRetryAfter(inAnHour);
  assert.ok(wait > 3_590_000 && wait <= 3_600_000, String(wait));
  assert.equal(parseRetryAfter("5", undefined), 5000);
});

test("arguments that are not a string, a base URL or a time are refused", () => {
  for (const [call, option] of [
    [() => parseLinkHeader(undefined), "value"],
    [() => parseLinkHeader(5), "value"],
    [() => parseLinkHeader("<a>; rel=next", 5), "base"],
    [() => parseRetryAfter(120), "value"],
    [() => parseRetryAfter(undefined), "value"],
    [() => parseRetryAfter("120", "tomorrow"), "now"],
    [() => parseRetryAfter("120", NaN), "now"],
    [() => parseRetryAfter("120", {}), "now"],
  ]) {
    assert.throws(call, (error) => error instanceof OptionError && error.option === option, call.toString());
  }
});
