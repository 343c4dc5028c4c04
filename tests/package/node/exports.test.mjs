// The entries of the package: what each exports under which condition, and that there is only one copy of everything.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { transformSync } from "esbuild";
import { imported, packageFolder, required } from "./support/installed.mjs";

const NAMES = [
  "ApiError",
  "AppClient",
  "AuthenticationError",
  "ConnectionError",
  "HumanClient",
  "HumansyncError",
  "NotFoundError",
  "OptionError",
  "PermissionError",
  "ProtocolError",
  "RateLimitError",
  "SampleUploader",
  "ServerError",
  "StoreError",
  "TimeoutError",
  "init",
  "parseLinkHeader",
  "parseRetryAfter",
  "queryString",
];

test("every entry exports the public names and nothing else", async () => {
  for (const entry of [
    await imported("humansync"),
    await imported("humansync/slim"),
    required("humansync"),
    required("humansync/slim"),
  ]) {
    assert.deepEqual(Object.keys(entry).filter((name) => name !== "__esModule" && name !== "module.exports").sort(), NAMES);
  }
});

test("import and require give the same classes", async () => {
  const [esm, cjs, slim] = [await imported(), required("humansync"), await imported("humansync/slim")];
  for (const name of NAMES.filter((name) => name !== "init")) {
    assert.equal(cjs[name], esm[name], name);
    assert.equal(slim[name], esm[name], name);
  }
});

test("the default entry is ready at once, and its init does nothing", async () => {
  const { init, queryString } = await imported();
  assert.equal(queryString({}), "limit=500");
  assert.equal(await init(), undefined);
  assert.equal(await init(new Uint8Array([1, 2, 3])), undefined);
  assert.equal(queryString({}), "limit=500");
});

test("the WebAssembly and package.json can be resolved, other files cannot", () => {
  const wasm = readFileSync(required.resolve("humansync/humansync.wasm"));
  assert.deepEqual([...wasm.subarray(0, 8)], [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  assert.equal(required("humansync/package.json").name, "humansync");
  for (const inner of ["core/humansync.js", "library.js", "core/errors.js", "loading.js"]) {
    assert.throws(() => required.resolve(`humansync/${inner}`), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" }, inner);
  }
});

test("the WebAssembly inside each entry for browsers is the package's file, byte for byte", async () => {
  for (const name of ["humansync", "read", "send"]) {
    const { shift, text } = await import(join(packageFolder, "core", `${name}-inline.js`));
    const bytes = Buffer.from(text, "latin1").map((byte) => byte - shift);
    assert.ok(bytes.equals(readFileSync(required.resolve(`humansync/${name}.wasm`))), name);
  }
});

test("package.json agrees with the files", () => {
  const manifest = required("humansync/package.json");
  assert.match(manifest.version, /^\d+\.\d+\.\d+/);
  assert.notEqual(manifest.version, "0.0.0");
  assert.equal(manifest.license, "MIT OR Apache-2.0");
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts, undefined);
  const files = readdirSync(packageFolder, { recursive: true });
  for (const file of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", manifest.main, manifest.module, manifest.types]) {
    assert.ok(files.includes(file.replace("./", "")), file);
  }
  for (const file of manifest.sideEffects) assert.ok(files.includes(file.replace("./", "")), file);
});

test("no code is evaluated from text, so that a strict Content-Security-Policy suffices", () => {
  for (const name of readdirSync(packageFolder, { recursive: true }).filter((name) => /\.c?js$/.test(name))) {
    const source = readFileSync(join(packageFolder, name), "utf8");
    assert.doesNotMatch(source, /\beval\s*\(|new Function\b|\bFunction\s*\(/, name);
    // esbuild refuses a top-level await there, wherever it stands.
    assert.doesNotThrow(() => transformSync(source, { format: "cjs", logLevel: "silent" }), `${name} has no top-level await`);
  }
});
