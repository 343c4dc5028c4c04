// Leases of the file store: tokens that grow over processes and crashes, and writes that outlive their work.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "../node/support/installed.mjs";
import { NODE, RUNTIMES, folderFor, projectFor, start, unlessInstalled } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/file");
const project = projectFor(after);
const folderOf = (t) => folderFor((stop) => t.after(stop));
const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);
const leaseOf = (store) => store.lock("name", async (lease) => lease);
const tokensOf = (folder) => join(folder, "locks", "tokens");

test("a token is never given twice, whatever process is killed at whatever moment", unlessInstalled(...RUNTIMES), async (t) => {
  const folder = folderOf(t);
  await createStore(folder);
  let last = 0;
  for (let kill = 0; kill < 24; kill++) {
    const running = start((stop) => t.after(stop), RUNTIMES[kill % 3] ?? NODE, join(project, "lease.js"), folder);
    const hear = (line) => {
      assert.ok(Number(line) > last, `${line} after ${last}`);
      last = Number(line);
    };
    for (let heard = Math.floor(Math.random() * 6); heard >= 0; heard--) hear(await running.line());
    await running.kill();
    for (let line = await running.line(); line !== undefined; line = await running.line()) hear(line);
  }
  const { token } = await leaseOf(await createStore(folder));
  assert.ok(token > last);
  t.diagnostic(`${token} holders`);
});

test("there is one small file for each lock, whatever its name, for its owner alone, and no key is of it", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  for (const name of ["a", "../b", "c".repeat(1000)]) for (let time = 0; time < 3; time++) await store.lock(name, async () => {});
  const names = readdirSync(tokensOf(folder));
  assert.equal(names.length, 3);
  for (const name of names) {
    assert.match(name, /^[0-9a-f]{16}$/);
    assert.equal(readFileSync(join(tokensOf(folder), name), "utf8"), "3");
    assert.equal(statSync(join(tokensOf(folder), name)).mode & 0o777, 0o600);
  }
  assert.equal(statSync(tokensOf(folder)).mode & 0o777, 0o700);
  assert.deepEqual(await store.keys(""), []);
});

test("a write that its work has begun is on the disk before the next work begins", async (t) => {
  const folder = folderOf(t);
  const [one, other] = [await createStore(folder), await createStore(folder)];
  for (let round = 0; round < 10; round++) {
    const value = new Uint8Array(2_000_000).fill(round);
    let written;
    await one.lock("name", async (lease) => {
      written = one.set("key", value, lease);
      void one.delete("gone", lease);
    });
    await other.lock("name", async () => assert.equal((await other.get("key"))[0], round));
    await written;
  }
});

test("a late write waits for its lock, and is refused if that had a holder meanwhile, of another process as well", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  const older = await leaseOf(store);
  const holder = start((stop) => t.after(stop), NODE, join(project, "hold.js"), folder);
  assert.equal(await holder.line(), "held");
  const error = await failure(store.set("key", new Uint8Array(1), older));
  assert.deepEqual([error.name, error.code], ["StoreError", "fenced"]);
  await holder.kill();
  assert.equal((await failure(store.delete("key", older))).code, "fenced");
  const newer = await leaseOf(store);
  await store.set("key", new Uint8Array(1), newer);
  assert.deepEqual(await store.keys(""), ["key"]);
  assert.deepEqual(readdirSync(join(folder, "locks")), ["tokens"], "it has released what it took");
});

test("a work that waits for a late write of an earlier one does not wait for ever", async (t) => {
  const store = await createStore(folderOf(t));
  const older = await leaseOf(store);
  const late = [];
  const write = (value) => late.push(store.set("key", Uint8Array.of(value), older).then(() => "written", ({ code }) => code));
  // Asked for first, so that the late writes come while it waits or works.
  const work = store.lock("name", async (lease) => {
    write(9);
    await store.set("key", Uint8Array.of(1), lease);
    return Promise.all(late);
  });
  write(8);
  assert.deepEqual(await work, ["fenced", "fenced"]);
  assert.equal((await store.get("key"))[0], 1);
});

test("a counter that is damaged is an error, and nobody is in", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  const lease = await leaseOf(store);
  const [name] = readdirSync(tokensOf(folder));
  for (const damage of ["", "x", "-1", "01", "1e3", "9".repeat(16), "1\n"]) {
    writeFileSync(join(tokensOf(folder), name), damage);
    for (const call of [() => store.lock("name", () => assert.fail("nobody is in")), () => store.set("key", new Uint8Array(1), lease)]) {
      const error = await failure(call());
      assert.deepEqual([error.name, error.code], ["StoreError", "corrupt"]);
      assert.ok(error.message.includes(name));
    }
  }
  rmSync(join(tokensOf(folder), name));
  assert.equal((await leaseOf(store)).token, 1);
});

test("a folder that an earlier version has made is used on", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  await store.set("key", Uint8Array.of(1));
  rmSync(tokensOf(folder), { recursive: true });
  const later = await createStore(folder);
  await later.lock("name", (lease) => later.set("key", Uint8Array.of(2), lease));
  assert.deepEqual(await store.get("key"), Uint8Array.of(2));
});
