// Errors: the class, code and fields for each answer of a server, and what must not get into a log.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answering, json, nothing, refusal } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { virtualTime } from "./support/virtual-time.mjs";

const humansync = await imported();
const { ApiError, ConnectionError, HumanClient, HumansyncError, OptionError, ProtocolError, TimeoutError } = humansync;

/** The error of reading the profile, without retries, from a server that answers with `answer`. */
async function errorOf(answer, options = {}) {
  const client = new HumanClient({ accessToken: "demo", fetch: answering(answer), maxRetries: 0, ...options });
  return client.profile().then(assert.fail, (error) => error);
}

const KINDS = [
  [400, {}, "ApiError", "api"],
  [401, {}, "AuthenticationError", "authentication"],
  [403, {}, "PermissionError", "permission"],
  [404, {}, "NotFoundError", "not-found"],
  [408, {}, "ApiError", "api"],
  [409, {}, "ApiError", "api"],
  [418, {}, "ApiError", "api"],
  [429, {}, "RateLimitError", "rate-limit"],
  [429, { "retry-after": "60" }, "RateLimitError", "rate-limit"],
  [500, {}, "ServerError", "server"],
  [501, {}, "ServerError", "server"],
  [503, {}, "ServerError", "server"],
  [503, { "retry-after": "60" }, "RateLimitError", "rate-limit"],
  [504, {}, "ServerError", "server"],
];
for (const [status, headers, name, code] of KINDS) {
  test(`${status} ${JSON.stringify(headers)} is a ${name}`, async () => {
    const error = await errorOf(() => refusal(status, { "x-request-id": "r-7", ...headers }));
    assert.equal(error.constructor, humansync[name]);
    for (const base of [ApiError, HumansyncError, Error]) assert.ok(error instanceof base, base.name);
    assert.equal(error.name, name);
    assert.equal(error.code, code);
    assert.equal(error.status, status);
    assert.equal(error.method, "GET");
    assert.equal(error.path, "/v1/human/profile");
    assert.equal(error.requestId, "r-7");
    assert.match(error.stack, new RegExp(`^${name}: `));
    assert.match(error.message, new RegExp(`GET /v1/human/profile .*${status}`));
  });
}

test("the message about the pause depends on the status", async () => {
  const said = async (...answer) => (await errorOf(() => refusal(...answer))).message;
  const pause = { "retry-after": "60" };
  assert.match(await said(429, pause), /status 429: too many requests; ask again at `retryAt`$/);
  assert.match(await said(503, pause), /status 503: the server cannot take requests for now; ask again at `retryAt`$/);
  assert.match(await said(503), /status 503: the server failed/);
  assert.match(await said(502, { "retry-after": "9999" }), /status 502: the server asked for a pause; ask again at `retryAt`$/);
});

test("for a pause of more than a day the message says that a call after an hour asks again", async () => {
  for (const [value, isLonger] of [
    ["86400", false],
    ["86500", true],
    ["Fri, 31 Dec 9999 23:59:59 GMT", true],
  ]) {
    const client = new HumanClient({ accessToken: "demo", fetch: answering(() => refusal(503, { "retry-after": value })) });
    for (const expected of ["was answered with status 503", "was not sent"]) {
      const { message, retryAt } = await client.profile().then(assert.fail, (error) => error);
      assert.ok(message.includes(expected) && retryAt instanceof Date);
      assert.equal(/more than a day from now: a call after an hour asks again/.test(message), isLonger, `${value}: ${message}`);
    }
  }
});

test("the server's words can be read, and are in no log", async () => {
  const error = await errorOf(() => json({ message: "glucose 18700181 mg/dL is odd" }, { status: 400 }));
  assert.deepEqual(error.body, { message: "glucose 18700181 mg/dL is odd" });
  assert.equal(Object.keys(error).includes("body"), false);
  for (const text of [inspect(error), inspect(error, { depth: Infinity }), JSON.stringify(error), String(error), error.stack]) {
    assert.doesNotMatch(text, /18700181/);
  }
  assert.deepEqual({ ...error }.body, undefined);
});

test("a body that is not JSON is a string, and an empty one is absent", async () => {
  assert.equal((await errorOf(() => new Response("<h1>Bad gateway</h1>", { status: 502 }))).body, "<h1>Bad gateway</h1>");
  assert.equal("body" in (await errorOf(() => new Response(null, { status: 502 }))), false);
});

test("without a request id from the server the error has none", async () => {
  assert.equal("requestId" in (await errorOf(() => refusal(404))), false);
  assert.equal((await errorOf(() => refusal(404, { "x-humanapi-request-id": "h-1" }))).requestId, "h-1");
});

test("retryAt is the time that the server named", async (t) => {
  const time = virtualTime(t, { now: Date.parse("2024-05-01T00:00:00Z") });
  const at = async (headers) => {
    const { value: error } = await time.until(errorOf(() => refusal(429, headers), { maxRetryDelay: 0 }));
    return error.retryAt;
  };
  assert.deepEqual(await at({ "retry-after": "90" }), new Date("2024-05-01T00:01:30Z"));
  assert.deepEqual(await at({ "retry-after": "Wed, 01 May 2024 00:10:00 GMT" }), new Date("2024-05-01T00:10:00Z"));
  // Where the server's clock can be read, Retry-After is measured by it.
  const skewed = { "retry-after": "Wed, 01 May 2024 00:10:00 GMT", date: "Wed, 01 May 2024 00:09:00 GMT" };
  assert.deepEqual(await at(skewed), new Date("2024-05-01T00:01:00Z"));
  assert.equal(await at({ "retry-after": "soon" }), undefined);
  assert.equal(await at({}), undefined);
});

test("a connection that fails is a ConnectionError with the host's error as its cause", async () => {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
  const error = await errorOf(() => Promise.reject(cause));
  assert.equal(error.constructor, ConnectionError);
  assert.equal(error.code, "connection");
  assert.equal(error.cause, cause);
  assert.match(error.message, /GET \/v1\/human\/profile/);
});

test("a request counts as not sent only where the host says that there was no connection", async () => {
  const failed = (inner) => new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), inner) });
  for (const [cause, sent] of [
    [failed({ code: "ECONNREFUSED" }), false],
    [failed({ code: "ENOTFOUND" }), false],
    [failed({ errors: [{ code: "ECONNREFUSED" }, { code: "ECONNREFUSED" }] }), false],
    [failed({ errors: [{ code: "ECONNREFUSED" }, { code: "ETIMEDOUT" }] }), true],
    [failed({ errors: [] }), true],
    [failed({ code: "ECONNRESET" }), true],
    [failed({ code: "UND_ERR_SOCKET" }), true],
    [new TypeError("Failed to fetch"), true],
    [undefined, true],
  ]) {
    assert.equal((await errorOf(() => Promise.reject(cause))).sent, sent, String(cause?.cause?.code));
  }
});

test("a body that is cut off is a ConnectionError", async () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          controller.error(new TypeError("terminated"));
        },
      }),
    );
  const error = await errorOf(broken);
  assert.equal(error.constructor, ConnectionError);
  assert.equal(error.sent, true);
});

test("an answer that does not arrive in time is a TimeoutError, and its request is aborted", async (t) => {
  const time = virtualTime(t);
  const fetch = answering(nothing);
  const client = new HumanClient({ accessToken: "demo", fetch, timeout: 5000, maxRetries: 0 });
  const { error, at } = await time.until(client.profile());
  assert.equal(error.constructor, TimeoutError);
  assert.ok(error instanceof ConnectionError);
  assert.equal(error.code, "timeout");
  assert.equal(error.sent, true);
  assert.match(error.message, /5000 ms/);
  assert.equal(at, 5000);
  assert.equal(fetch.requests[0].signal.aborted, true);
});

test("the timeout covers the body to its end", async (t) => {
  const time = virtualTime(t);
  const client = new HumanClient({
    accessToken: "demo",
    fetch: answering(() => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("[")) }))),
    timeout: 5000,
    maxRetries: 0,
  });
  const { error, at } = await time.until(client.sleeps.list().toArray());
  assert.equal(error.constructor, TimeoutError);
  assert.equal(at, 5000);
});

for (const [name, answer] of Object.entries({
  "a page of HTML": () => new Response("<!doctype html><title>Sign in</title>", { headers: { "content-type": "text/html" } }),
  "half a document": () => new Response('{"email":"ada@example.org","humanI'),
  nothing: () => new Response(""),
})) {
  test(`${name} instead of JSON is a ProtocolError that quotes none of it`, async () => {
    const error = await errorOf(answer);
    assert.equal(error.constructor, ProtocolError);
    assert.equal(typeof error.code, "string");
    assert.doesNotMatch(inspect(error, { showHidden: true, depth: Infinity }), /Sign in|ada@example/);
  });
}

test("a fetch that does not resolve to a Response is a ConnectionError that says so", async () => {
  const error = await errorOf(() => undefined);
  assert.ok(error instanceof ConnectionError);
  assert.match(error.cause.message, /Response/);
});

test("the error that a Secret function throws is passed on unchanged", async () => {
  const mine = new Error("the vault is closed");
  for (const accessToken of [() => { throw mine; }, () => Promise.reject(mine)]) {
    const fetch = answering(() => json({}));
    const error = await new HumanClient({ accessToken, fetch }).profile().then(assert.fail, (error) => error);
    assert.equal(error, mine);
    assert.equal(fetch.requests.length, 0);
  }
});

test("a Secret function that does not return a string is refused", async () => {
  for (const token of [undefined, null, 5, "", {}]) {
    const fetch = answering(() => json({}));
    const error = await new HumanClient({ accessToken: () => token, fetch }).profile().then(assert.fail, (error) => error);
    assert.ok(error instanceof OptionError, String(error));
    assert.equal(error.option, "accessToken");
    assert.equal(fetch.requests.length, 0);
  }
});

test("an error in the middle of a walk follows the records that were read before it", async () => {
  const client = new HumanClient({
    accessToken: "demo",
    maxRetries: 0,
    concurrency: 1,
    fetch: answering((url) => {
      if (url.searchParams.has("offset")) return refusal(403);
      return json([{ id: "2" }, { id: "1" }], { headers: { "x-total-count": "4" } });
    }),
  });
  const read = [];
  const walk = (async () => {
    for await (const { id } of client.sleeps.list({ limit: 2 })) read.push(id);
  })();
  const error = await walk.then(assert.fail, (error) => error);
  assert.equal(error.name, "PermissionError");
  assert.deepEqual(read, ["2", "1"]);
});
