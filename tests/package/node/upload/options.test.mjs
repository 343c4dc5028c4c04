// The options of an uploader and of its calls, complaints about them, and what a request looks like.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, openStore, uploaderTo } from "../../upload/support/endpoint.mjs";
import { ndjson, samples } from "../../upload/support/samples.mjs";
import { imported, required } from "../support/installed.mjs";
import { failure } from "../support/outcome.mjs";

const { HumansyncError, OptionError, SampleUploader } = await imported();
const GOOD = { baseUrl: "https://samples.example", token: "t" };

for (const [option, options] of [
  ["token", {}],
  ["token", { token: undefined }],
  ["token", { token: "" }],
  ["token", { token: "two\nlines" }],
  ["token", { token: 7 }],
  ["baseUrl", { baseUrl: undefined }],
  ["baseUrl", { baseUrl: "samples.example" }],
  ["baseUrl", { baseUrl: "http://samples.example" }],
  ["baseUrl", { baseUrl: "ftp://samples.example" }],
  ["baseUrl", { baseUrl: "https://anna:secret@samples.example" }],
  ["path", { path: 1 }],
  ["path", { path: "/api/../samples" }],
  ["path", { path: "/api?x=1" }],
  ["path", { path: "/api#x" }],
  ["batchSize", { batchSize: 2 }],
  ["batchSize", { batchSize: 1001 }],
  ["batchSize", { batchSize: 3.5 }],
  ["batchSize", { batchSize: "10" }],
  ["batchSize", { batchSize: NaN }],
  ["onUnknown", { onUnknown: "drop" }],
  ["onUnknown", { onUnknown: true }],
  ["account", { account: 7 }],
  ["store", { store: {} }],
  ["store", { store: null }],
  ["store", { store: Promise.resolve(openStore()) }],
  ["store", { store: { ...openStore(), lock: undefined } }],
  ["concurrency", { concurrency: 0 }],
  ["timeout", { timeout: -1 }],
  ["headers.authorization", { headers: { Authorization: "Bearer x" } }],
  ["onEvent", { onEvent: "log" }],
  ["batchsize", { batchsize: 10 }],
  ["accessToken", { accessToken: "t" }],
]) {
  test(`${JSON.stringify(Object.keys(options))}: ${option} is refused: ${JSON.stringify(options[option])}`, async () => {
    const whole = option === "token" && !("token" in options) ? { baseUrl: GOOD.baseUrl } : { ...GOOD, ...options };
    const error = await failure(() => new SampleUploader(whole));
    assert.ok(error instanceof OptionError && error instanceof HumansyncError, String(error));
    assert.equal(error.option, option);
    assert.equal(error.code, "option");
    assert.ok(error.message.includes(option));
    assert.ok(!error.message.includes("secret") || option === "token");
    assert.match(error.stack, /upload.options/, "the stack leads to the caller");
  });
}

test("the complaint about a misspelled option names the nearest one", async () => {
  assert.match((await failure(() => new SampleUploader({ ...GOOD, batchsize: 10 }))).message, /batchSize/);
  assert.match((await failure(() => uploaderTo(endpoint()).upload("steps", [], { onprogress() {} }))).message, /onProgress/);
});

test("without options or without new, the complaint says what is missing", async () => {
  assert.ok((await failure(() => new SampleUploader())) instanceof OptionError);
  assert.ok((await failure(() => new SampleUploader(null))) instanceof OptionError);
  assert.ok((await failure(() => SampleUploader(GOOD))) instanceof TypeError);
});

for (const [option, call] of [
  ["type", (uploader) => uploader.upload("step", [])],
  ["type", (uploader) => uploader.upload(undefined, [])],
  ["type", (uploader) => uploader.plan("Steps", [])],
  ["type", (uploader) => uploader.watermarks("hr")],
  ["type", (uploader) => uploader.forget(1)],
  ["deviceName", (uploader) => uploader.forget("steps", 1)],
  ["source", (uploader) => uploader.upload("steps")],
  ["source", (uploader) => uploader.upload("steps", null)],
  ["source", (uploader) => uploader.upload("steps", 12)],
  ["source", (uploader) => uploader.upload("steps", {})],
  ["source", (uploader) => uploader.plan("steps", Promise.resolve([]))],
  ["source", (uploader) => uploader.plan("steps", new Response("", { status: 404 }))],
  ["source", (uploader) => uploader.plan("steps", [new Blob(["x"])])],
  ["format", (uploader) => uploader.upload("steps", "", { format: "xml" })],
  ["format", (uploader) => uploader.upload("steps", "", { format: 1 })],
  ["signal", (uploader) => uploader.upload("steps", "", { signal: {} })],
  ["onProgress", (uploader) => uploader.upload("steps", "", { onProgress: 1 })],
  ["onRejected", (uploader) => uploader.upload("steps", "", { onRejected: "log" })],
  ["onProgress", (uploader) => uploader.plan("steps", "", { onProgress: "log" })],
  ["batchSize", (uploader) => uploader.upload("steps", "", { batchSize: 10 })],
  ["options", (uploader) => uploader.upload("steps", "", 1)],
]) {
  test(`${option} of a call is refused: ${String(call).replace(/^.*=> uploader\./, "")}`, async () => {
    const fetch = endpoint();
    const call_ = call(uploaderTo(fetch));
    assert.ok(call_ instanceof Promise, "a mistake is a rejection");
    const error = await failure(() => call_);
    assert.ok(error instanceof OptionError, String(error));
    assert.equal(error.option, option);
    assert.deepEqual(fetch.posts, []);
  });
}

test("options may be undefined, but null is no signal", async () => {
  const names = [
    "path",
    "store",
    "account",
    "batchSize",
    "onUnknown",
    "fetch",
    "headers",
    "timeout",
    "maxRetries",
    "maxRetryDelay",
    "concurrency",
    "allowHttp",
    "onEvent",
  ];
  const uploader = new SampleUploader({ ...Object.fromEntries(names.map((name) => [name, undefined])), ...GOOD });
  const { samples: count } = await uploader.plan("steps", samples(5), { format: undefined, signal: null });
  assert.equal(count, 5);
});

test("a request has what the API asks for, and no more", async () => {
  const fetch = endpoint();
  await uploaderTo(fetch, { headers: { "x-study": "seven" } }).upload("steps", samples(3));
  const [request] = fetch.requests;
  assert.equal(request.method, "POST");
  assert.equal(request.url, "https://samples.example/api/v1.1/samples");
  assert.equal(request.headers.get("authorization"), "Bearer t0ken");
  assert.equal(request.headers.get("content-type"), "application/json");
  assert.equal(request.headers.get("x-study"), "seven");
  assert.equal(request.redirect, "manual");
  assert.equal(request.credentials, "omit");
  assert.deepEqual(fetch.posts, [{ data_type: "steps", data: samples(3) }]);
});

for (const [base, path, url] of [
  ["https://samples.example/", undefined, "https://samples.example/api/v1.1/samples"],
  ["https://samples.example/proxy", undefined, "https://samples.example/proxy/api/v1.1/samples"],
  ["https://samples.example/proxy/", "/v2/in", "https://samples.example/proxy/v2/in"],
  ["http://127.0.0.1:8787", "/in", "http://127.0.0.1:8787/in"],
  ["http://localhost:8787", "/in", "http://localhost:8787/in"],
]) {
  test(`${base} and ${path} are ${url}`, async () => {
    const fetch = endpoint();
    await uploaderTo(fetch, { baseUrl: base, path }).upload("bpm", samples(3));
    assert.equal(fetch.requests[0].url, url);
    assert.equal(fetch.posts[0].data_type, "bpm");
  });
}

test("a token may come from a function, which is called once more after a 401", async () => {
  let calls = 0;
  const fetch = endpoint((data, index, request) =>
    request.headers.get("authorization") === "Bearer second" ? undefined : new Response("", { status: 401 }),
  );
  const uploader = uploaderTo(fetch, { token: async () => ["first", "second"][calls++], batchSize: 3 });
  const { sent, requests, retries } = await uploader.upload("steps", samples(30));
  assert.deepEqual([sent, calls], [30, 2]);
  assert.equal(requests - retries, 10);
});

test("no more requests are in flight than `concurrency` says", async () => {
  for (const concurrency of [1, 3, 6]) {
    const fetch = endpoint(() => new Promise((resolve) => setImmediate(() => resolve(undefined))));
    await uploaderTo(fetch, { batchSize: 3, concurrency }).upload("steps", samples(60));
    assert.equal(fetch.mostAtOnce, concurrency);
  }
});

for (const entry of ["humansync", "humansync/slim"]) {
  test(`require("${entry}") has it too`, () => assert.equal(typeof required(entry).SampleUploader, "function"));
}

for (const [what, end] of [
  ["close()", (uploader) => uploader.close()],
  ["dispose", (uploader) => uploader[Symbol.dispose]()],
]) {
  test(`${what} ends what is in flight and rejects later calls`, async () => {
    const fetch = endpoint(() => new Promise(() => end(uploader)));
    const store = openStore();
    const uploader = uploaderTo(fetch, { store });
    const error = await failure(() => uploader.upload("steps", samples(4)));
    assert.equal(error.code, "closed");
    assert.equal(error.report.read, 4);
    end(uploader);
    for (const call of [
      (one) => one.upload("steps", samples(4)),
      (one) => one.plan("steps", ndjson(samples(4))),
      (one) => one.watermarks("steps"),
      (one) => one.forget("steps"),
    ]) {
      assert.equal((await failure(() => call(uploader))).code, "closed");
    }
    assert.equal(fetch.posts.length, 1);
    // The lock was released.
    const { sent } = await uploaderTo(endpoint(), { store }).upload("steps", samples(4));
    assert.equal(sent, 4);
  });
}
