// The slim entry and its `init`. An entry is loaded once in a process, so each test runs in its own process.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { folder } from "./support/installed.mjs";

/** Runs a program with the slim entry imported, and returns the JSON that it prints. */
function program(source) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { readFileSync } from "node:fs";
       import * as slim from "humansync/slim";
       const file = new URL(import.meta.resolve("humansync/humansync.wasm"));
       const outcome = async (call) => { try { return { value: await call() } } catch (error) {
         return { name: error.constructor.name, code: error.code, message: error.message, cause: error.cause?.name } } };
       console.log(JSON.stringify(await (async () => { ${source} })()));`,
    ],
    { cwd: folder, encoding: "utf8" },
  );
  assert.equal(stderr, "");
  assert.equal(status, 0);
  return JSON.parse(stdout);
}

test("everything that is used before loading says that init is missing", () => {
  const printed = program(`return [
    await outcome(() => new slim.HumanClient({ accessToken: "demo" })),
    await outcome(() => slim.queryString({})),
    await outcome(() => slim.parseLinkHeader("<a>; rel=next")),
    await outcome(() => slim.parseRetryAfter("1")),
  ]`);
  for (const error of printed) {
    assert.equal(error.name, "HumansyncError");
    assert.equal(error.code, "not-loaded");
    assert.match(error.message, /init\(\)/);
  }
});

const WAYS = {
  "no argument and uses the file next to the code": "undefined",
  "a file URL": "file",
  "a URL as a string": "file.href",
  bytes: "readFileSync(file)",
  "an ArrayBuffer": "new Uint8Array(readFileSync(file)).buffer",
  "a module": "await WebAssembly.compile(readFileSync(file))",
  "a response that is streamed": `new Response(readFileSync(file), { headers: { "content-type": "application/wasm" } })`,
  "a response of another type": `new Response(readFileSync(file), { headers: { "content-type": "application/octet-stream" } })`,
  "a promise of a response": "Promise.resolve(new Response(readFileSync(file)))",
  "a data URL": `new URL("data:application/wasm;base64," + readFileSync(file).toString("base64"))`,
};
for (const [name, argument] of Object.entries(WAYS)) {
  test(`init takes ${name}`, () => {
    assert.deepEqual(program(`await slim.init(${argument}); return slim.queryString({})`), "limit=500");
  });
}

test("init can be called again after every kind of failure", () => {
  const [failures, text] = program(`
    const bad = [
      () => new Uint8Array([1, 2, 3]),
      () => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
      () => new Response("nothing here", { status: 404 }),
      () => new Response("<!doctype html>", { headers: { "content-type": "application/wasm" } }),
      () => Promise.reject(new TypeError("no network")),
      () => new URL("file:///nowhere/humansync.wasm"),
      () => 5,
    ];
    const failures = [];
    for (const badSource of bad) failures.push(await outcome(() => slim.init(badSource())));
    await slim.init(readFileSync(file));
    return [failures, slim.queryString({})]`);
  assert.deepEqual(
    failures.map(({ code, cause }) => [code, cause]),
    [
      ["load-failed", "CompileError"],
      ["load-failed", undefined],
      ["load-failed", undefined],
      ["load-failed", "CompileError"],
      ["load-failed", "TypeError"],
      ["load-failed", "Error"],
      [failures[6].code, undefined],
    ],
  );
  assert.equal(failures[6].name, "OptionError");
  assert.equal(text, "limit=500");
});

test("a WebAssembly module with the right mark but other imports is refused, and the right one can still be loaded", () => {
  // The module has the empty custom section that the package looks for, but imports a function that does not exist.
  const [failure, text] = program(`
    const name = [...Buffer.from("humansync/humansync.wasm")];
    const foreign = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
      1, 4, 1, 0x60, 0, 0,
      2, 7, 1, 1, 0x78, 1, 0x79, 0, 0,
      0, name.length + 1, name.length, ...name]);
    const failure = await outcome(() => slim.init(foreign));
    await slim.init();
    return [failure, slim.queryString({})]`);
  assert.equal(failure.code, "load-failed");
  assert.match(failure.message, /same version/);
  assert.equal(text, "limit=500");
});

test("concurrent calls share one load", () => {
  const compiled = program(`
    let compiled = 0;
    const { compile } = WebAssembly;
    WebAssembly.compile = (bytes) => { compiled++; return compile(bytes); };
    const bytes = readFileSync(file);
    await Promise.all([slim.init(bytes), slim.init(bytes), slim.init(), slim.init(readFileSync(file))]);
    await slim.init(bytes);
    return compiled`);
  assert.equal(compiled, 1);
});

test("a call with a valid file succeeds while a concurrent one with another file fails", () => {
  const outcomes = program(`
    const outcomes = await Promise.allSettled([slim.init(new Uint8Array(3)), slim.init(file)]);
    return [outcomes.map(({ status }) => status), slim.queryString({})]`);
  assert.deepEqual(outcomes, [["rejected", "fulfilled"], "limit=500"]);
});

test("a rejected promise of init that is not handled does not end the process", () => {
  assert.equal(
    program(`
      await slim.init();
      await slim.init(Promise.reject(new Error("too late")));
      await new Promise((resolve) => setImmediate(resolve));
      return slim.queryString({})`),
    "limit=500",
  );
});

test("in an engine that compiles only asynchronously the error says so, and init works", () => {
  const printed = program(`
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class {
      static [Symbol.hasInstance](object) { return object instanceof Instance }
      constructor() { throw new RangeError("disallowed on the main thread") }
    };
    const module = await import("humansync");
    const before = await outcome(() => module.queryString({}));
    await module.init();
    return [before, module.queryString({})]`);
  assert.equal(printed[0].code, "not-loaded");
  assert.equal(printed[0].cause, "RangeError");
  assert.match(printed[0].message, /wait for init\(\)/);
  assert.equal(printed[1], "limit=500");
});
