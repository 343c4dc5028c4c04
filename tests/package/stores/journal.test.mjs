// The files of the file store, damaged, cut off and left by a crash; of earlier and of later versions.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { appServer, updated } from "../node/support/app-server.mjs";
import { imported, required } from "../node/support/installed.mjs";
import { endpoint, uploaderTo } from "../upload/support/endpoint.mjs";
import { assertReport } from "../upload/support/reports.mjs";
import { random, samples } from "../upload/support/samples.mjs";
import { watchFiles } from "./support/file-calls.mjs";
import { folderFor, outcomeIn, projectFor, unlessInstalled, RUNTIMES } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/file");
const memory = required("humansync/stores/memory");
const { StoreError } = required("humansync/slim");
const { AppClient } = await imported();
const EARLIER = createRequire(import.meta.url)("./support/earlier-folder.json");

const SECTOR = 512;
const folderOf = (t) => folderFor((stop) => t.after(stop));
const failure = (call) => call().then(() => assert.fail("it did not fail"), (error) => error);
/** Waits take no time: what is damaged is read several times. */
const hurry = (t) => t.mock.method(globalThis, "setTimeout", (run) => setImmediate(run));
/** Flushes take no time: nothing crashes here. */
const unflushed = (t) => t.after(watchFiles((call, run) => (/^handle\.(data)?sync$/.test(call.name) ? Promise.resolve() : run())));
const fileIn = (folder) => join(folder, readdirSync(folder).find((name) => /^[kh]-/.test(name)));

async function assertCorrupt(call, message) {
  const error = await failure(call);
  assert.ok(error instanceof StoreError, message);
  assert.equal(error.code, "corrupt", message);
  assert.match(error.message, /^The file [kh]-[a-z0-9]+ of the file store (is damaged|does not begin with its key).*; put a copy back, or remove it/, message);
}

/** Values of all lengths around those of a sector, of zeros and of anything, of this package and of others. */
const VALUES = [0, 1, 3, 491, 492, 493, 983, 984, 985, 1500].flatMap((length) => [
  new Uint8Array(length),
  new Uint8Array(length).fill(0xff),
  Uint8Array.from({ length }, (_, index) => ("HSp\x01".codePointAt(index) ?? index * 7 + length) & 255),
]);

test("a value is appended to the file of the one before, in any runtime", unlessInstalled(...RUNTIMES), async (t) => {
  const ending = (stop) => t.after(stop);
  const project = projectFor(ending);
  for (const runtime of RUNTIMES) {
    const { files, lengths, last } = await outcomeIn(ending, runtime, join(project, "appended.js"), folderFor(ending));
    assert.equal(new Set(files).size, 1, runtime.name);
    assert.deepEqual(lengths, lengths.map((_, index) => 2 * SECTOR + index * SECTOR), runtime.name);
    assert.equal(last, lengths.length - 1, runtime.name);
  }
});

test("values of all lengths come back, one after the other and again", async (t) => {
  for (const key of ["key", "x".repeat(300)]) {
    const store = await createStore(folderOf(t));
    for (const value of [...VALUES, ...VALUES.toReversed()]) {
      await store.set(key, value);
      assert.deepEqual(await store.get(key), value);
    }
  }
});

test("a file is replaced before it is longer than 64 KB, or than eight times its value", async (t) => {
  unflushed(t);
  const folder = folderOf(t);
  const store = await createStore(folder);
  for (const [length, most] of [[100, 65_536], [2000, 65_536], [40_000, 8 * 41_984 + SECTOR], [3, 65_536]]) {
    const sizes = [];
    let files = 0;
    let before;
    for (let count = 0; count < 200; count++) {
      await store.set("key", new Uint8Array(length).fill(count));
      const { size, ino } = statSync(fileIn(folder), { bigint: true });
      sizes.push(Number(size));
      if (ino !== before) files++;
      before = ino;
    }
    assert.ok(Math.max(...sizes) <= most && Math.max(...sizes) > most / 2, `${length}: ${Math.max(...sizes)}`);
    assert.ok(files <= 40, `${files} files of 200 values of ${length} bytes`);
    assert.deepEqual(await store.get("key"), new Uint8Array(length).fill(199));
  }
});

for (const key of ["key", "x".repeat(300)]) {
  test(`a file with ${key.length === 3 ? "a key" : "a long key"} that is cut off anywhere has the last whole value, or is an error, and takes the next value`, async (t) => {
    hurry(t);
    unflushed(t);
    const folder = folderOf(t);
    const store = await createStore(folder);
    const ends = [];
    const line = key.length === 3 ? 0 : key.length + 1;
    const values = [500, 20, 500].map((length, index) => new Uint8Array(length).fill(index + 1));
    for (const value of values) {
      await store.set(key, value);
      ends.push(statSync(fileIn(folder)).size);
    }
    const file = fileIn(folder);
    const whole = readFileSync(file);
    // Of a long key, what comes after the head is as with any other.
    for (let length = 0; length <= whole.length; length += length > line + 600 && line > 0 ? 13 : 1) {
      const message = `cut after ${length} of ${whole.length} bytes`;
      writeFileSync(file, whole.subarray(0, length));
      const index = ends.findLastIndex((end) => end <= length);
      if (index >= 0) assert.deepEqual(await store.get(key), values[index], message);
      // That is a value of an earlier version, which is not of this package: an empty one.
      else if (length === line) assert.deepEqual(await store.get(key), new Uint8Array());
      else await assertCorrupt(() => store.get(key), message);
      const next = new Uint8Array(600).fill(length);
      await store.set(key, next);
      assert.deepEqual(await store.get(key), next, message);
      if (length % 8 !== 0) continue;
      await store.set(key, values[0]);
      assert.deepEqual(await store.get(key), values[0], message);
    }
  });

  test(`a byte of a file with ${key.length === 3 ? "a key" : "a long key"} that has changed is an error, or does no harm`, async (t) => {
    hurry(t);
    const folder = folderOf(t);
    const store = await createStore(folder);
    // Zeros are the most easily taken for what was not written.
    const values = [new Uint8Array(100), Uint8Array.from({ length: 600 }, (_, index) => index), new Uint8Array(700)];
    for (const value of values) await store.set(key, value);
    const file = fileIn(folder);
    const whole = readFileSync(file);
    const head = whole.length - 5 * SECTOR;
    const last = whole.length - 2 * SECTOR;
    for (let at = 0; at < whole.length; at += at > head && key.length > 3 ? 13 : 1) {
      for (const change of [0x20, whole[at]]) {
        const damaged = Buffer.from(whole);
        damaged[at] ^= change === 0 ? 0xff : change;
        writeFileSync(file, damaged);
        const value = await store.get(key).catch((error) => error);
        const message = `byte ${at} is ${damaged[at]}, and was ${whole[at]}`;
        if (at >= last) assert.equal(value.code, "corrupt", message);
        else if (at >= head) assert.deepEqual(value, values[2], message);
        else if (value instanceof Error) assert.match(value.code, /^(corrupt|newer)$/, message);
        else assert.deepEqual(value, values[2], message);
      }
    }
  });
}

test("a long file, of which only the end is read, is cut off and changed with the same outcomes", async (t) => {
  hurry(t);
  unflushed(t);
  const next = random(21);
  for (const lengths of [Array(9).fill(5000), [100_000, 30_000, 100_000], [100_000], [60_000, 20, 300], Array(60).fill(700)]) {
    const folder = folderOf(t);
    const store = await createStore(folder);
    const values = lengths.map((length, index) => Uint8Array.from({ length }, (_, at) => (at % 5 < 2 ? 0 : index + at)));
    const ends = [];
    for (const value of values) {
      await store.set("key", value);
      ends.push(statSync(fileIn(folder)).size);
    }
    const file = fileIn(folder);
    const whole = readFileSync(file);
    assert.deepEqual(await store.get("key"), values.at(-1));
    assert.ok(whole.length > 16_384 && ends.every((end, index) => end > (ends[index - 1] ?? 0)), "all are in one long file");
    const lastStart = ends.at(-2) ?? SECTOR;
    for (let time = 0; time < 150; time++) {
      const near = time % 2 === 0;
      const length = Math.floor(near ? whole.length - next() * 3000 : SECTOR + next() * (whole.length - SECTOR));
      writeFileSync(file, whole.subarray(0, length));
      const index = ends.findLastIndex((end) => end <= length);
      if (index >= 0) assert.deepEqual(await store.get("key"), values[index], `cut after ${length} of ${whole.length} bytes`);
      else await assertCorrupt(() => store.get("key"));

      const at = Math.floor(near ? lastStart + next() * (whole.length - lastStart) : SECTOR + next() * (whole.length - SECTOR));
      const changed = Buffer.from(whole);
      changed[at] ^= 1 << (time % 8);
      writeFileSync(file, changed);
      if (at >= lastStart) await assertCorrupt(() => store.get("key"), `byte ${at} of ${whole.length}`);
      else assert.deepEqual(await store.get("key"), values.at(-1), `byte ${at} of ${whole.length}`);
    }
  }
});

test("what a crash leaves of a record is no value: any of its sectors blank, or beyond the end", async (t) => {
  unflushed(t);
  const folder = folderOf(t);
  const store = await createStore(folder);
  const [before, unfinished] = [new Uint8Array(900).fill(1), new Uint8Array(4 * 492 - 5).fill(2)];
  await store.set("key", before);
  const file = fileIn(folder);
  const start = statSync(file).size;
  await store.set("key", unfinished);
  const whole = readFileSync(file);
  assert.equal(whole.length - start, 4 * SECTOR);
  for (let blank = 0; blank < 16; blank++) {
    for (let end = start; end <= whole.length; end += 64) {
      const left = Buffer.from(whole.subarray(0, end));
      for (let sector = 0; sector < 4; sector++) if (blank & (1 << sector)) left.subarray(start + sector * SECTOR, start + (sector + 1) * SECTOR).fill(0);
      const isWhole = blank === 0 && end === whole.length;
      writeFileSync(file, left);
      assert.deepEqual(await store.get("key"), isWhole ? unfinished : before);
      await store.set("key", Uint8Array.of(3));
      assert.deepEqual(await store.get("key"), Uint8Array.of(3));
      // The crash was while it was appended to what an earlier crash had left.
      writeFileSync(file, Buffer.concat([left, readFileSync(file).subarray(left.length, -100)]));
      assert.deepEqual(await store.get("key"), isWhole ? unfinished : before);
    }
  }
});

test("damage after the last whole value is an error, and damage before it is none", async (t) => {
  hurry(t);
  const folder = folderOf(t);
  const store = await createStore(folder);
  for (let count = 0; count < 4; count++) await store.set("key", new Uint8Array(1000).fill(count));
  const file = fileIn(folder);
  const whole = readFileSync(file);
  const record = 3 * SECTOR;
  const next = random(7);
  const rubbish = (length) => Uint8Array.from({ length }, () => 1 + Math.floor(next() * 255));
  for (const [from, to] of [[SECTOR, SECTOR + 3 * record], [SECTOR, SECTOR + 1], [SECTOR + record, SECTOR + 2 * record]]) {
    const damaged = Buffer.from(whole);
    damaged.set(rubbish(to - from), from);
    writeFileSync(file, damaged);
    assert.deepEqual(await store.get("key"), new Uint8Array(1000).fill(3));
  }
  for (const [from, to] of [[SECTOR + 3 * record, whole.length], [whole.length - 1, whole.length], [whole.length - 3 * SECTOR, whole.length - 2 * SECTOR]]) {
    const damaged = Buffer.from(whole);
    damaged.set(rubbish(to - from), from);
    writeFileSync(file, damaged);
    await assertCorrupt(() => store.get("key"));
    // An unfinished record behind it does not make it an unfinished one.
    appendFileSync(file, new Uint8Array(700));
    await assertCorrupt(() => store.get("key"));
    await store.set("key", Uint8Array.of(9));
    assert.deepEqual(await store.get("key"), Uint8Array.of(9), "the next value is not lost behind it");
  }
});

test("a file with no whole value is an error, however it may have come to that", async (t) => {
  hurry(t);
  const folder = folderOf(t);
  const store = await createStore(folder);
  await store.set("key", new Uint8Array(1000).fill(4));
  const file = fileIn(folder);
  const whole = readFileSync(file);
  for (const left of [whole.subarray(0, SECTOR), Buffer.concat([whole.subarray(0, SECTOR), new Uint8Array(3 * SECTOR)]), whole.subarray(0, -1)]) {
    writeFileSync(file, left);
    await assertCorrupt(() => store.get("key"));
    assert.deepEqual(await store.keys(""), ["key"]);
  }
});

test("a journal that has lost its beginning is an error, and not a value", async (t) => {
  hurry(t);
  const next = random(11);
  for (const value of VALUES) {
    for (const more of [0, 1, 40]) {
      const folder = folderOf(t);
      const store = await createStore(folder);
      for (let count = 0; count <= more; count++) await store.set("key", value);
      const file = fileIn(folder);
      const whole = readFileSync(file);
      for (const lost of [(byte) => byte & 0, () => Math.floor(next() * 256)]) {
        const left = Buffer.from(whole).subarray(0, next() < 0.5 ? whole.length : whole.length - 100);
        left.set(left.subarray(0, SECTOR).map(lost));
        // What was cut off may have been all of the only value.
        if (left.length < whole.length && more === 0) continue;
        writeFileSync(file, left);
        await assertCorrupt(() => store.get("key"), `${value.length} bytes, ${more + 1} times`);
      }
      await store.set("key", Uint8Array.of(1));
      assert.deepEqual(await store.get("key"), Uint8Array.of(1));
    }
  }
});

test("a value that is a file of the store, or sectors of another, is a value like any other", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  await store.set("key", new Uint8Array(1000).fill(4));
  const copy = new Uint8Array(readFileSync(fileIn(folder)));
  await store.set("key", copy);
  await store.set("key", copy);
  assert.deepEqual(await store.get("key"), copy);
  // Blocks of a disk that had another file's records, after a crash.
  const other = folderOf(t);
  await (await createStore(other)).set("key", Uint8Array.of(5));
  appendFileSync(fileIn(folder), readFileSync(fileIn(other)).subarray(SECTOR));
  hurry(t);
  await assertCorrupt(() => store.get("key"));
});

const SERVER = () => appServer({ lists: { weights: updated(40, "2024-06-01T11:50:00Z", 864_000) } });
const syncOf = (store, server = SERVER()) => new AppClient({ clientId: "app", appKey: "key", fetch: server.fetch, maxRetries: 0 }).sync({ store, types: ["weights"], since: "2024-05-10T00:00:00Z" });
const LIST = [...samples(300), ...samples(60, { device_name: "Watch", first: 20_000 }), ...samples(2, { device_name: "Ring" })];

test("a folder of an earlier version is used on, and nothing of it is lost", async (t) => {
  const folder = folderOf(t);
  // That version has sent LIST, read SERVER's records, and set "empty" and a long key.
  for (const [name, bytes] of Object.entries(EARLIER)) writeFileSync(join(folder, name), Buffer.from(bytes, "base64"));
  const store = await createStore(folder);
  const keys = await store.keys("");
  assert.equal(keys.length, Object.keys(EARLIER).length);
  assert.deepEqual(await store.get("empty"), new Uint8Array());
  assert.deepEqual(await store.get("x".repeat(300)), Uint8Array.of(1, 2, 3));

  const fetch = endpoint();
  const upload = (list) => uploaderTo(fetch, { store, batchSize: 100 }).upload("steps", list);
  assertReport(await upload(LIST), { read: 362, alreadySent: 362, requests: 0 });
  assert.equal((await syncOf(store).run(() => {})).records, 0);
  assertReport(await upload([...LIST, ...samples(40, { first: 5000 })]), { read: 402, alreadySent: 362, sent: 40 });
  assertReport(await upload([...LIST, ...samples(40, { first: 5000 })]), { read: 402, alreadySent: 402, requests: 0 });
  for (const key of ["empty", "x".repeat(300)]) {
    await store.set(key, Uint8Array.of(4));
    assert.deepEqual(await store.get(key), Uint8Array.of(4));
  }
  assert.deepEqual((await store.keys("")).filter((key) => keys.includes(key)).sort(), keys.toSorted());
});

test("earlier versions refuse a folder of this one: to them, its files are values of a newer version", async (t) => {
  const folder = folderOf(t);
  const store = await createStore(folder);
  await uploaderTo(endpoint(), { store, batchSize: 100 }).upload("steps", LIST);
  await syncOf(store).run(() => {});
  // To an earlier version a file was a value as it is: so is it to a store in memory.
  const earlier = memory.createStore();
  for (const key of await store.keys("")) {
    const name = readdirSync(folder).find((name) => name === `k-${key.replaceAll("/", "%2f")}`);
    await earlier.set(key, new Uint8Array(readFileSync(join(folder, name))));
  }
  const [fetch, server] = [endpoint(), SERVER()];
  for (const call of [() => uploaderTo(fetch, { store: earlier }).upload("steps", LIST), () => syncOf(earlier, server).run(() => assert.fail("nothing is delivered"))]) {
    const error = await failure(call);
    assert.equal(error.name, "StoreError");
    assert.equal(error.code, "newer");
    assert.match(error.message, /written by a newer version of humansync/);
  }
  assert.deepEqual(fetch.posts, []);
});

test("a file of a later version is refused, and stays as it is", async (t) => {
  for (const key of ["key", "x".repeat(300)]) {
    const folder = folderOf(t);
    const store = await createStore(folder);
    await store.set(key, new Uint8Array(100).fill(1));
    const file = fileIn(folder);
    const later = readFileSync(file);
    later[later.indexOf("journal") + 7] = 2;
    later.fill(0x77, later.indexOf("journal") + 8);
    for (const bytes of [later, later.subarray(0, later.indexOf("journal") + 20)]) {
      writeFileSync(file, bytes);
      for (const call of [() => store.get(key), () => store.set(key, Uint8Array.of(2))]) {
        const error = await failure(call);
        assert.ok(error instanceof StoreError);
        assert.equal(error.code, "newer");
        assert.match(error.message, /^The file [kh]-[a-z0-9]+ of the file store was written by a newer version of humansync: use that version, or another folder/);
      }
      assert.deepEqual(readFileSync(file), Buffer.from(bytes));
      assert.deepEqual(await store.keys(""), [key]);
    }
    await store.delete(key);
    assert.equal(await store.get(key), undefined);
  }
});
