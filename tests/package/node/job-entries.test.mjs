// The entries humansync/read and humansync/send, which load by themselves: alone, together, and beside all others. A
// WebAssembly is loaded once in a process, so each test runs in its own process.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { ENTRIES, folder, packageFolder } from "./support/installed.mjs";
import { startSandbox } from "./support/sandbox.mjs";

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox.stop());

const NAMES = {
  whole: "humansync",
  read: "humansync/read",
  send: "humansync/send",
  slim: "humansync/slim",
  slimRead: "humansync/slim/read",
  slimSend: "humansync/slim/send",
};

/** Runs a program with these entries imported, in this order, and returns the JSON that it prints. */
function program(entries, source, { values = {}, cwd = folder } = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { readFileSync } from "node:fs";
       import { createRequire } from "node:module";
       ${entries.map((name) => `import * as ${name} from "${NAMES[name]}";`).join("\n")}
       const fileOf = (name) => new URL(import.meta.resolve("humansync/" + name + ".wasm"));
       const outcome = async (call) => { try { return { value: await call() } } catch (error) {
         return { name: error.constructor.name, code: error.code, message: error.message, cause: error.cause?.name } } };
       const { ${Object.keys(values).join(", ")} } = JSON.parse(readFileSync(0));
       console.log(JSON.stringify(await (async () => { ${source} })()));`,
    ],
    { cwd, encoding: "utf8", input: JSON.stringify(values) },
  );
  assert.equal(stderr, "");
  assert.equal(status, 0);
  return JSON.parse(stdout);
}

test("the list of entries is that of the package", () => assert.deepEqual(Object.values(NAMES), ENTRIES));

test("each is ready at once, and its init does nothing", () => {
  const ready = program(["read", "send"], `
    const text = read.queryString({});
    const plan = await new send.SampleUploader({ baseUrl: "https://a", token: "a" }).plan("steps", []);
    await Promise.all([read.init(), send.init(), read.init(new Uint8Array([1, 2, 3]))]);
    return [text, plan.samples, read.queryString({})]`);
  assert.deepEqual(ready, ["limit=500", 0, "limit=500"]);
});

test("only the entry that is imported is loaded", () => {
  const [reading, sending] = [
    program(["read", "slimSend"], `return outcome(() => new slimSend.SampleUploader({ baseUrl: "https://a", token: "a" }))`),
    program(["send", "slimRead"], `return outcome(() => slimRead.queryString({}))`),
  ];
  for (const [error, entry] of [[reading, "humansync/slim/send"], [sending, "humansync/slim/read"]]) {
    assert.equal(error.code, "not-loaded");
    assert.match(error.message, new RegExp(`init\\(\\) of "${entry}" first`));
  }
});

test("the slim entry of a job is loaded where the one that loads by itself is: they share one WebAssembly", () => {
  const printed = program(["slimRead", "read"], `
    let instances = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class extends Instance { constructor(...given) { super(...given); instances++; } };
    await slimRead.init();
    return [slimRead.queryString({}), slimRead.HumanClient === read.HumanClient, instances]`);
  assert.deepEqual(printed, ["limit=500", true, 0]);
});

/** For each entry, a call that ends with an error of the package, once it is loaded. */
const FAILING = {
  whole: `() => new whole.HumanClient({ accessToken: "a", fetch }).weight.latest()`,
  slim: `() => new slim.SampleUploader({ baseUrl: "https://a", token: "a", fetch }).plan("steps", 5)`,
  read: `() => new read.HumanClient({ accessToken: "a", fetch }).weight.latest()`,
  slimRead: `() => slimRead.queryString({ limit: 501 })`,
  send: `() => new send.SampleUploader({ baseUrl: "https://a", token: "a", fetch }).plan("steps", 5)`,
  slimSend: `() => new slimSend.SampleUploader({ baseUrl: "" })`,
};
test("an error of each entry is an instance of the class of every entry, by import and by require", () => {
  for (const name of Object.keys(FAILING)) {
    // One process for each entry that throws, in which no other WebAssembly is loaded than its own.
    const printed = program([name], `
      await ${name}.init();
      const fetch = async () => Response.json({}, { status: 429, headers: { "retry-after": "3600" } });
      const error = await Promise.resolve().then(${FAILING[name]}).catch((error) => error);
      const require = createRequire(fileOf("read"));
      const others = [...await Promise.all(entries.map((entry) => import(entry))), ...entries.map((entry) => require(entry))];
      return [error.name, others.map((other) => error instanceof other[error.name] && error instanceof other.HumansyncError)]`, {
      values: { entries: ENTRIES },
    });
    assert.match(printed[0], /^(RateLimit|Option)Error$/, name);
    assert.deepEqual(printed[1], Array(2 * ENTRIES.length).fill(true), name);
  }
});

for (const order of [["whole", "read", "send"], ["send", "read", "whole"]]) {
  test(`beside the whole library each does its job, and a client syncs: ${order.map((name) => NAMES[name]).join(", ")}`, () => {
    const printed = program(order, `
      const client = new read.HumanClient({ accessToken: "demo", baseUrl });
      const { records } = await client.sync({ from: {}, types: ["medical/allergies"] }).run(() => {});
      const steps = [0, 1, 2].map((at) => ({ device_name: "Watch", start_date: "2025-06-15T08:0" + at + ":00Z",
        end_date: "2025-06-15T08:0" + at + ":30Z", unit: "count", value: 1 }));
      const { sent } = await new send.SampleUploader({ baseUrl, token: "demo" }).upload("steps", steps);
      return [records > 0, (await client.weight.latest()).unit, sent, read.HumanClient === whole.HumanClient, send.SampleUploader === whole.SampleUploader]`, {
      values: { baseUrl: sandbox.url },
    });
    assert.deepEqual(printed, [true, "kg", 3, true, true]);
  });
}

test("require returns the same classes as import, and what is required first is ready as well", () => {
  const printed = program([], `
    const require = createRequire(fileOf("read"));
    const required = [require("humansync/read"), require("humansync/send")];
    const ready = required[0].queryString({});
    const imported = [await import("humansync/read"), await import("humansync/send")];
    return [ready, required[0].HumanClient === imported[0].HumanClient, required[1].SampleUploader === imported[1].SampleUploader]`);
  assert.deepEqual(printed, ["limit=500", true, true]);
});

test("HumanClient.sync is not a part of the read entry: it says which entries have it", () => {
  const error = program(["read"], `return outcome(() => new read.HumanClient({ accessToken: "demo" }).sync({ from: {} }))`);
  assert.equal(error.code, "not-loaded");
  assert.match(error.message, /WebAssembly of "humansync\/read".* "humansync", or from "humansync\/slim"/);
});

test("in an engine that compiles only asynchronously the error says so, and init works", () => {
  const printed = program([], `
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class {
      static [Symbol.hasInstance](object) { return object instanceof Instance }
      constructor() { throw new RangeError("disallowed on the main thread") }
    };
    const [read, send] = [await import("humansync/read"), await import("humansync/send")];
    const before = [await outcome(() => read.queryString({})), await outcome(() => new send.SampleUploader({ baseUrl: "https://a", token: "a" }))];
    const other = await outcome(() => read.init(readFileSync(fileOf("send"))));
    await Promise.all([read.init(), send.init()]);
    return [before, other, read.queryString({}), (await new send.SampleUploader({ baseUrl: "https://a", token: "a" }).plan("steps", [])).samples]`);
  for (const error of printed[0]) {
    assert.deepEqual([error.code, error.cause], ["not-loaded", "RangeError"]);
    assert.match(error.message, /wait for init\(\)/);
  }
  assert.equal(printed[1].code, "load-failed");
  assert.match(printed[1].message, /not the one of "humansync\/read": give it read\.wasm/);
  assert.deepEqual(printed.slice(2), ["limit=500", 0]);
});

test("a file that is missing is told at the first use and not at the import, and init loads another", (t) => {
  const place = mkdtempSync(join(tmpdir(), "humansync-missing-"));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  cpSync(packageFolder, join(place, "node_modules", "humansync"), { recursive: true });
  for (const part of ["read", "send"]) rmSync(join(place, "node_modules/humansync/slim", `${part}.wasm`));
  const [reading, sending, text] = program(["read", "send"], `
    const reading = await outcome(() => read.queryString({}));
    const sending = await outcome(() => new send.SampleUploader({ baseUrl: "https://a", token: "a" }));
    await read.init(readFileSync(file));
    return [reading, sending, read.queryString({})]`, {
    values: { file: join(packageFolder, "slim/read.wasm") },
    cwd: place,
  });
  for (const [error, file] of [[reading, "read.wasm"], [sending, "send.wasm"]]) {
    assert.equal(error.code, "not-loaded");
    assert.match(error.message, new RegExp(`${file} does not lie beside the JavaScript`));
  }
  assert.equal(text, "limit=500");
});

test("a bundle of one entry has its WebAssembly once, and nothing of another", async () => {
  for (const [part, others] of [["read", ["send", "humansync"]], ["send", ["read", "humansync"]]]) {
    const { metafile, warnings } = await build({
      stdin: { contents: `import * as part from "humansync/${part}"; import * as slim from "humansync/slim/${part}"; globalThis.use = [part, slim];`, resolveDir: folder },
      bundle: true,
      format: "esm",
      platform: "browser",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    assert.deepEqual(warnings.filter(({ id }) => id !== "duplicate-object-key"), []);
    const files = Object.keys(Object.values(metafile.outputs)[0].inputs).map((path) => path.split("node_modules/humansync/").at(-1));
    for (const file of [`core/${part}-inline.js`, `core/${part}.js`]) assert.equal(files.filter((name) => name === file).length, 1, file);
    for (const other of others) assert.deepEqual(files.filter((name) => name.startsWith(`core/${other}`)), [], part);
  }
});

test("a bundle keeps an entry that is imported for its effect alone", async () => {
  for (const part of ["read", "send"]) {
    const { outputFiles } = await build({
      stdin: { contents: `import "humansync/${part}";`, resolveDir: folder },
      bundle: true,
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    assert.match(outputFiles[0].text, new RegExp(`humansync/${part}`));
    assert.ok(outputFiles[0].contents.length > 100_000, part);
  }
});
