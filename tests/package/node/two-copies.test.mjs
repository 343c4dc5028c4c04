// Two copies of the package in one program, as when a dependency brings its own: errors of one are recognized in the
// other.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { answering, json, refusal } from "./support/answers.mjs";
import { imported, packageFolder } from "./support/installed.mjs";

const folder = mkdtempSync(join(tmpdir(), "humansync-copies-"));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(packageFolder, join(folder, "humansync"), { recursive: true });
const ofCopy = (path) => import(pathToFileURL(join(folder, "humansync", path)).href);

const here = await imported();
const there = await ofCopy("node.js");
const sample = (at) => ({ device_name: "Watch", start_date: `2025-06-15T08:0${at}:00Z`, end_date: `2025-06-15T08:0${at}:30Z`, unit: "count", value: 1 });
const uploaderOver = (store) => new here.SampleUploader({ token: "demo", baseUrl: "https://samples.example", fetch: answering(() => json({})), store });

test("the two copies have different classes", () => {
  assert.notEqual(there.StoreError, here.StoreError);
  assert.notEqual(there.HumanClient, here.HumanClient);
});

test("an error of one copy is an instance of the same class of the other copy, and of no other class", async () => {
  const client = new there.HumanClient({ accessToken: "demo", fetch: answering(() => refusal(404)) });
  const error = await client.profile().catch((thrown) => thrown);
  for (const copy of [here, there]) {
    for (const name of ["NotFoundError", "ApiError", "HumansyncError"]) assert.ok(error instanceof copy[name], name);
    for (const name of ["ServerError", "OptionError", "StoreError", "ConnectionError"]) assert.ok(!(error instanceof copy[name]), name);
  }
});

test("instanceof accepts nothing else as an error of the package", () => {
  for (const value of [undefined, null, 5, "text", Symbol("s"), () => {}, {}, Object.create(null), new Error("no"), here.StoreError.prototype.constructor]) {
    assert.equal(value instanceof here.HumansyncError, false);
  }
  // An object of a derived class is an instance of its base, but an error of the package is no instance of a derived
  // class.
  class Mine extends here.StoreError {}
  const mine = new Mine("mine", { code: "mine" });
  assert.ok(mine instanceof Mine && mine instanceof here.StoreError && mine instanceof there.StoreError);
  assert.equal(new here.StoreError("own", {}) instanceof Mine, false);
});

test("the error of a store of one copy keeps its code and the report in the other", async () => {
  const { createStore } = await ofCopy("stores/memory.js");
  for (const code of ["quota", "denied", "corrupt"]) {
    const full = new there.StoreError("the disk is full", { code });
    const store = { ...createStore(), set: () => Promise.reject(full) };
    const error = await uploaderOver(store).upload("steps", [1, 2, 3].map(sample)).catch((thrown) => thrown);
    assert.equal(error, full);
    assert.ok(error instanceof here.StoreError);
    assert.equal(error.code, code);
    assert.equal(error.report.read, 3);
  }
});

test("so does the error of one copy's file store", async () => {
  const { createStore } = await ofCopy("stores/file.js");
  const place = join(folder, "store");
  const store = await createStore(place);
  await store.set("x".repeat(300), new Uint8Array(3));
  const [name] = readdirSync(place).filter((name) => name.startsWith("h-"));
  writeFileSync(join(place, name), "");
  const error = await uploaderOver(store).forget("steps").catch((thrown) => thrown);
  assert.ok(error instanceof here.StoreError, String(error));
  assert.equal(error.code, "corrupt");
});
