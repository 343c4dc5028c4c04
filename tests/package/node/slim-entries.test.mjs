// The entries humansync/slim/read and humansync/slim/send: what each exports and leaves out, and that they share one
// copy of their common code. An entry is loaded once in a process, so each test that loads one runs in its own process.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { samples } from "../upload/support/samples.mjs";
import { ENTRIES, folder, imported, packageFolder, required } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

const PARTS = {
  read: ["HumanClient", "parseLinkHeader", "parseRetryAfter", "queryString"],
  send: ["SampleUploader"],
};
const ERRORS = Object.keys(await imported()).filter((name) => name.endsWith("Error"));

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox.stop());

/** The source of the JavaScript that wasm-bindgen generated for a WebAssembly module. */
function glueOf(file) {
  return readFileSync(join(packageFolder, "core", `${file}.js`), "utf8");
}

/** Runs a program with both entries imported, and returns the JSON that it prints. */
function program(source, values = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { readFileSync } from "node:fs";
       import { createRequire } from "node:module";
       import * as read from "humansync/slim/read";
       import * as send from "humansync/slim/send";
       const fileOf = (name) => new URL(import.meta.resolve("humansync/" + name + ".wasm"));
       const outcome = async (call) => { try { return { value: await call() } } catch (error) {
         return { name: error.constructor.name, code: error.code, message: error.message } } };
       const { ${Object.keys(values).join(", ")} } = JSON.parse(readFileSync(0));
       console.log(JSON.stringify(await (async () => { ${source} })()));`,
    ],
    { cwd: folder, encoding: "utf8", input: JSON.stringify(values) },
  );
  assert.equal(stderr, "");
  assert.equal(status, 0);
  return JSON.parse(stdout);
}

test("each entry exports the names for its job, the error classes, and nothing else", async () => {
  assert.equal(ERRORS.length, 12);
  for (const [part, own] of Object.entries(PARTS)) {
    const names = [...ERRORS, ...own, "init"].sort();
    const entries = [`humansync/slim/${part}`, `humansync/${part}`];
    for (const entry of [...(await Promise.all(entries.map(imported))), ...entries.map(required)]) {
      assert.deepEqual(Object.keys(entry).filter((name) => name !== "__esModule" && name !== "module.exports").sort(), names);
    }
  }
});

test("the WebAssembly of an entry has no classes of the other", () => {
  /** The classes that a WebAssembly module exports: wasm-bindgen generates a JavaScript class for each. */
  const classes = (file) => [...glueOf(file).matchAll(/^export class (\w+)/gm)].map(([, name]) => name).sort();
  const [read, send] = [classes("read"), classes("send")];
  assert.deepEqual(read, ["HumanClient", "Pages", "Walk"]);
  assert.deepEqual(send, ["SampleUploader"]);
  assert.deepEqual(classes("humansync"), [...read, ...send, "AppClient", "Sync", "SyncRun"].sort());
});

test("each WebAssembly module exports everything that its generated JavaScript uses", () => {
  for (const file of ["read", "send", "humansync"]) {
    const module = new WebAssembly.Module(readFileSync(required.resolve(`humansync/${file}.wasm`)));
    const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
    const used = [...glueOf(file).matchAll(/\bwasm\.([\w$]+)/g)].map(([, name]) => name);
    assert.ok(used.length > 20, file);
    assert.deepEqual(used.filter((name) => !exported.has(name)), [], file);
  }
});

test("all entries export the same error classes", async () => {
  const [first, ...others] = [...(await Promise.all(ENTRIES.map(imported))), ...ENTRIES.map(required)];
  for (const name of ERRORS) {
    for (const other of others) assert.equal(other[name], first[name], name);
  }
});

test("an error of a slim entry is an instance of the class that the default entry exports", () => {
  const printed = program(`
    const whole = await import("humansync");
    await Promise.all([read.init(), send.init()]);
    const fetch = async () => Response.json({}, { status: 429, headers: { "retry-after": "3600" } });
    const limit = await new read.HumanClient({ accessToken: "a", fetch }).weight.latest().catch((error) => error);
    const option = await new send.SampleUploader({ baseUrl: "https://a", token: "a", fetch }).plan("steps", 5).catch((error) => error);
    return [limit instanceof whole.RateLimitError, limit instanceof send.HumansyncError, option instanceof whole.OptionError];`);
  assert.deepEqual(printed, [true, true, true]);
});

test("a class is the same in every entry that exports it, and works with whichever WebAssembly is loaded", () => {
  const printed = program(`
    const slim = await import("humansync/slim");
    const before = await outcome(() => slim.queryString({}));
    await read.init();
    const client = await outcome(() => new slim.AppClient({ clientId: "a", appKey: "b" }));
    return [slim.HumanClient === read.HumanClient, slim.SampleUploader === send.SampleUploader, slim.queryString({}), before.message, client.message]`);
  assert.deepEqual(printed.slice(0, 3), [true, true, "limit=500"]);
  assert.match(printed[3], /init\(\) of "humansync\/slim\/read" or "humansync\/slim" first/);
  assert.match(printed[4], /init\(\) of "humansync\/slim" first/);
});

test("HumanClient.sync is not a part of the read entry: it says which entries have it", () => {
  const [error, resources] = program(
    `await read.init();
     const client = new read.HumanClient({ accessToken: "demo", baseUrl });
     return [await outcome(() => client.sync({ from: {} })), await client.weight.latest()]`,
    { baseUrl: sandbox.url },
  );
  assert.deepEqual([error.name, error.code], ["HumansyncError", "not-loaded"]);
  assert.match(error.message, /HumanClient\.sync .*"humansync\/slim\/read".* "humansync", or from "humansync\/slim"/);
  assert.equal(resources.unit, "kg");
});

test("a client can sync if the whole library was loaded when it was made, whichever entry its class is from", () => {
  const records = program(
    `const slim = await import("humansync/slim");
     await read.init();
     const early = new slim.HumanClient({ accessToken: "demo", baseUrl });
     await slim.init();
     const client = new read.HumanClient({ accessToken: "demo", baseUrl });
     const { records } = await client.sync({ from: {}, types: ["medical/allergies"] }).run(() => {});
     return [records, (await outcome(() => early.sync({ from: {} }))).code]`,
    { baseUrl: sandbox.url },
  );
  assert.ok(records[0] > 0);
  assert.equal(records[1], "not-loaded");
});

test("everything that is used before loading says which init is missing", () => {
  const printed = program(`
    await send.init();
    const reading = [
      await outcome(() => new read.HumanClient({ accessToken: "demo" })),
      await outcome(() => read.queryString({})),
      await outcome(() => read.parseLinkHeader("<a>; rel=next")),
      await outcome(() => read.parseRetryAfter("1")),
    ];
    return reading`);
  const [before] = program(`await read.init(); return [await outcome(() => new send.SampleUploader({ baseUrl: "https://a", token: "a" }))]`);
  for (const error of printed) {
    assert.deepEqual([error.name, error.code], ["HumansyncError", "not-loaded"]);
    assert.match(error.message, /init\(\) of "humansync\/slim\/read"/);
  }
  assert.deepEqual([before.name, before.code], ["HumansyncError", "not-loaded"]);
  assert.match(before.message, /init\(\) of "humansync\/slim\/send"/);
});

const WAYS = {
  "no argument and uses the file next to the code": () => "undefined",
  "a URL": (part) => `fileOf("${part}")`,
  bytes: (part) => `readFileSync(fileOf("${part}"))`,
  "a module": (part) => `await WebAssembly.compile(readFileSync(fileOf("${part}")))`,
  "a response": (part) => `new Response(readFileSync(fileOf("${part}")), { headers: { "content-type": "application/wasm" } })`,
};
for (const [name, argument] of Object.entries(WAYS)) {
  test(`init takes ${name}`, () => {
    assert.equal(program(`await read.init(${argument("read")}); return read.queryString({})`), "limit=500");
    const plan = program(
      `await send.init(${argument("send")}); return new send.SampleUploader({ baseUrl: "https://a", token: "a" }).plan("steps", list)`,
      { list: samples(5) },
    );
    assert.deepEqual([plan.samples, plan.batches], [5, 1]);
  });
}

test("an entry refuses the WebAssembly of the other entries, says which one it needs, and then accepts its own", () => {
  const printed = program(`
    const whole = await import("humansync/slim");
    const outcomes = [];
    for (const [name, { init }] of Object.entries({ read, send, humansync: whole })) {
      for (const other of ["read", "send", "humansync"].filter((other) => other !== name)) {
        outcomes.push([name, await outcome(() => init(readFileSync(fileOf(other))))]);
      }
    }
    await Promise.all([read.init(), send.init(), whole.init()]);
    return [outcomes, read.queryString({}), whole.queryString({})]`);
  assert.equal(printed[0].length, 6);
  for (const [name, error] of printed[0]) {
    assert.equal(error.code, "load-failed");
    assert.match(error.message, new RegExp(`give it ${name}\\.wasm`));
  }
  assert.deepEqual(printed.slice(1), ["limit=500", "limit=500"]);
});

test("the read entry reads a list to its end, single objects, and errors", async () => {
  const { ids } = await sandbox.control("dump/sleeps");
  const [read, weight, status] = program(
    `await read.init();
     const client = new read.HumanClient({ accessToken: "demo", baseUrl });
     const sleeps = await client.sleeps.list({ limit: 50 }).toArray();
     const missing = await client.activities.get("no-such-id").catch((error) => error);
     return [sleeps.map(({ id }) => id), await client.weight.latest(), missing instanceof read.NotFoundError && missing.status]`,
    { baseUrl: sandbox.url },
  );
  assert.deepEqual(read, ids);
  assert.equal(weight.unit, "kg");
  assert.equal(status, 404);
});

test("the send entry sends each sample once, even if it is passed twice", async () => {
  await sandbox.control("reset", {});
  const reports = program(
    `await send.init();
     const uploader = new send.SampleUploader({ baseUrl, token: "demo" });
     return [await uploader.upload("steps", list), await uploader.upload("steps", JSON.stringify(list))]`,
    { baseUrl: sandbox.url, list: samples(2500) },
  );
  assert.deepEqual(
    reports.map(({ read, sent, alreadySent, failed }) => ({ read, sent, alreadySent, failed })),
    [
      { read: 2500, sent: 2500, alreadySent: 0, failed: 0 },
      { read: 2500, sent: 0, alreadySent: 2500, failed: 0 },
    ],
  );
});

test("the send entry accepts compressed sources and a store of the package", () => {
  const report = program(
    `const { createStore } = await import("humansync/stores/memory");
     await send.init();
     const packed = new Blob([JSON.stringify(list)]).stream().pipeThrough(new CompressionStream("gzip"));
     return new send.SampleUploader({ baseUrl, token: "demo", store: createStore() }).upload("steps", packed)`,
    { baseUrl: sandbox.url, list: samples(40, { first: 5000 }) },
  );
  assert.equal(report.sent, 40);
});

test("require returns the same modules as import", () => {
  const same = program(`
    const require = createRequire(fileOf("read"));
    const required = { read: require("humansync/slim/read"), send: require("humansync/slim/send") };
    await Promise.all([required.read.init(), required.send.init()]);
    return [
      required.read.HumanClient === read.HumanClient,
      required.send.SampleUploader === send.SampleUploader,
      read.queryString({}),
      new send.SampleUploader({ baseUrl: "https://a", token: "a" }) instanceof required.send.SampleUploader,
    ]`);
  assert.deepEqual(same, [true, true, "limit=500", true]);
});

/** The package's files from which a browser bundle of `source` contains code. */
async function bundled(source) {
  const { metafile, warnings } = await build({
    stdin: { contents: source, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  assert.deepEqual(warnings.filter(({ id }) => id !== "duplicate-object-key"), []);
  const [{ inputs }] = Object.values(metafile.outputs);
  return Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.split("node_modules/humansync/").at(-1));
}

test("a bundle of one entry has no JavaScript of the other's job, and a bundle of both has their common code once", async () => {
  const use = (part) => `import * as ${part} from "humansync/slim/${part}"; globalThis.${part} = ${part};`;
  const read = await bundled(use("read"));
  for (const file of ["core/humansync.js", "core/send.js", "sample-uploader.js", "stores/memory.js", "deltas.js", "sync.js", "app-client.js"]) {
    assert.ok(!read.includes(file), file);
  }
  assert.ok(!read.some((file) => /src\/bindings\/imports\/(source|objects|blob|store)\.js/.test(file)), String(read));
  const send = await bundled(use("send"));
  for (const file of ["core/humansync.js", "core/read.js", "human-client.js", "resources.js", "medical-data.js", "pages.js", "deltas.js", "sync.js", "formats.js"]) {
    assert.ok(!send.includes(file), file);
  }
  const both = await bundled(use("read") + use("send"));
  assert.deepEqual(both.toSorted(), [...new Set([...read, ...send])].toSorted());
  assert.equal(both.filter((file) => file.endsWith("src/bindings/imports/errors.js")).length, 1);
});

test("a bundle leaves out what the program does not use of an entry", async () => {
  const files = await bundled(`import { HumanClient, init } from "humansync/slim"; globalThis.use = [HumanClient, init];`);
  for (const file of ["app-client.js", "sample-uploader.js", "stores/memory.js"]) assert.ok(!files.includes(file), file);
  assert.ok(files.includes("human-client.js") && files.includes("sync.js"));
});

test("the WebAssembly of an entry is in the same folder as its JavaScript", () => {
  for (const part of Object.keys(PARTS)) {
    assert.equal(required.resolve(`humansync/${part}.wasm`), join(packageFolder, "slim", `${part}.wasm`));
    assert.throws(() => required.resolve(`humansync/core/${part}.js`), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
  }
});
