// What the file store's journal is worth where the file system fails: writes that fail, are short, or do not last; power
// that is lost at any moment; other processes that come in between.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { required } from "../node/support/installed.mjs";
import { random } from "../upload/support/samples.mjs";
import { fault, watchFiles } from "./support/file-calls.mjs";
import { folderFor } from "./support/programs.mjs";
import { diskOf } from "./support/power.mjs";

const { createStore } = required("humansync/stores/file");
const folderOf = (t) => folderFor((stop) => t.after(stop));
const failure = (call) => call().then(() => assert.fail("it did not fail"), (error) => error);
const A = new Uint8Array(700).fill(1);
const B = new Uint8Array(1400).fill(2);
const C = new Uint8Array(900).fill(3);

function watched(t, around) {
  const end = watchFiles(around);
  t.after(end);
  return end;
}

/** A store with `A` under "key", and its file. */
async function storeWithA(t) {
  const folder = folderOf(t);
  const store = await createStore(folder);
  await store.set("key", Uint8Array.of(0));
  await store.set("key", A);
  return { folder, store, file: join(folder, "k-key") };
}

/** Ways for the write that appends to go wrong. */
const FAULTS = {
  "a full disk": { name: "handle.write", code: "ENOSPC" },
  "a full disk after a part": { name: "handle.write", code: "ENOSPC", part: 600 },
  "a full disk after some sectors": { name: "handle.write", code: "ENOSPC", part: 1024 },
  "an error of the device": { name: "handle.write", code: "EIO" },
  "a write that is short": { name: "handle.write", part: 1000 },
  "a write of nothing": { name: "handle.write", part: 0 },
  "a flush that fails": { name: "handle.datasync", code: "EIO" },
  "a flush for which there is no room": { name: "handle.datasync", code: "EDQUOT" },
};

for (const [title, { name, code, part }] of Object.entries(FAULTS)) {
  /** Makes the append go wrong, and, as long as `isOut`, all that could be done instead. */
  async function withFault(t, isOut) {
    const { folder, store, file } = await storeWithA(t);
    let count = 0;
    const end = watched(t, async (call, run) => {
      if (isOut && call.name === "handle.writeFile") throw fault("ENOSPC");
      if (call.name !== name || call.path !== file || call.given[3] !== (name === "handle.write" ? null : undefined)) return run();
      count++;
      if (part === undefined) {
        if (name === "handle.datasync") await run();
        throw fault(code);
      }
      const [bytes] = call.given;
      const result = await run(bytes, 0, part, null);
      if (code !== undefined) throw fault(code);
      return result;
    });
    return { folder, store, file, end, count: () => count };
  }

  test(`${title}: the value is written all the same, where a new file can be`, async (t) => {
    const { folder, store, end, count } = await withFault(t, false);
    await store.set("key", B);
    assert.equal(count(), 1);
    end();
    assert.deepEqual(await store.get("key"), B);
    assert.deepEqual(await (await createStore(folder)).keys(""), ["key"]);
    await store.set("key", C);
    assert.deepEqual(await store.get("key"), C);
  });

  test(`${title}: where nothing can be written, the earlier value stands, and the next one is not lost`, async (t) => {
    const { folder, store, file, end } = await withFault(t, true);
    const before = statSync(file).ino;
    for (let time = 0; time < 3; time++) {
      const error = await failure(() => store.set("key", B));
      assert.equal(error.name, "StoreError");
      assert.equal(error.code, "quota");
      assert.deepEqual(await store.get("key"), A, "what was refused is not there");
    }
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("t-")), []);
    end();
    assert.deepEqual(await (await createStore(folder)).get("key"), A);
    await store.set("key", C);
    assert.notEqual(statSync(file).ino, before, "nothing is appended to a file that may not be on the disk");
    assert.deepEqual(await store.get("key"), C);
    await store.set("key", A);
    assert.deepEqual(await store.get("key"), A);
  });
}

test("a folder that cannot be flushed after a file was replaced: the next value goes into a new file", async (t) => {
  const { folder, store, file } = await storeWithA(t);
  writeFileSync(file, "of an earlier version");
  const end = watched(t, (call, run) => {
    if (call.name === "handle.sync" && call.path === folder) throw fault("EIO");
    return run();
  });
  const error = await failure(() => store.set("key", B));
  assert.equal(error.cause.code, "EIO");
  end();
  const { ino } = statSync(file);
  await store.set("key", C);
  assert.notEqual(statSync(file).ino, ino);
  assert.deepEqual(await store.get("key"), C);
});

test("a later version's file is not written over after a failed write either", async (t) => {
  const { store, file } = await storeWithA(t);
  const end = watched(t, (call, run) => {
    if (/write|sync/.test(call.name)) throw fault("EIO");
    return run();
  });
  await failure(() => store.set("key", B));
  end();
  const later = readFileSync(file);
  later[later.indexOf("journal") + 7] = 2;
  writeFileSync(file, later);
  assert.equal((await failure(() => store.set("key", B))).code, "newer");
  assert.deepEqual(readFileSync(file), later);
});

test("a file that cannot be read is not written over", async (t) => {
  const { store, file } = await storeWithA(t);
  const end = watched(t, (call, run) => {
    if (call.name === "handle.read") throw fault("EIO");
    return run();
  });
  for (const call of [() => store.get("key"), () => store.set("key", B)]) {
    const error = await failure(call);
    assert.equal(error.name, "StoreError");
    assert.equal(error.cause.code, "EIO");
  }
  end();
  assert.deepEqual(await store.get("key"), A);
  assert.equal(statSync(file).size, 4 * 512);
});

test("no handle stays open, whatever fails", { skip: existsSync("/proc/self/fd") ? false : "there is no /proc" }, async (t) => {
  const { folder, store, file } = await storeWithA(t);
  const handles = () => readdirSync("/proc/self/fd").length;
  await Promise.all(Array.from({ length: 8 }, (_, index) => store.get(`none ${index}`)));
  const before = handles();
  const next = random(5);
  let calls = 0;
  const end = watched(t, (call, run) => {
    if (call.name !== "handle.close" && next() < 0.1) {
      calls++;
      throw fault("EIO");
    }
    return run();
  });
  for (let time = 0; time < 300; time++) {
    await store.set("key", new Uint8Array(Math.floor(next() * 20_000))).catch(() => {});
    await store.get("key").catch(() => {});
    if (time % 10 === 0) writeFileSync(file, readFileSync(file).subarray(0, -1));
  }
  end();
  assert.ok(calls > 100);
  assert.equal(handles(), before);
  await store.set("key", C);
  assert.deepEqual(await (await createStore(folder)).get("key"), C);
});

/** What others may do between any two calls of an append. */
const OTHERS = {
  "another process replaces the file": ({ file, spare }) => {
    copyFileSync(spare, `${file}.other`);
    renameSync(`${file}.other`, file);
  },
  "another process replaces it by one of an earlier version": ({ file }) => {
    writeFileSync(`${file}.other`, "whole");
    renameSync(`${file}.other`, file);
  },
  "another process deletes it": ({ file }) => rmSync(file, { force: true }),
  "another process appends a value": ({ file, record }) => appendFileSync(file, record(file)),
  "another process dies while it appends": ({ file, record }) => appendFileSync(file, record(file).subarray(0, 100)),
  "another process dies after a sector": ({ file, record }) => appendFileSync(file, record(file).subarray(0, 512)),
};

for (const [title, act] of Object.entries(OTHERS)) {
  test(`${title} while a value is written: it is not lost`, async (t) => {
    const other = folderOf(t);
    await (await createStore(other)).set("key", C);
    const spare = join(other, "k-key");
    /** A record for a file: what its last one was, which is `A`. */
    const record = (file) => readFileSync(file).subarray(-2 * 512);
    let steps = 1;
    for (let step = 0; step < steps; step++) {
      for (const when of ["before", "after"]) {
        const { folder, store, file } = await storeWithA(t);
        let count = 0;
        const end = watched(t, async (call, run) => {
          const isTurn = count++ === step;
          if (isTurn && when === "before") act({ file, spare, record });
          const result = await run();
          if (isTurn && when === "after") act({ file, spare, record });
          return result;
        });
        await store.set("key", B);
        end();
        steps = Math.max(steps, count);
        const value = await store.get("key");
        // Whoever comes after the last look at the file comes after the write.
        const isLater = step >= count - 3;
        if (!isLater) assert.deepEqual(value, B, `${when} call ${step} of ${count}`);
        await store.set("key", C);
        assert.deepEqual(await store.get("key"), C);
        assert.deepEqual(await (await createStore(folder)).get("key"), C);
      }
    }
    assert.ok(steps >= 8, `${steps} calls`);
  });
}

test("whenever the power fails, the value that was set last is there, or the one that was being set", async (t) => {
  const next = random(11);
  let images = 0;
  for (let world = 0; world < 12; world++) {
    const folder = folderOf(t);
    const store = await createStore(folder);
    const disk = diskOf(folder);
    let [done, begun] = [undefined, undefined];
    const left = [];
    const end = watched(t, async (call, run) => {
      const result = await run();
      disk.after(call);
      if (/write|sync|rename|unlink/.test(call.name)) for (let image = 0; image < 3; image++) left.push({ files: disk.image(next), done, begun, call: call.name });
      return result;
    });
    for (let number = 1; number <= 30; number++) {
      const value = next() < 0.08 ? undefined : new Uint8Array(next() < 0.3 ? 9000 : next() * 1500).fill(number);
      begun = { value };
      if (value === undefined) await store.delete("key");
      else await store.set("key", value);
      done = begun;
    }
    end();
    for (const { files, done, begun, call } of left) {
      const place = folderOf(t);
      for (const [name, bytes] of files) writeFileSync(join(place, name), bytes);
      const after = await createStore(place);
      const value = await after.get("key").catch((error) => assert.fail(`after ${call}: ${error.message}`));
      const isOneOf = [done, begun].some((wanted) => wanted?.value === undefined ? value === undefined : value !== undefined && Buffer.compare(value, wanted.value) === 0);
      assert.ok(isOneOf, `after ${call}: ${value?.length} bytes of ${value?.[0]}`);
      if (images++ % 20 === 0) {
        await after.set("key", C);
        assert.deepEqual(await after.get("key"), C);
      }
      rmSync(place, { recursive: true });
    }
  }
  t.diagnostic(`${images} crashes`);
  assert.ok(images > 1000);
});

test("a value is not lost with the name of a file that another process has made, and not flushed before it died", async (t) => {
  const next = random(12);
  for (let world = 0; world < 10; world++) {
    const { folder, store, file } = await storeWithA(t);
    const other = folderOf(t);
    await (await createStore(other)).set("key", C);
    const disk = diskOf(folder);
    copyFileSync(join(other, "k-key"), join(folder, "t-other"));
    disk.after({ name: "handle.sync", path: join(folder, "t-other") });
    renameSync(join(folder, "t-other"), file);
    disk.after({ name: "rename", path: file });
    const end = watched(t, async (call, run) => {
      const result = await run();
      disk.after(call);
      return result;
    });
    const { ino } = statSync(file);
    await store.set("key", B);
    end();
    assert.equal(statSync(file).ino, ino, "it was appended");
    for (let image = 0; image < 5; image++) {
      const place = folderOf(t);
      for (const [name, bytes] of disk.image(next)) writeFileSync(join(place, name), bytes);
      assert.deepEqual(await (await createStore(place)).get("key"), B);
    }
  }
});

test("on a disk that is really full, the earlier values stand, and later ones are not lost", { skip: tmpfs() }, async (t) => {
  const stops = [];
  const folder = folderFor((stop) => stops.push(stop));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
  t.after(() => {
    execFileSync("umount", [folder]);
    for (const stop of stops) stop();
  });
  const store = await createStore(join(folder, "state"));
  const values = new Map();
  const next = random(3);
  let full = 0;
  for (let number = 0; number < 600; number++) {
    const key = `key ${number % 5}`;
    const value = new Uint8Array(next() * 9000).fill(number);
    try {
      await store.set(key, value);
      values.set(key, value);
    } catch (error) {
      assert.equal(error.code, "quota");
      full++;
      // Somebody makes room.
      if (full % 5 === 0) {
        await store.delete("key 0");
        values.delete("key 0");
      }
    }
    for (const [key, value] of values) assert.deepEqual(await store.get(key), value, `${key} after ${number} values`);
  }
  t.diagnostic(`${full} values were refused`);
  assert.ok(full > 10);
});

/** Why there cannot be a small file system; false where there can be. */
function tmpfs() {
  if (process.platform !== "linux" || process.getuid() !== 0) return "only root can mount a small file system";
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return false;
  } catch {
    return "no file system can be mounted here";
  }
}
