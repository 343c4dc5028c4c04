// The file store retries calls that the file system fails for a moment, and reports those that keep failing.

import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { required } from "../node/support/installed.mjs";
import { folderFor } from "./support/programs.mjs";

const { createStore } = await import("humansync/stores/file").catch(() => required("humansync/stores/file"));
const BYTES = Uint8Array.of(1, 2, 3);
const folderOf = (t) => folderFor((stop) => t.after(stop));

const fault = (code) => Object.assign(new Error(`${code}: injected`), { code });

/** Makes calls fail: `decide` gets the name of each and returns an error or nothing. Waits take no time. */
function withFaults(t, decide) {
  const own = { ...fs.promises };
  let waited = 0;
  const restore = () => {
    Object.assign(fs.promises, own);
    syncBuiltinESMExports();
  };
  for (const name of Object.keys(own).filter((name) => typeof own[name] === "function")) {
    fs.promises[name] = async (...args) => {
      const error = decide(name);
      if (error !== undefined) throw error;
      const result = await own[name](...args);
      if (name !== "open") return result;
      const sync = result.sync.bind(result);
      result.sync = async () => {
        const error = decide("sync");
        if (error !== undefined) throw error;
        return sync();
      };
      return result;
    };
  }
  syncBuiltinESMExports();
  t.mock.method(globalThis, "setTimeout", (run, ms = 0) => {
    waited += ms;
    return setImmediate(run);
  });
  t.after(restore);
  return { waited: () => waited };
}

/** Calls everything that a store can do. */
async function useOf(folder) {
  const store = await createStore(folder);
  await store.set("key", BYTES);
  await store.set("x".repeat(300), BYTES);
  assert.deepEqual(await store.get("key"), BYTES);
  assert.deepEqual(await store.keys("k"), ["key"]);
  await store.lock("name", async () => {
    await store.set("key", Uint8Array.of(4));
  });
  assert.deepEqual(await store.get("key"), Uint8Array.of(4));
  await store.delete("key");
  assert.equal(await store.get("key"), undefined);
}

for (const code of ["EPERM", "EACCES", "EBUSY", "EMFILE", "ENFILE"]) {
  test(`a transient ${code} is retried, in every call`, async (t) => {
    const folder = folderOf(t);
    const seen = new Map();
    // Of each three calls of a kind, two fail.
    withFaults(t, (name) => {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return times % 3 === 0 ? undefined : fault(code);
    });
    await useOf(join(folder, "state"));
    for (const name of ["mkdir", "open", "rename", "unlink", "readdir", "readFile", "sync"]) assert.ok(seen.get(name) >= 3, name);
  });
}

const CROWDED = /too many files are open; let the process have more \(ulimit -n\), or do less at once/;
const DENIED = /access is denied; give a folder that this process may read and write/;
const LASTING = [["EPERM", "denied", DENIED], ["EACCES", "denied", DENIED], ["EBUSY", "store", /see the cause/], ["EMFILE", "store", CROWDED], ["ENFILE", "store", CROWDED]];
for (const [code, wanted, message] of LASTING) {
  test(`a lasting ${code} is reported after about a second`, async (t) => {
    const store = await createStore(join(folderOf(t), "state"));
    for (const [kept, call] of [["rename", () => store.set("key", BYTES)], ["unlink", () => store.delete("key")], ["open", () => store.get("key")], ["readFile", () => store.lock("key", async () => assert.fail("nobody is in"))], ["readdir", () => store.keys("")]]) {
      await t.test(kept, async (t) => {
        const faults = withFaults(t, (name) => (name === kept ? fault(code) : undefined));
        const error = await call().then(assert.fail, (error) => error);
        assert.equal(error.name, "StoreError");
        assert.equal(error.code, wanted);
        assert.match(error.message, message);
        assert.equal(error.cause.code, code);
        assert.ok(faults.waited() >= 900 && faults.waited() <= 1500, `${faults.waited()} ms`);
      });
    }
    assert.deepEqual(await store.keys(""), []);
  });
}

test("an error that is never transient is reported at once", async (t) => {
  const store = await createStore(join(folderOf(t), "state"));
  const faults = withFaults(t, (name) => (name === "rename" ? fault("ENOSPC") : undefined));
  const error = await store.set("key", BYTES).then(assert.fail, (error) => error);
  assert.deepEqual([error.code, faults.waited()], ["quota", 0]);
});
