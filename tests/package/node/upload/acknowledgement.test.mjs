// Which answers acknowledge samples, and which a deletion.

import assert from "node:assert/strict";
import test from "node:test";
import { openStore } from "../../upload/support/endpoint.mjs";
import { answering } from "../support/answers.mjs";
import { imported } from "../support/installed.mjs";

const { AppClient, ConnectionError, ProtocolError, SampleUploader, TimeoutError } = await imported();

const errorOf = (promise) =>
  promise.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );

const samples = [0, 1, 2].map((minute) => ({
  device_name: "Watch",
  start_date: `2025-06-15T08:0${minute}:00Z`,
  unit: "count",
  value: 10,
}));

const page = "<!doctype html><title>Sign in</title>";
const said = (body, init) => () => new Response(typeof body === "string" ? body : JSON.stringify(body), init);
const html = { headers: { "content-type": "text/html" } };

function endless() {
  return new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"accepted":')) }));
}

function brokenOff() {
  const pull = (stream) => stream.error(new TypeError("terminated"));
  return new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("{}")), pull }, { highWaterMark: 0 }));
}

function uploaderAt(answer, options = {}) {
  const fetch = answering((...args) => (fetch.requests.length === 1 ? answer(...args) : new Response()));
  const store = openStore();
  const uploader = () => new SampleUploader({ baseUrl: "https://samples.example", token: "secret", fetch, store, maxRetries: 0, ...options });
  return { fetch, uploader };
}

const ACKNOWLEDGED = {
  "nothing at all": said(""),
  "nothing, and no type": () => new Response(new Uint8Array(0)),
  "nothing, as text": said("", { headers: { "content-type": "text/plain" } }),
  "blanks": said(" \r\n"),
  "null": said("null"),
  "an empty object": said({}),
  "how many": said({ accepted: 3 }),
  "JSON under another type": said({ ok: true }, html),
  "complaints without content": said({ errors: [], error: null, failed: 0, rejected: {}, status: "ok", code: 0 }),
  "a status as in HTTP": said({ statusCode: 200, message: "received", success: true }),
};

for (const [name, answer] of Object.entries(ACKNOWLEDGED)) {
  test(`200 with ${name} is an acknowledgement`, async () => {
    const { uploader } = uploaderAt(answer);
    assert.equal((await uploader().upload("steps", samples)).sent, 3);
    assert.equal((await uploader().upload("steps", samples)).alreadySent, 3);
  });
}

const STRANGE = {
  "a page to sign in": [said(page, html), "not-json"],
  "a page that says that it is JSON": [said(page, { headers: { "content-type": "application/json" } }), "not-json"],
  "nothing, as HTML": [said("", html), "not-json"],
  "blanks, as XHTML": [said(" \n", { headers: { "content-type": "application/xhtml+xml; charset=utf-8" } }), "not-json"],
  "a word": [said("Success"), "not-json"],
  "half a document": [said('{"accepted":'), "not-json"],
  "207": [said({ results: [{ status: 201 }, { status: 422 }] }, { status: 207 }), "not-acknowledged"],
  "201": [said({}, { status: 201 }), "not-acknowledged"],
  "202": [said({}, { status: 202 }), "not-acknowledged"],
  "204": [() => new Response(null, { status: 204 }), "not-acknowledged"],
  "206": [said("", { status: 206 }), "not-acknowledged"],
  "an error": [said({ error: "invalid token" }), "not-acknowledged"],
  "errors": [said({ accepted: 2, errors: [{ index: 1 }] }), "not-acknowledged"],
  "no success": [said({ success: false }), "not-acknowledged"],
  "a status that says so": [said({ status: "Error" }), "not-acknowledged"],
  "a status as of HTTP": [said({ statusCode: 401, message: "expired" }), "not-acknowledged"],
  "some that were rejected": [said({ data: { accepted: 2, rejected: 1 } }), "not-acknowledged"],
  "one of several results that failed": [said([{ status: "ok" }, { status: "failed" }]), "not-acknowledged"],
  "false": [said("false"), "not-acknowledged"],
};

for (const [name, [answer, code]] of Object.entries(STRANGE)) {
  test(`${name} is no acknowledgement: a ProtocolError, and the batch is unknown`, async () => {
    for (const onUnknown of ["resend", "hold"]) {
      const { fetch, uploader } = uploaderAt(answer, { onUnknown });
      const error = await errorOf(uploader().upload("steps", samples));
      assert.equal(error.constructor, ProtocolError);
      assert.equal(error.code, code);
      assert.deepEqual([error.report.sent, error.report.unknown, error.report.failed], [0, 3, 0]);
      const report = await uploader().upload("steps", samples);
      assert.deepEqual([report.sent, report.unknown], onUnknown === "hold" ? [0, 3] : [3, 0]);
      assert.equal(fetch.requests.length, onUnknown === "hold" ? 1 : 2);
    }
  });
}

const sample = { device_name: "Failure 500", device_version: "no", start_time: "2025-06-15T08:00:00Z", end_date: null, unit: "count", value: 0 };

/** JSON under a 200 that says nothing, or that all is well. */
const GOOD = [
  {}, [], null, true, "ok", "Success",
  { accepted: 1000 }, { success: 1 }, { ok: "yes" }, { received: 3, stored: 3 }, { inserted: 3, updated: 0 }, { inserted: 0, updated: 3 },
  { created: 0, duplicates: 3 }, { acknowledged: true, insertedCount: 3, upsertedCount: 0, matchedCount: 0, deletedCount: 0 },
  { status: "ok" }, { status: "success" }, { status: 200 }, { state: "queued" }, { result: 500 }, { code: 0 }, { code: "OK" },
  { errors: [] }, { errors: 0 }, { errors: "none" }, { errors: [null, null] }, { error: { code: 0, message: "" } }, { failed: 0 }, { error: null },
  { FailedRecordCount: 0, Records: [{ ErrorCode: null }] }, { UnprocessedItems: {} }, { hasErrors: false }, { errcode: 0, errmsg: "ok" }, { noErrors: true },
  { took: 3, errors: false, timed_out: false, items: [{ index: { result: "created", status: 201, _shards: { successful: 1, failed: 0 }, _seq_no: 0 } }] },
  { message: "accepted" }, { message: "0 errors" }, { message: "3 samples accepted, 0 rejected" }, { message: "Received without any errors." },
  { message: "failed: 0" }, { message: "Accepted: see https://samples.example/errors" }, { detail: "Thank you. No further action is required." },
  { message: "Successfully processed 1000 records. 0 duplicates, 0 invalid." }, { message: "3 of 3 samples stored" }, { logged_in: true }, { errorCode: "00000" },
  { total: 1000, inserted: 990, duplicates: 10, invalid: 0 }, { meta: { code: 200, errorType: "" } }, { ResponseMetadata: { HTTPStatusCode: 200, RetryAttempts: 0 } },
  { expires_in: 3600 }, { processed_at: null }, { country_code: "NO" }, { default_unit: "count" }, { request_id: "error-1" }, { warnings: ["late"] },
  [sample, sample], { data_type: "steps", data: [sample] }, { id: 0, type: "steps", createdAt: null, deleted: false, data: [sample] },
];

/** JSON under a 200 that says in some way that something was not accepted. */
const BAD = [
  { accepted: 0 }, { success: 0 }, { ok: 0 }, { success: null }, { success: "failed" }, { acknowledged: "0" }, { inserted: 0 }, { accepted: [] },
  { accepted: "0 of 3" }, { success: "N" }, { authenticationRequired: true }, { captivePortal: "https://wifi.example" }, { msg: "Insufficient permissions" }, "<html></html>",
  { received: 3, stored: 0 }, { created: 0, updated: 0 }, { deleted: 0 }, { is_valid: false }, { notProcessed: 3 }, { noErrors: false }, { partial: true },
  { status: "partial" }, { status: "partially_failed" }, { status: "unsuccessful" }, { status: "FAILED_VALIDATION" }, { status: "unavailable" },
  { status: "timeout" }, { status: "not ok" }, { status: 500 }, { status: "403" }, { result: "KO" }, { results: ["ok", "failed"] }, { type: "error" },
  { status_code: 502 }, { httpStatus: 302 }, { items: [{ status: 201 }, { status: 422 }] }, { code: "E_QUOTA" }, { code: "RATE_LIMITED" },
  { error_count: 3 }, { failedCount: 4 }, { FailedRecordCount: 3 }, { rejectedCount: 4 }, { num_failed: 3 }, { invalid_samples: [1] }, { failed: [0] },
  { hasErrors: true }, { timedOut: true }, { errorMessage: "…", errorType: "…" }, { error_code: 12 }, { errorCode: "E1" }, { fault: { faultcode: "Client" } },
  { UnprocessedItems: [1] }, { data: { errors: [{}, { message: "too old" }] } },
  { message: "Unauthorized" }, { message: "3 errors" }, { message: "accepted: 0, rejected: 3" }, { message: "0 samples accepted" }, { message: "Errors: 3" },
  { message: "No route matched" }, { message: ["start_date must be a date"] }, { detail: "Not authenticated" }, { title: "Service Unavailable" },
  "Login required", "Bad Request", "502", "false", [false], ["Unauthorized"], { results: [true, false] }, { login: "https://portal.example" }, { redirect_url: "/sign-in" },
];

test("JSON that says that all is well, or nothing, or repeats the samples, is an acknowledgement", async () => {
  for (const body of GOOD) {
    const { uploader } = uploaderAt(said(JSON.stringify(body), { headers: { "content-type": "application/json" } }));
    const { sent } = await uploader().upload("steps", samples).catch((error) => error.report);
    assert.equal(sent, 3, JSON.stringify(body));
  }
});

test("JSON that says in some way that something was not accepted is no acknowledgement", async () => {
  for (const body of BAD) {
    const { uploader } = uploaderAt(said(JSON.stringify(body), { headers: { "content-type": "application/json" } }));
    const error = await uploader().upload("steps", samples).catch((error) => error);
    assert.deepEqual([error.code, error.report?.unknown], ["not-acknowledged", 3], JSON.stringify(body));
  }
});

test("an answer is searched quickly, however it is built", async () => {
  const deep = `{"errors":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
  for (const body of [deep, JSON.stringify({ message: "0 ".repeat(1e6) }), JSON.stringify(Array(10_000).fill(sample))]) {
    const { uploader } = uploaderAt(said(body));
    const before = performance.now();
    await uploader().upload("steps", samples).catch(() => {});
    assert.ok(performance.now() - before < 2000);
  }
});

for (const [name, answer, expected] of [
  ["breaks off", brokenOff, ConnectionError],
  ["never ends", endless, TimeoutError],
]) {
  test(`an answer that ${name} after its 200 is no acknowledgement`, async () => {
    const { uploader } = uploaderAt(answer, { timeout: 200 });
    const error = await errorOf(uploader().upload("steps", samples));
    assert.equal(error.constructor, expected);
    assert.deepEqual([error.sent, error.report.sent, error.report.unknown], [true, 0, 3]);
    assert.equal((await uploader().upload("steps", samples)).sent, 3);
  });
}

test("samples that are sent again because an answer was lost are counted", async () => {
  const { uploader } = uploaderAt(brokenOff, { maxRetries: 1 });
  const report = await uploader().upload("steps", samples);
  assert.deepEqual([report.sent, report.resent, report.retries], [3, 3, 1]);
});

test("a deletion is acknowledged by 204, by 200 that does not deny it, and by no page of HTML", async () => {
  const deleted = (answer) =>
    new AppClient({ clientId: "app", appKey: "key", fetch: answering(answer), maxRetries: 0 }).deleteUser("0123456789abcdef0123456789abcdef");
  await deleted(() => new Response(null, { status: 204 }));
  await deleted(said({ deleted: true }));
  for (const answer of [said(page, html), said({ error: "no" }), said({}, { status: 202 }), said({}, { status: 207 })]) {
    assert.equal((await errorOf(deleted(answer))).constructor, ProtocolError);
  }
});

const thrown = (value) => () => {
  throw value;
};
const sources = { token: (value) => [{ token: thrown(value) }, {}], onProgress: (value) => [{}, { onProgress: thrown(value) }] };
for (const [name, sourceOf] of Object.entries(sources)) {
  test(`what ${name} throws ends the upload unchanged, with the report on it`, async () => {
    for (const value of [new Error("mine"), { mine: true }, Object.assign(new TypeError("mine"), { code: "E" })]) {
      for (let again = 0; again < 2; again++) {
        const [options, calls] = sourceOf(value);
        const { uploader } = uploaderAt(said(""), options);
        const error = await errorOf(uploader().upload("steps", samples, calls));
        assert.equal(error, value);
        assert.equal(error.report.read, 3);
        assert.ok(!Object.keys(error).includes("report"));
      }
    }
    for (const value of ["mine", undefined, null, 7, Object.freeze(new Error("mine")), { report: "my own" }]) {
      const [options, calls] = sourceOf(value);
      const { uploader } = uploaderAt(said(""), options);
      const error = await errorOf(uploader().upload("steps", samples, calls));
      assert.equal(error.code, "thrown");
      assert.equal(error.cause, value);
      assert.equal(error.report.read, 3);
    }
  });
}

test("an answer full of long texts is judged in a time that grows with its length", { timeout: 30_000 }, async () => {
  const text = JSON.stringify(Array.from({ length: 4000 }, (_, index) => `${index} ${"0 ".repeat(990)}`));
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: answering(said(text)), maxRetries: 0 });
  assert.equal((await uploader.upload("steps", samples)).sent, 3);
});

test("a complaint is one even if many words stand between it and its count", async () => {
  const text = { message: "none of the new samples records were added: 3 errors" };
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: answering(said(text)), maxRetries: 0 });
  assert.ok((await errorOf(uploader.upload("steps", samples))) instanceof ProtocolError);
});

test("an answer of more names than can be judged acknowledges nothing", { timeout: 30_000 }, async () => {
  const body = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1]));
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: answering(said(body)), maxRetries: 0 });
  assert.ok((await errorOf(uploader.upload("steps", samples))) instanceof ProtocolError);
});

test("an answer of many members is judged in a time that grows with their number", { timeout: 30_000 }, async () => {
  const body = Object.fromEntries([...Array.from({ length: 50_000 }, (_, index) => [`accepted_${index}`, index % 2]), ["updated", 1]]);
  const uploader = new SampleUploader({ baseUrl: "https://samples.example", token: "token", fetch: answering(said(body)), maxRetries: 0 });
  assert.equal((await uploader.upload("steps", samples)).sent, 3);
});
