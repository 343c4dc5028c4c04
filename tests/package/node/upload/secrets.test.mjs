// Secrets and personal data are in requests and in the values of a store, and nowhere else.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { endpoint, openStore, uploaderTo } from "../../upload/support/endpoint.mjs";
import { ndjson } from "../../upload/support/samples.mjs";
import { json, nothing, refusal } from "../support/answers.mjs";
import { required } from "../support/installed.mjs";
import { startSandbox } from "../support/sandbox.mjs";
import { virtualTime } from "../support/virtual-time.mjs";

const TOKEN = "t0k3n-0f-4nn4";
const ACCOUNT = "anna.lindqvist@example.org";
const DEVICE = "Annas-Telefon";
const VERSION = "98.76.54";
const VALUE = 27183;
/** All that must not be seen: also parts of it, and what would give it away. */
const SECRETS = [TOKEN, ACCOUNT, "lindqvist", DEVICE, VERSION, String(VALUE), "2019-07-2", "2019-07", "1563"];

const list = Array.from({ length: 40 }, (_, number) => ({
  device_name: DEVICE,
  device_version: VERSION,
  start_date: `2019-07-2${number % 10}T1${number % 9}:0${number % 6}:${10 + number}+02:00`,
  unit: "count",
  value: VALUE,
}));
/** Invalid samples, each in a different field, with a value that must not be repeated. */
const bad = [
  { ...list[0], value: VALUE + 10_000 },
  { ...list[0], value: `${VALUE}` },
  { ...list[0], value: -VALUE },
  { ...list[0], device_name: [DEVICE] },
  { ...list[0], device_version: { version: VERSION } },
  { ...list[0], start_date: "2019-07-21" },
  { ...list[0], start_date: { [DEVICE]: 1 } },
  { ...list[0], end_date: "2019-07-20T00:00:00Z" },
  { ...list[0], unit: DEVICE },
  DEVICE,
  VALUE,
  [list[0]],
];

/** Asserts that a value shows none of these, however it is inspected. Members in `hidden` are meant to be read. */
function assertClean(thing, what, hidden = []) {
  const kept = hidden
    .map((name) => [name, Object.getOwnPropertyDescriptor(thing, name)])
    .filter(([, member]) => member !== undefined);
  for (const [name, { enumerable }] of kept) {
    assert.equal(enumerable, false, `${what}: ${name} is enumerable`);
    delete thing[name];
  }
  const texts = [
    inspect(thing, { showHidden: true, depth: Infinity, getters: true, maxArrayLength: Infinity, maxStringLength: Infinity }),
    inspect(thing, { showHidden: true, depth: Infinity, customInspect: false }),
    JSON.stringify(thing) ?? "",
    String(thing?.message ?? ""),
    String(thing?.stack ?? ""),
    String(thing),
  ];
  for (const [name, member] of kept) Object.defineProperty(thing, name, member);
  for (const text of texts) {
    for (const secret of SECRETS) {
      const at = text.indexOf(secret);
      assert.equal(at, -1, `${what} shows ${secret}: …${text.slice(Math.max(0, at - 80), at + 40)}…`);
    }
  }
}

let sandbox;
before(async () => (sandbox = await startSandbox("--tokens", TOKEN)));
after(() => sandbox.stop());

/** Servers that repeat everything they get, and hosts whose errors do. */
const everything = JSON.stringify({ TOKEN, ACCOUNT, list });
const echo = (status, headers) =>
  json(
    { message: everything, [DEVICE]: [list], statusCode: status },
    { status, headers: { "x-request-id": `r-${TOKEN}`, ...headers } },
  );
const ANSWERS = {
  good: () => undefined,
  400: () => echo(400),
  401: () => echo(401),
  403: () => echo(403),
  404: () => new Response(everything, { status: 404 }),
  413: () => echo(413),
  422: () => echo(422),
  429: () => refusal(429, { "retry-after": "99999" }),
  500: () => echo(500),
  503: () => echo(503),
  redirect: () =>
    new Response(null, { status: 302, headers: { location: `https://elsewhere.example/?${encodeURIComponent(TOKEN)}` } }),
  broken: () => Promise.reject(new TypeError("fetch failed")),
  "broken, with the token in it": () =>
    Promise.reject(
      Object.assign(new TypeError(`fetch with Bearer ${TOKEN} failed`), {
        request: { headers: { authorization: `Bearer ${TOKEN}` } },
      }),
    ),
  "no answer": nothing,
};

for (const [name, respond] of Object.entries(ANSWERS)) {
  test(`errors, events, keys and reports: ${name}`, async (t) => {
    const time = virtualTime(t);
    for (const onUnknown of ["resend", "hold"]) {
      const keys = new Set();
      const store = openStore((method, key) => void keys.add(key));
      const events = [];
      const token = name === "401" ? TOKEN : async () => TOKEN;
      const uploader = uploaderTo(endpoint(respond), {
        token,
        account: ACCOUNT,
        store,
        onUnknown,
        maxRetries: 1,
        batchSize: 20,
        onEvent: (event) => events.push(event),
        headers: { "x-person": ACCOUNT },
      });
      const rejections = [];
      const upload = uploader.upload("steps", [...list, ...bad], { onRejected: (rejection) => rejections.push(rejection) });
      const { value: report, error } = await time.until(upload);
      assert.equal(rejections.length, bad.length);
      if (error !== undefined) assertClean(error, `the error for ${name}`, ["report", "body"]);
      const { watermarks, ...rest } = report ?? error.report;
      assertClean(rest, "the report but for its watermarks");
      assert.ok(
        watermarks.every(({ device }) => device === DEVICE),
        "devices are named where they are asked for",
      );
      assertClean(rejections, "rejections");
      assert.ok(events.length > 0);
      assertClean(events, "events");
      assertClean(uploader, "the uploader");
      assert.ok(keys.size >= 3);
      assertClean([...keys, ...store.values.keys()], "keys and names of locks");
      // A key does not reveal device or account, not even in hexadecimal or base64.
      for (const key of keys)
        for (const secret of [TOKEN, ACCOUNT, DEVICE])
          for (const form of ["hex", "base64", "base64url"])
            assert.ok(!key.includes(Buffer.from(secret).toString(form).slice(0, 8)));
      await time.until(
        uploader
          .plan("steps", ndjson(list))
          .then(({ devices, first, last, ...rest }) => assertClean(rest, "the plan but for devices and dates")),
      );
      uploader.close();
      const closed = await uploader.upload("steps", list).catch((error) => error);
      assertClean(closed, "the error of a closed one", ["report"]);
    }
  });
}

test("the server's words about a batch are not in the report, even though the sandbox repeats invalid values", async (t) => {
  await sandbox.control("faults", {
    failNext: [{ method: "POST", status: 422, body: { message: everything, index: 3, field: DEVICE } }],
  });
  t.after(() => sandbox.control("reset", {}));
  const events = [];
  const report = await uploaderTo(undefined, {
    baseUrl: sandbox.url,
    token: TOKEN,
    concurrency: 1,
    batchSize: 20,
    onEvent: (event) => events.push(event),
  }).upload("steps", list);
  assert.deepEqual([report.failed, report.sent], [20, 20]);
  assertClean(report.failures, "failures");
  assertClean(events, "events");
});

test("complaints about options and arguments do not repeat them", () => {
  const valid = { baseUrl: "https://samples.example", token: TOKEN };
  for (const wrong of [
    { token: `${TOKEN}\n` },
    { token: [TOKEN] },
    { account: [ACCOUNT] },
    { baseUrl: `https://anna:${TOKEN}@samples.example` },
    { baseUrl: `https://samples.example/?token=${TOKEN}` },
    { path: `/samples?token=${TOKEN}` },
    { headers: { authorization: `Bearer ${TOKEN}` } },
    { headers: { "x-person": `${ACCOUNT}\r\n` } },
    { store: { token: TOKEN } },
  ]) {
    let error;
    try {
      uploaderTo(undefined, { ...valid, ...wrong });
    } catch (thrown) {
      error = thrown;
    }
    assert.equal(error?.name, "OptionError", Object.keys(wrong).join());
    assertClean(error, `the error for ${Object.keys(wrong)}`);
  }
});

test("the library's own errors about sources and stores", async () => {
  const uploader = (options) => uploaderTo(endpoint(), { token: TOKEN, account: ACCOUNT, ...options });
  const damaged = openStore();
  await uploader({ store: damaged }).upload("steps", list);
  for (const [key, value] of damaged.values) damaged.values.set(key, value.with(20, value[20] ^ 1));
  const errors = await Promise.all(
    [
      uploader({ store: damaged }).upload("steps", list),
      uploader({ store: damaged }).watermarks("steps"),
      uploader().upload("steps", JSON.stringify({ data_type: "bpm", data: list })),
      uploader().upload("steps", Promise.resolve(list)),
      uploader().upload(DEVICE.slice(0, 0), list),
      uploader({ store: { ...openStore(), get: async () => everything } }).upload("steps", list),
    ].map((call) =>
      call.then(
        () => assert.fail("it did not fail"),
        (error) => error,
      ),
    ),
  );
  for (const error of errors) assertClean(error, error.name, ["report"]);
});

test("the file store: names of files and locks reveal nothing, and only their owner can read the files", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "humansync-secrets-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const store = await required("humansync/stores/file").createStore(folder);
  const locks = new Set();
  const looking = endpoint(() => void readdirSync(folder, { recursive: true }).forEach((name) => locks.add(name)));
  await uploaderTo(looking, { store, account: ACCOUNT, token: TOKEN, batchSize: 10 }).upload("steps", [...list, ...bad]);
  const names = [...readdirSync(folder, { recursive: true }), ...locks];
  assert.ok(names.length > 5);
  assertClean(names, "names of files");
  // The token is in no file.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) assert.ok(!readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1").includes(TOKEN));
  }
  // Nor in a value, which a file has in pieces.
  for (const key of await store.keys("")) assert.ok(!Buffer.from(await store.get(key)).toString("latin1").includes(TOKEN));
});
