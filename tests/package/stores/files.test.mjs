// The files that the file store writes to its folder, and how it treats other files in it.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chdir, cwd } from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { required } from "../node/support/installed.mjs";
import { folderFor } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/file");
const { OptionError, StoreError } = required("humansync/slim");
const BYTES = Uint8Array.of(1, 2, 3);
const folderOf = (t) => folderFor((stop) => t.after(stop));
const failure = (call) => call().then(() => assert.fail("it did not fail"), (error) => error);

test("only their owner can read folders and files", async (t) => {
  const folder = join(folderOf(t), "a", "b");
  const store = await createStore(folder);
  await store.set("key", BYTES);
  await store.set("x".repeat(300), BYTES);
  for (const path of [folder, join(folder, ".."), join(folder, "locks"), join(folder, "locks", "tokens")]) assert.equal(statSync(path).mode & 0o777, 0o700, path);
  await store.lock("name", async () => {
    for (const name of readdirSync(join(folder, "locks")).filter((name) => name.split(".").length === 3)) {
      assert.equal(statSync(join(folder, "locks", name)).mode & 0o777, 0o600);
    }
  });
  const files = readdirSync(folder).filter((name) => name !== "locks");
  assert.equal(files.length, 2);
  for (const name of files) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
});

test("file names have one case, are short, and have only harmless characters", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  const keys = ["Key", "key", "kEY", "a/b", "..", "con", "a.", "ü", "u\u0308", "\ud83d", "x".repeat(300), "X".repeat(300), "日本".repeat(1000)];
  for (const key of keys) await store.set(key, BYTES);
  const names = readdirSync(folder).filter((name) => name !== "locks");
  assert.equal(names.length, keys.length);
  for (const name of names) assert.match(name, /^[kh]-[a-z0-9_%-]{1,120}$/);
});

test("a path may be relative, a URL, or lead over a link, and stays the same folder if the program changes directory", async (t) => {
  const place = folderOf(t);
  const before = cwd();
  t.after(() => chdir(before));
  chdir(place);
  const store = await createStore("state");
  chdir(before);
  await store.set("key", BYTES);
  symlinkSync(join(place, "state"), join(place, "link"));
  for (const folder of [join(place, "state"), join(place, "link"), pathToFileURL(join(place, "state")), pathToFileURL(join(place, "link/")), pathToFileURL(join(place, "state")).href]) {
    assert.deepEqual(await (await createStore(folder)).get("key"), BYTES);
  }
});

test("anything but a folder is refused", async (t) => {
  const place = folderOf(t);
  for (const folder of [undefined, null, "", 7, {}, "a\0b", new URL("https://example.org/state"), "file://%2F/state", new URL("file:///a%2Fb"), Buffer.from(place)]) {
    const error = await failure(async () => createStore(folder));
    assert.ok(error instanceof OptionError);
    assert.equal(error.option, "folder");
  }
  writeFileSync(join(place, "file"), "");
  const error = await failure(() => createStore(join(place, "file")));
  assert.ok(error instanceof StoreError);
  assert.equal(error.code, "store");
  assert.match(error.cause.code, /EEXIST|ENOTDIR/);
});

test("other files in the folder are neither listed nor touched", async (t) => {
  const folder = folderOf(t);
  const others = ["notes.txt", "k-Key", "k-", "k-%zz", "k-%41bc.bak", "k-a b", "k-%61", "k-%ud83d%ude42", "h-abc", "t-", "K-key"];
  for (const name of others) writeFileSync(join(folder, name), "mine");
  mkdirSync(join(folder, "photos"));
  const store = await createStore(folder);
  await store.set("key", BYTES);
  assert.deepEqual(await store.keys(""), ["key"]);
  for (const name of others) assert.equal(readFileSync(join(folder, name), "utf8"), "mine", name);
});

test("leftovers of dead writers are removed once they are old, not before, and are never listed", async (t) => {
  const folder = folderOf(t);
  await createStore(folder);
  const old = new Date(Date.now() - 3_600_000);
  const files = [["t-0123456789abcdef", old], ["t-fedcba9876543210", undefined], ["locks/new-82a3537ff0dbce7e.0123456789abcdef", old]];
  for (const [name, time] of files) {
    writeFileSync(join(folder, name), "half");
    if (time !== undefined) utimesSync(join(folder, name), time, time);
  }
  const store = await createStore(folder);
  assert.deepEqual(await store.keys(""), []);
  assert.deepEqual(files.map(([name]) => existsSync(join(folder, name))), [false, true, false]);
});

test("a writer whose unfinished value is removed as a leftover writes it again", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  const value = new Uint8Array(3_000_000).fill(5);
  const done = store.set("key", value);
  let found = 0;
  while (found < 1) {
    for (const name of readdirSync(folder).filter((name) => name.startsWith("t-"))) {
      rmSync(join(folder, name));
      found++;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  assert.deepEqual(await store.get("key"), value);
});

test("a damaged file with a long key is an error that says so, and not an empty store", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  const key = "x".repeat(300);
  for (const damage of ["", "x".repeat(299) + "\n", `${"x".repeat(299)}y\nvalue`]) {
    await store.set(key, BYTES);
    const [name] = readdirSync(folder).filter((name) => name.startsWith("h-"));
    writeFileSync(join(folder, name), damage);
    for (const call of [() => store.get(key), () => store.keys("")]) {
      const error = await failure(call);
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, "corrupt");
      assert.ok(error.message.includes(name));
    }
    await store.delete(key);
    assert.deepEqual(await store.keys(""), []);
  }
});

test("a failure keeps its cause, says what to do, and names neither key nor value", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  mkdirSync(join(folder, "k-key"));
  for (const call of [() => store.get("key"), () => store.set("key", BYTES), () => store.delete("key")]) {
    const error = await failure(call);
    assert.ok(error instanceof StoreError);
    assert.ok(error.cause instanceof Error);
    assert.match(error.cause.code, /^E[A-Z]+$/);
    assert.match(error.message, /^The file store could not (read|write|delete) a value: .+/);
  }
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("t-")), [], "a failed write leaves nothing");
  rmSync(folder, { recursive: true });
  for (const call of [() => store.set("other", BYTES), () => store.lock("name", async () => assert.fail("nobody is in"))]) {
    const error = await failure(call);
    assert.ok(error instanceof StoreError);
    assert.match(error.message, /^The file store could not (write a value|take a lock): the folder is gone; put a copy back, or create the store again \(ENOENT\)$/);
  }
});

test("a file where the folder should be is named as what it is", async (t) => {
  const file = join(folderOf(t), "file");
  writeFileSync(file, BYTES);
  for (const path of [file, join(file, "below")]) {
    const error = await failure(() => createStore(path));
    assert.ok(error instanceof StoreError);
    assert.match(error.message, /^The file store could not open its folder: a file is where the folder should be; .+ \((EEXIST|ENOTDIR)\)$/);
  }
  assert.deepEqual(readFileSync(file), Buffer.from(BYTES));
});

test('a full disk is "quota"', { skip: existsSync("/dev/full") ? false : "there is no /dev/full" }, async () => {
  const { failure: failureOf } = await import(pathToFileURL(join(required.resolve("humansync/stores/file"), "../file-errors.js")).href);
  const cause = await failure(async () => writeFileSync("/dev/full", "x"));
  const error = failureOf("write a value", cause);
  assert.ok(error instanceof StoreError);
  assert.equal(error.code, "quota");
  assert.equal(error.cause, cause);
  assert.equal(error.message, "The file store could not write a value: the disk is full; make room and try again (ENOSPC)");
});

test('a place where nobody may write is "denied"', { skip: existsSync("/sys/kernel") ? false : "there is no /sys" }, async () => {
  const error = await failure(() => createStore("/sys/kernel/humansync"));
  assert.ok(error instanceof StoreError);
  assert.equal(error.code, "denied");
  assert.match(error.cause.code, /EPERM|EACCES|EROFS/);
});
