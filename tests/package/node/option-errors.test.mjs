// Every option of every class and method, with a value of every wrong kind: each OptionError names the option, says
// what was expected and what was passed, and repeats no value that may be a secret or health data.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runInNewContext } from "node:vm";
import { imported } from "./support/installed.mjs";

const { AppClient, HumanClient, OptionError, SampleUploader, parseLinkHeader, parseRetryAfter, queryString } = await imported();
const { createStore } = await import("../../../dist/stores/memory.js");

const MARK = "s3cr3t-7200119";
const FUNCTION = () => MARK;
const OBJECT = { [Symbol.toStringTag]: MARK, note: MARK };
/**
 * How a message may describe a string: by its kind or by what is expected. It is quoted only where a few words are
 * allowed.
 */
const TEXT = /text|empty|another|white space|of another form|not "|"resend"|absolute URL|plain path|`cursor`|of type string|must not be/;
/** Values by name, each with the expression that a message may describe it with. */
const VALUES = {
  text: [MARK, TEXT],
  numeric: ["30000", TEXT],
  blank: ["  ", TEXT],
  empty: ["", TEXT],
  surrogate: [`${MARK}\ud83e`, /half of a surrogate pair/],
  number: [7_200_119, /a number|7200119/],
  one: [1, /a number|\b1\b/],
  zero: [0, /a number|\b0\b/],
  minusZero: [-0, /a number|\b0\b/],
  negative: [-5, /a number|-5/],
  fraction: [1.5, /a number|a fraction/],
  huge: [2 ** 60, /number|outside the years/],
  nan: [NaN, /NaN|not a valid date/],
  infinity: [Infinity, /[Ii]nfinit|not a valid date/],
  minusInfinity: [-Infinity, /[Ii]nfinit|not a valid date/],
  yes: [true, /true/],
  no: [false, /false/],
  null: [null, /null/],
  bigint: [5n, /a bigint/],
  symbol: [Symbol(MARK), /a symbol/],
  boxedNumber: [new Number(7_200_119), /a Number: .*without `new`/],
  boxedText: [new String(MARK), /a String: .*without `new`/],
  array: [[MARK], /an array|text|not "/],
  emptyArray: [[], /an array|is empty/],
  arrayOfNumbers: [[7_200_119], /an array|a number/],
  function: [FUNCTION, /a function/],
  date: [new Date(7_200_119), /a Date/],
  otherDate: [runInNewContext("new Date(7200119)"), /a Date/],
  badDate: [new Date(NaN), /a Date|not a valid date/],
  falseDate: [{ [Symbol.toStringTag]: "Date", note: MARK }, /an object/],
  promise: [Promise.resolve(MARK), /a promise: wait for it with `await`/],
  map: [new Map([["a", MARK]]), /a Map/],
  object: [OBJECT, /an object/],
  mixed: [{ a: 7_200_119 }, /an object|a number/],
};
const TEXTS = ["text", "numeric", "blank", "empty"];
const NUMBERS = ["number", "one", "zero", "minusZero", "negative", "fraction", "huge", "nan", "infinity", "minusInfinity"];
/** The kinds of options, each with the names of the values that are allowed. */
const KINDS = {
  text: TEXTS,
  secret: ["text", "numeric", "function"],
  url: [],
  segment: ["text", "numeric", "blank"],
  version: ["text", "numeric", "blank"],
  choice: [],
  days: [],
  millis: ["number", "one", "huge"],
  positive: ["number", "one", "infinity"],
  natural: ["number", "one", "zero", "minusZero", "infinity"],
  count: ["number", "one", "zero", "minusZero"],
  lanes: ["one"],
  limit: ["one"],
  batch: [],
  flag: ["yes", "no"],
  function: ["function"],
  texts: ["map", "object", "falseDate"],
  instant: ["number", "one", "zero", "minusZero", "negative", "fraction", "date", "otherDate"],
  signal: ["null"],
  store: [],
  list: [],
  cursor: [],
};

const options = {
  baseUrl: "url", fetch: "function", headers: "texts", timeout: "positive", maxResponseBytes: "positive", maxRetries: "retries", maxRetryDelay: "natural",
  concurrency: "lanes", allowHttp: "flag", onEvent: "function",
};
KINDS.retries = ["number", "one", "zero", "minusZero"];
const query = {
  limit: "limit", offset: "count", createdSince: "instant", createdBefore: "instant", updatedSince: "instant", updatedBefore: "instant", source: "filled",
  startDate: "days", endDate: "days", params: "texts", cursor: "cursor", signal: "signal",
};
KINDS.filled = ["text", "numeric", "blank"];
KINDS.id = ["text", "numeric", "blank"];

const store = createStore();
const fetch = () => new Promise(() => {});
const human = new HumanClient({ accessToken: "demo", fetch });
const app = new AppClient({ clientId: "app", appKey: "key", fetch });
const uploader = new SampleUploader({ token: "demo", baseUrl: "https://samples.example", fetch });
const humanOf = (options) => new HumanClient({ accessToken: "demo", ...options });
const appOf = (options) => new AppClient({ clientId: "app", appKey: "key", ...options });
const uploaderOf = (options) => new SampleUploader({ token: "demo", baseUrl: "https://samples.example", ...options });
const listOf = (options) => human.sleeps.list(options);

/** The places that take options: a function to call with `{ option: value }`, and the kinds of its options. */
const PLACES = {
  HumanClient: [humanOf, { ...options, accessToken: "secret", version: "version" }],
  AppClient: [appOf, { ...options, clientId: "segment", appKey: "secret", version: "version", dangerouslyAllowBrowser: "flag" }],
  SampleUploader: [uploaderOf, { ...options, token: "secret", path: "url", store: "store", account: "text", batchSize: "batch", onUnknown: "choice" }],
  "list()": [listOf, query],
  "readings()": [(options) => human.weight.readings(options), query],
  "queryString()": [queryString, query],
  "batch()": [(options) => app.batch("sleeps", { updatedSince: -1e9, updatedBefore: 1e9, ...options }), query],
  "users()": [(options) => app.users(options), { signal: "signal" }],
  "user()": [(options) => app.user("a".repeat(32), options), { signal: "signal" }],
  "get()": [(options) => human.sleeps.get("a", options), { signal: "signal" }],
  "latest()": [(options) => human.weight.latest(options), { signal: "signal" }],
  "sync()": [(options) => app.sync({ store, ...options }), { types: "list", store: "store", since: "instant", until: "instant", overlap: "count", signal: "signal" }],
  "run()": [(options) => app.sync({ store }).run(() => {}, options), { onProgress: "function" }],
  "plan()": [(options) => uploader.plan("steps", [], options), { format: "choice", signal: "signal", onProgress: "function", onRejected: "function" }],
  "upload()": [(options) => uploader.upload("steps", [], options), { format: "choice", signal: "signal", onProgress: "function", onRejected: "function" }],
};

/** Arguments that are not options: a function to call with the value, the argument's name in messages, and its kind. */
const ARGUMENTS = [
  ["sleeps.get(id)", (id) => human.sleeps.get(id), "id", "id"],
  ["weight.reading(id)", (id) => human.weight.reading(id), "id", "id"],
  ["medical.ccds.raw(id)", (id) => human.medical.ccds.raw(id), "id", "id"],
  ["sleeps.summary(dateOrId)", (id) => human.sleeps.summary(id), "dateOrId", "id"],
  ["weight.daily(date)", (date) => human.weight.daily(date), "date", "days"],
  ["sleeps.daily(date)", (date) => human.sleeps.daily(date), "date", "days"],
  ["resource(path)", (path) => human.resource(path), "path", "id"],
  ["app.user(humanId)", (id) => app.user(id), "humanId", "id"],
  ["app.deleteUser(humanId)", (id) => app.deleteUser(id), "humanId", "id"],
  ["app.batch(type)", (type) => app.batch(type, { updatedSince: 0 }), "type", "choice"],
  ["upload(type)", (type) => uploader.upload(type, []), "type", "choice"],
  ["plan(type)", (type) => uploader.plan(type, []), "type", "choice"],
  ["watermarks(type)", (type) => uploader.watermarks(type), "type", "choice"],
  ["forget(type)", (type) => uploader.forget(type), "type", "choice"],
  ["forget(, deviceName)", (name) => uploader.forget("steps", name), "deviceName", "text"],
  ["parseLinkHeader(value)", (value) => parseLinkHeader(value), "value", "text"],
  ["parseLinkHeader(, base)", (base) => parseLinkHeader("", base), "base", "url"],
  ["parseRetryAfter(value)", (value) => parseRetryAfter(value), "value", "text"],
  ["parseRetryAfter(, now)", (now) => parseRetryAfter("1", now), "now", "instant"],
  ["run(handler)", (handler) => app.sync({ store }).run(handler), "handler", "handler"],
];
KINDS.handler = ["function"];

after(() => [human, app, uploader].forEach((client) => client.close()));

/** Options that allow a few words only. Their values may be quoted because they cannot be secrets. */
const REPEATED = ["type", "types", "format", "onUnknown", "version"];

/**
 * The error of a call that throws, or whose promise is rejected at once. A later rejection is not an OptionError of the
 * call.
 */
async function complaintOf(call) {
  try {
    const returned = call();
    if (typeof returned?.then !== "function") return undefined;
    return await Promise.race([returned.then(() => undefined, (error) => error), new Promise((resolve) => setTimeout(resolve, 20))]);
  } catch (error) {
    return error;
  }
}

function judge(error, place, option, label) {
  const [, called] = VALUES[label];
  const about = `${place} ${option}: ${label}: ${error?.message}`;
  assert.ok(error instanceof OptionError, `${about} (${error})`);
  const bare = error.option.replace(/[.[].*/, "");
  assert.equal(bare, option, about);
  assert.ok(error.message.includes(option), about);
  assert.match(error.message, /must|expected|not |is (missing|empty|beyond)|there is no|has a|was given|outside|goes on with/, about);
  assert.match(error.message, option === "handler" ? /it is (null|undefined|of type (string|number|boolean|bigint|symbol|object))$/ : called, about);
  if (!REPEATED.includes(option)) assert.ok(!error.message.includes(MARK), about);
  assert.ok(error.message.length < 420, about);
  if (process.env.HUMANSYNC_SHOW) console.log(about);
}

for (const [place, [call, kinds]] of Object.entries(PLACES)) {
  test(`wrong options of ${place} are reported`, async () => {
    for (const [option, kind] of Object.entries(kinds)) {
      for (const [label, [value]] of Object.entries(VALUES)) {
        const error = await complaintOf(() => call({ [option]: value }));
        if (KINDS[kind].includes(label)) assert.equal(error, undefined, `${place} ${option}: ${label}: ${error?.message}`);
        else judge(error, place, option, label);
      }
    }
  });
}

test("wrong arguments are reported", async () => {
  for (const [place, call, option, kind] of ARGUMENTS) {
    for (const [label, [value]] of Object.entries(VALUES)) {
      const error = await complaintOf(() => call(value));
      if (KINDS[kind].includes(label)) assert.equal(error, undefined, `${place}: ${label}: ${error?.message}`);
      else judge(error, place, option, label);
    }
  }
});
