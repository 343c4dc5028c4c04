// Sources of samples: every kind, in pieces of any size, slow, cancelled, and failing.

import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createContext, runInContext, runInNewContext } from "node:vm";
import { openSource } from "../../../src/bindings/imports/source.js";
import { MIB, assertOptionError, cut, errorOf, later, read, shared, stream } from "./support/reading.mjs";
import { settled, virtualTime } from "./support/virtual-time.mjs";

const TEXT = '[{"device_name":"Ada’s 👟"}]';
const BYTES = new TextEncoder().encode(TEXT);

/** A Response as other libraries have it: not of the platform's class, and with a Node stream as its body. */
const responseOf = (body, more = {}) => ({ ok: true, status: 200, body, bodyUsed: false, headers: new Headers(), arrayBuffer() {}, ...more });

/** A Blob of another library, whose arrayBuffer() resolves to whatever `give` returns. */
const blobOf = (give) => ({ size: BYTES.length, slice: () => ({ arrayBuffer: async () => give() }), arrayBuffer() {} });

/** Another realm, with the classes that only Node adds derived from the realm's own. */
const realm = createContext({ bytes: [...BYTES] });
const inRealm = (code) => runInContext(code, realm);

/** A reader whose bytes are of another realm, like those of a reader from a frame. */
const readerOf = (reader) => ({
  async read(view) {
    const { done, value } = await reader.read(view);
    return { done, value: value && inRealm("(bytes, from, length) => new Uint8Array(bytes, from, length)")(value.buffer, value.byteOffset, value.byteLength) };
  },
  cancel: () => reader.cancel(),
});

const KINDS = {
  "a string": [() => TEXT],
  "a Uint8Array": [() => BYTES, BYTES.length],
  "a part of a buffer": [() => new Uint8Array([1, ...BYTES, 2]).subarray(1, -1), BYTES.length],
  "a Buffer": [() => Buffer.from(TEXT), BYTES.length],
  "a DataView": [() => new DataView(BYTES.slice().buffer), BYTES.length],
  "an ArrayBuffer": [() => BYTES.slice().buffer, BYTES.length],
  "a SharedArrayBuffer": [() => shared(BYTES).buffer, BYTES.length],
  "shared bytes": [() => shared(BYTES), BYTES.length],
  "bytes of another realm": [() => runInNewContext("Uint8Array.from(bytes)", { bytes: [...BYTES] }), BYTES.length],
  "a buffer of another realm": [() => runInNewContext("Uint8Array.from(bytes).buffer", { bytes: [...BYTES] }), BYTES.length],
  "a DataView of another realm": [() => inRealm("new DataView(Uint8Array.from(bytes).buffer)"), BYTES.length],
  "shared bytes of another realm": [() => inRealm("{ const all = new Uint8Array(new SharedArrayBuffer(bytes.length)); all.set(bytes); all.buffer }"), BYTES.length],
  "a buffer of another realm with another toStringTag": [
    () => inRealm("Object.defineProperty(Uint8Array.from(bytes).buffer, Symbol.toStringTag, { value: 'Other' })"),
    BYTES.length,
  ],
  "an iterable of bytes of another realm": [() => inRealm("(function* () { for (const byte of bytes) yield Uint8Array.of(byte); })()")],
  "an async iterable of buffers of another realm": [() => inRealm("(async function* () { for (const byte of bytes) yield Uint8Array.of(byte).buffer; })()")],
  "a stream of bytes of another realm": [() => stream([inRealm("Uint8Array.from(bytes)")])],
  "a Blob of another realm": [
    () => inRealm("({ size: bytes.length, slice: (from, to) => ({ arrayBuffer: async () => Uint8Array.from(bytes).buffer.slice(from, to) }), arrayBuffer() {} })"),
    BYTES.length,
  ],
  "a Blob whose stream is of another realm": [
    () => {
      const blob = new Blob([BYTES]);
      const stream = () => ({ getReader: () => readerOf(blob.stream().getReader({ mode: "byob" })) });
      return { size: blob.size, slice: () => {}, arrayBuffer() {}, stream };
    },
    BYTES.length,
  ],
  "a Blob": [() => new Blob([BYTES]), BYTES.length],
  "a File": [() => new File([BYTES], "samples.json"), BYTES.length],
  "a Response": [() => new Response(TEXT)],
  "a Response with its length": [() => new Response(TEXT, { headers: { "content-length": `${BYTES.length}` } }), BYTES.length],
  "a Response that was compressed": [() => new Response(TEXT, { headers: { "content-length": "20", "content-encoding": "br" } })],
  "a Response with a wrong length": [() => new Response(TEXT, { headers: { "content-length": "7" } })],
  "a Response over Node's streams": [() => responseOf(later([Buffer.from(TEXT)]))],
  "a stream of bytes": [() => stream([BYTES])],
  "a stream of single bytes": [() => stream(cut(BYTES, 1))],
  "a stream of buffers": [() => stream([BYTES.slice().buffer])],
  "a stream of strings": [() => stream([TEXT.slice(0, 23), TEXT.slice(23)])],
  "an async iterable of bytes": [() => later(cut(BYTES, 5))],
  "an iterable of bytes": [() => cut(BYTES, 5)],
  "an iterable of strings": [() => later(TEXT)],
  "strings that split a character": [() => later(TEXT.split(""))],
};
for (const [name, [input, total]] of Object.entries(KINDS)) {
  test(`${name} is read byte for byte`, async () => {
    const { source, bytes } = await read(input());
    assert.deepEqual(bytes, Buffer.from(BYTES));
    assert.equal(source.packed, false);
    assert.equal(source.bytesRead, BYTES.length);
    assert.equal(source.bytesTotal, total);
  });
}

test("a file stream of Node is read, with an encoding and without", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "humansync-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "samples.json"), BYTES);
  for (const options of [{}, { encoding: "utf8", highWaterMark: 1 }]) {
    const { bytes } = await read(createReadStream(join(folder, "samples.json"), options));
    assert.deepEqual(bytes, Buffer.from(BYTES));
  }
});

const EMPTY = { "a text": "", "a Blob": new Blob([]), bytes: new Uint8Array(0), "a Response": new Response(null), "a stream": stream([]) };
for (const [name, input] of Object.entries(EMPTY)) {
  test(`${name} without content ends at once`, async () => {
    assert.equal((await read(input)).bytes.length, 0);
  });
}

test("pieces have at most 1 MiB, and a character is never split into two wrong ones", async () => {
  const bytes = new Uint8Array(2.5 * MIB).map((_, index) => 32 + (index % 64));
  for (const input of [bytes, new Blob([bytes]), stream([bytes]), later([bytes]), new Response(bytes)]) {
    const all = await read(input);
    assert.ok(all.pieces.every(({ length }) => length <= MIB));
    assert.ok(all.pieces.length >= 3);
    assert.deepEqual(all.bytes, Buffer.from(bytes));
  }
  for (const text of ["👟".repeat(700_000), `x${"👟".repeat(700_000)}`, "ä".repeat(1_000_001)]) {
    const all = await read(text);
    assert.ok(all.pieces.every(({ length }) => length <= MIB));
    assert.equal(all.bytes.toString(), text);
  }
});

const WRONG = {
  undefined: [undefined, /is undefined$/],
  null: [null, /is null$/],
  "a number": [14, /is number$/],
  "an object": [{ data: [] }, /an iterable of samples.* an object that is none of these$/],
  "a promise": [Promise.resolve([]), /a promise; await it first$/],
  "a request": [new Request("http://localhost/"), /an object that is none of these$/],
  "a list of files": [[new File(["x"], "x")], /a list of files/],
  "a failed Response": [new Response("<h1>No</h1>", { status: 404 }), /status 404/],
  "a Response that hides everything": [responseOf(null, { ok: false, status: 0 }), /status 0/],
  "a Response with an odd body": [responseOf(5), /cannot be read as a stream/],
  "bytes and then objects": [later([BYTES, { device_name: "a" }]), /bytes at first, and then an object/],
  "bytes and then nothing": [later([BYTES, undefined, BYTES]), /bytes at first, and then undefined/],
  "bytes and then null": [stream([BYTES, null]), /bytes at first, and then null/],
  "bytes and then an array": [later([BYTES, [1, 2]]), /bytes at first, and then an array/],
  "bytes and then a Blob": [later([BYTES, new Blob([BYTES])]), /bytes at first, and then a Blob/],
  "a Blob that returns no bytes": [blobOf(() => undefined), /gave null where bytes were expected/],
  "a Blob that returns a string": [blobOf(() => "text"), /gave string where bytes were expected/],
  "a Blob that returns fewer bytes than it has": [blobOf(() => BYTES.slice(1).buffer), /a Blob of \d+ bytes, and gave \d+: it was changed or cut off/],
  "an object that pretends to be a buffer": [{ get [Symbol.toStringTag]() { return "ArrayBuffer"; } }, /an object that is none of these/],
};
for (const [name, [input, message]] of Object.entries(WRONG)) {
  test(`${name} is an OptionError`, () => assertOptionError(input, message));
}

test("a source that is used, locked or detached is an OptionError", async () => {
  const used = new Response(TEXT);
  await used.text();
  await assertOptionError(used, /already used/);
  const locked = stream([BYTES]);
  locked.getReader();
  await assertOptionError(locked, /locked/);
  await assertOptionError(responseOf(locked), /already used/);
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  await assertOptionError(bytes, /detached/);
});

for (const [what, change] of [
  ["transferred", (bytes) => structuredClone(bytes.buffer, { transfer: [bytes.buffer] })],
  ["made shorter", (bytes) => bytes.buffer.resize(MIB)],
]) {
  test(`bytes that are ${what} while they are read are an OptionError, and not a shorter source`, async () => {
    for (const source of [(bytes) => bytes, (bytes) => stream([bytes])]) {
      const bytes = new Uint8Array(new ArrayBuffer(3 * MIB, { maxByteLength: 4 * MIB }));
      const reader = openSource(source(bytes));
      assert.equal((await reader.next()).length, MIB);
      change(bytes);
      await assert.rejects(reader.next(), { name: "OptionError", option: "source", message: /while it was read/ });
    }
  });
}

test("a view of a buffer that has become too short for it is an OptionError, and not an empty piece", async () => {
  for (const viewOf of [(buffer) => new Uint8Array(buffer, 4, 4), (buffer) => new Uint16Array(buffer, 4), (buffer) => new DataView(buffer, 4)]) {
    const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
    const view = viewOf(buffer);
    buffer.resize(2);
    await assertOptionError(later([BYTES, view]), /too short/);
  }
});

test("a long text full of halves of characters is read in a time that grows with its length", { timeout: 30_000 }, async () => {
  const reader = openSource("\ud800".repeat(1_000_000));
  let length = 0;
  for (let piece; (piece = await reader.next()) !== undefined; ) length += piece.length;
  assert.equal(length, 1_000_000);
});

test("a Blob whose file has changed, or is gone, is an OptionError that says so", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "humansync-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "samples.json");
  writeFileSync(file, BYTES);
  const changed = await openAsBlob(file);
  writeFileSync(file, `${TEXT} `);
  const reason = new DOMException("gone", "NotFoundError");
  const gone = { [Symbol.toStringTag]: "Blob", size: 5, slice: () => gone, arrayBuffer: () => Promise.reject(reason) };
  for (const input of [changed, gone]) {
    await assertOptionError(input, /a Blob of \d+ bytes that cannot be read any more: its file was changed, moved or deleted/);
  }
  assert.equal((await errorOf(gone)).cause, reason);
});

test("a source's own error is passed on unchanged, whatever it is, and a source that failed is not cancelled", async () => {
  for (const reason of [new Error("the disk is gone"), "a text", undefined]) {
    const fails = async function* () {
      yield BYTES;
      throw reason;
    };
    const broken = { [Symbol.iterator]: () => ({ next: () => thrown(reason), return: () => assert.fail("it failed by itself") }) };
    const blob = { size: 5, slice: () => blob, arrayBuffer: () => Promise.reject(reason) };
    const failing = new ReadableStream({ pull: (controller) => controller.error(reason) });
    for (const input of [fails(), broken, blob, failing, responseOf(fails())]) {
      assert.equal(await read(input).then(assert.fail, (error) => error), reason);
    }
    assert.equal(failing.locked, false);
  }
});

function thrown(reason) {
  throw reason;
}

test("a getter or an iterator that throws ends the reading, and the iterator is closed", async () => {
  const reason = new Error("mine");
  let stopped = 0;
  function* samples() {
    try {
      yield { device_name: "a" };
      yield Object.defineProperty({}, "value", { get: () => thrown(reason) });
    } finally {
      stopped++;
    }
  }
  assert.equal(await errorOf(samples()), reason);
  assert.equal(stopped, 1);
});

/** Cancels while `next` is pending, and returns the outcome. */
async function cancelled(input) {
  const source = openSource(input);
  const waiting = source.next().catch((error) => error);
  await settled();
  source.cancel();
  source.cancel();
  await settled();
  return waiting;
}

test("every kind of source is cancelled, also while a read is pending", async () => {
  const cancelledSources = [];
  const never = new Promise(() => {});
  const iterator = (name) => ({ next: () => never, return: () => cancelledSources.push(name) });
  cancelled({ [Symbol.asyncIterator]: () => iterator("iterable") });
  await cancelled(new ReadableStream({ cancel: () => cancelledSources.push("stream") }));
  await cancelled(new Response(new ReadableStream({ cancel: () => cancelledSources.push("response") })));
  cancelled({ pipe() {}, destroy: () => cancelledSources.push("Node's stream"), [Symbol.asyncIterator]: () => ({ next: () => never }) });
  cancelled({ [Symbol.asyncIterator]: () => ({ next: () => never, return: () => thrown(cancelledSources.push("one that fails")) }) });
  cancelled({ [Symbol.asyncIterator]: () => ({ next: () => never, return: () => Promise.reject(cancelledSources.push("another")) }) });
  await settled();
  assert.deepEqual(cancelledSources.sort(), ["Node's stream", "another", "iterable", "one that fails", "response", "stream"]);
});

test("a source that was cancelled before it was read ends at once", async () => {
  let isCancelled;
  const bytes = new ReadableStream({ cancel: () => (isCancelled = true) });
  for (const input of [bytes, TEXT, BYTES, new Blob([BYTES])]) {
    const source = openSource(input);
    source.cancel();
    assert.equal(await source.next(), undefined);
  }
  assert.equal(isCancelled, true);
  const objects = openSource({ [Symbol.iterator]: () => assert.fail("nobody reads it") });
  objects.cancel();
  await objects.next();
  assert.equal(await objects.next(), undefined);
});

test("a generator of objects is closed once if it is abandoned, and not at all if it has ended", async () => {
  let returned = 0;
  const of = (items) => {
    const iterator = items[Symbol.iterator]();
    return { [Symbol.iterator]: () => ({ next: () => iterator.next(), return: () => ((returned += 1), {}) }) };
  };
  await read(of([{}, {}]));
  assert.equal(returned, 0);
  const source = openSource(of(Array.from({ length: 10_000 }, () => ({}))));
  await source.next();
  source.cancel();
  source.cancel();
  assert.equal(returned, 1);
});

test("the event loop gets a turn after every 50 ms of work", async (t) => {
  const time = virtualTime(t);
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  /** Reads to the end, where every piece takes `cost` milliseconds. */
  const turnsOf = async (input, cost) => {
    const source = openSource(input);
    const before = turns;
    while ((await source.next()) !== undefined) t.mock.timers.tick(cost);
    return turns - before;
  };
  const bytes = new Uint8Array(100 * MIB);
  assert.equal(await turnsOf(bytes, 0), 0);
  const paced = await turnsOf(bytes, 10);
  assert.ok(paced >= 19 && paced <= 21, `${paced} turns in a second`);
  // With a slow iterator, the event loop gets its turn in the middle of a piece.
  function* slow() {
    for (let index = 0; index < 1000; index++) {
      t.mock.timers.tick(1);
      yield { device_name: "a" };
    }
  }
  const slowly = await turnsOf(slow(), 0);
  assert.ok(slowly >= 9 && slowly <= 20, `${slowly} turns in a second`);
  isOver = true;
  await time.pass(0);
});
