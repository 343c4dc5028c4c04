// The options of a client: which are accepted, and which are refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, json } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";

const { AppClient, HumanClient, OptionError } = await imported();

const REFUSED = [
  ["accessToken", {}],
  ["accessToken", { accessToken: "" }],
  ["accessToken", { accessToken: undefined }],
  ["accessToken", { accessToken: 5 }],
  ["accessToken", { accessToken: "two words" }],
  ["accessToken", { accessToken: "line\nbreak" }],
  ["baseUrl", { baseUrl: "api.humanapi.co" }],
  ["baseUrl", { baseUrl: "ftp://api.humanapi.co" }],
  ["baseUrl", { baseUrl: "" }],
  ["baseUrl", { baseUrl: 5 }],
  ["baseUrl", { baseUrl: "https://user:hunter2@api.humanapi.co" }],
  ["baseUrl", { baseUrl: "https://api.humanapi.co/?a=b" }],
  ["baseUrl", { baseUrl: "http://api.humanapi.co" }],
  ["baseUrl", { baseUrl: "http://127.0.0.1.example" }],
  ["baseUrl", { baseUrl: "http://evil.localhost" }],
  ["baseUrl", { baseUrl: "http://localhost." }],
  ["fetch", { fetch: "fetch" }],
  ["headers.authorization", { headers: { authorization: "Bearer mine" } }],
  ["headers", { headers: { "a b": "c" } }],
  ["headers.a", { headers: { a: "b\r\nc: d" } }],
  ["headers.a", { headers: { a: 5 } }],
  ["headers", { headers: "a: b" }],
  ["timeout", { timeout: 0 }],
  ["timeout", { timeout: -1 }],
  ["timeout", { timeout: "30s" }],
  ["timeout", { timeout: NaN }],
  ["maxResponseBytes", { maxResponseBytes: 0 }],
  ["maxResponseBytes", { maxResponseBytes: "64 MB" }],
  ["maxRetries", { maxRetries: -1 }],
  ["maxRetries", { maxRetries: 1.5 }],
  ["maxRetryDelay", { maxRetryDelay: -1 }],
  ["maxRetryDelay", { maxRetryDelay: NaN }],
  ["concurrency", { concurrency: 0 }],
  ["concurrency", { concurrency: 1.5 }],
  ["allowHttp", { allowHttp: "yes" }],
  ["onEvent", { onEvent: "log" }],
  ["version", { version: "" }],
  ["version", { version: "../v2" }],
  ["version", { version: 1 }],
  ["retries", { retries: 3 }],
];
for (const [option, wrong] of REFUSED) {
  test(`${JSON.stringify(wrong)} is refused for its ${option}`, () => {
    const options = { ...(option === "accessToken" ? {} : { accessToken: "demo" }), ...wrong };
    assert.throws(
      () => new HumanClient(options),
      (error) => {
        assert.ok(error instanceof OptionError, String(error));
        assert.equal(error.option, option);
        assert.doesNotMatch(error.message, /hunter2|two words|Bearer mine/, "what was given may be a secret");
        return true;
      },
    );
  });
}

test("the message of an OptionError says what was passed and what to do", async () => {
  const messageOf = (call) => {
    try {
      call();
    } catch (error) {
      return error.message;
    }
    return assert.fail("it was taken");
  };
  const said = (options) => messageOf(() => new HumanClient({ accessToken: "demo", ...options }));
  assert.equal(said({ timeout: "30000" }), "`timeout` must be a number; it is a text: leave out the quotes");
  assert.equal(said({ timeout: -5 }), "timeout must be a whole number from 1 to 9007199254740991, but -5 was given");
  assert.equal(said({ accessToken: Promise.resolve("a") }), "`accessToken` must be a text or a function that yields one; it is a promise: wait for it with `await`");
  assert.equal(said({ fetch: null }), "`fetch` must be a function; it is null");
  assert.equal(said({ version: "a/b" }), '`version` must be a plain path segment like "v1", not "a/b"');
  assert.equal(said({ timeOut: 5 }), 'there is no option "timeOut": did you mean "timeout"?');
  const keys = { clientId: "a/b", appKey: "s3cret" };
  const message = messageOf(() => new AppClient(keys));
  assert.match(message, /^`clientId` must be the client id .* has a slash/);
  // A secret that was passed as a header's name is not repeated.
  assert.doesNotMatch(said({ headers: { "Bearer s3cret": "authorization" } }), /s3cret/);
  // A string of two letters is not a pair of name and value.
  assert.match(said({ headers: new Set(["ab"]) }), /`headers` must be an object of texts; it is a Set/);
});

test("a client without any options is refused", () => {
  for (const options of [undefined, null, 5, "demo"]) assert.throws(() => new HumanClient(options), OptionError);
});

test("options that are undefined count as absent", async () => {
  const fetch = answering(() => json([]));
  const client = new HumanClient({
    accessToken: "demo",
    fetch,
    version: undefined,
    baseUrl: undefined,
    headers: undefined,
    timeout: undefined,
    maxResponseBytes: undefined,
    maxRetries: undefined,
    maxRetryDelay: undefined,
    concurrency: undefined,
    allowHttp: undefined,
    onEvent: undefined,
  });
  await client.sleeps.list().toArray();
  assert.ok(fetch.requests[0].url.startsWith("https://api.humanapi.co/v1/human/sleeps?"));
});

test("plain http is used for loopback hosts, and for others only if it is allowed", async () => {
  const bases = [
    [{ baseUrl: "http://127.0.0.1:8080" }, "http://127.0.0.1:8080/"],
    [{ baseUrl: "http://localhost:8080" }, "http://localhost:8080/"],
    [{ baseUrl: "http://[::1]:8080" }, "http://[::1]:8080/"],
    [{ baseUrl: "http://api.internal", allowHttp: true }, "http://api.internal/"],
  ];
  for (const [options, start] of bases) {
    const fetch = answering(() => json([]));
    await new HumanClient({ accessToken: "demo", fetch, ...options }).sleeps.list().toArray();
    assert.ok(fetch.requests[0].url.startsWith(start), fetch.requests[0].url);
  }
});

test("custom headers are sent with every request, in addition to the library's", async () => {
  const fetch = answering(() => json([]));
  await new HumanClient({ accessToken: "demo", fetch, headers: { "X-Study": "7" } }).sleeps.list().toArray();
  assert.equal(fetch.requests[0].headers.get("x-study"), "7");
  assert.equal(fetch.requests[0].headers.get("authorization"), "Bearer demo");
});

test("a custom fetch is called without `this`, with arguments that the global fetch takes too", async () => {
  const calls = [];
  const client = new HumanClient({
    accessToken: "demo",
    fetch: async function (...args) {
      calls.push([this, args]);
      return json([]);
    },
  });
  await client.sleeps.list().toArray();
  const [[receiver, args]] = calls;
  assert.ok(receiver === undefined || receiver === globalThis, "a method of another object would be an illegal invocation");
  assert.equal(new Request(...args).method, "GET");
});

test("a response of another Response class is read as well", async () => {
  const client = new HumanClient({
    accessToken: "demo",
    fetch: async () => ({
      ok: true,
      status: 200,
      headers: new Headers({ "x-total-count": "1" }),
      json: async () => [{ id: "1" }],
      text: async () => '[{"id":"1"}]',
    }),
  });
  assert.deepEqual(await client.sleeps.list().toArray(), [{ id: "1" }]);
});
