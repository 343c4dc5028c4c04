// Compressed sources, by themselves: gzip files, and archives with an export from Apple Health in them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import { MIB, assertOptionError, cut, errorOf, later, read, shared, stream } from "./support/reading.mjs";
import { settled } from "./support/virtual-time.mjs";

const LINES = Array.from({ length: 30_000 }, (_, index) => `<Record value="${(index * 7919) % 10_007}"/>\n`);
const EXPORT = `<?xml version="1.0"?>\n<HealthData>\n${LINES.join("")}</HealthData>\n`;
const OTHER = `<?xml version="1.0"?>\n<ClinicalDocument>${"x".repeat(5000)}</ClinicalDocument>`;

/** An archive as the reader below knows it: a sign, and frames of a letter, a length and content. */
function archive(...entries) {
  const frame = (letter, content = new Uint8Array(0)) => {
    const head = Buffer.alloc(5, letter);
    head.writeUInt32LE(content.length, 1);
    return Buffer.concat([head, content]);
  };
  const frames = entries.flatMap(({ stored, deflated, damage }) => [
    frame(stored ? "s" : "d"),
    ...Array.from(cut(damage?.(deflated) ?? deflated ?? stored, 10_000), (part) => frame("b", part)),
    frame("e"),
  ]);
  return Buffer.concat([Buffer.from("PK\x03\x04"), ...frames, frame("z")]);
}

/** What Rust's reader of archives tells, of such an archive. */
class Unzipper {
  entries = 0;
  #left = Buffer.alloc(0);
  #at = 4;
  #isSkipping = false;
  #isOver = false;

  feed(bytes) {
    this.#left = Buffer.concat([this.#left, bytes]);
  }

  next() {
    for (;;) {
      const frame = this.#left.subarray(this.#at);
      const size = frame.length < 5 ? Infinity : frame.readUInt32LE(1);
      if (frame.length < 5 + size) return undefined;
      this.#at += 5 + size;
      const letter = String.fromCharCode(frame[0]);
      if (letter === "x") throw "the archive is damaged";
      if (letter === "z") this.#isOver = true;
      if (letter === "s" || letter === "d") {
        this.entries++;
        this.#isSkipping = false;
        return letter === "d";
      }
      if (letter === "e") return null;
      if (letter === "b" && !this.#isSkipping) return Uint8Array.from(frame.subarray(5, 5 + size));
    }
  }

  skip() {
    this.#isSkipping = true;
  }

  finish() {
    if (!this.#isOver) throw "the archive breaks off";
  }

  isExport(head) {
    const text = Buffer.from(head).toString();
    return text.includes("<HealthData") || (text.length > 200 ? false : undefined);
  }
}

const deflated = (text) => ({ deflated: deflateRawSync(text) });
const stored = (text) => ({ stored: Buffer.from(text) });

/** Whether the first `least` bytes are those of the export; damaged ones may still look like something. */
const isIntact = (bytes, least) => bytes.length >= least && EXPORT.startsWith(bytes.toString("latin1", 0, least));

/** All that can be inflated of something that breaks off. */
const BROKEN_OFF = { finishFlush: constants.Z_SYNC_FLUSH };

test("gzip is inflated, however it is cut", async () => {
  const gzip = gzipSync(EXPORT);
  for (const given of [gzip, new Blob([gzip]), stream(cut(gzip, 1000)), cut(gzip, 100), later([gzip]), shared(gzip)]) {
    const { source, bytes } = await read(given);
    assert.equal(bytes.toString(), EXPORT);
    assert.equal(source.format, undefined);
    assert.equal(source.brokenOff, false);
    assert.equal(source.bytesRead, gzip.length);
  }
});

test("what breaks off is inflated to its last byte", async () => {
  for (const share of [0.001, 0.2, 0.5, 0.9, 0.999]) {
    const gzip = gzipSync(EXPORT);
    const given = gzip.subarray(0, Math.max(20, gzip.length * share));
    const { bytes } = await read(given);
    assert.ok(bytes.equals(gunzipSync(given, BROKEN_OFF)), `${share} of a gzip file`);
  }
  for (const share of [0.2, 0.5, 0.9]) {
    const content = deflateRawSync(EXPORT).subarray(0, 105_000 * share);
    const { bytes } = await read(archive({ deflated: content }).subarray(0, -10), undefined, new Unzipper());
    assert.ok(bytes.equals(inflateRawSync(content, BROKEN_OFF)), `${share} of an archive`);
  }
});

test("of a gzip file that breaks off or is damaged comes all that comes before", async () => {
  const gzip = gzipSync(EXPORT);
  for (const [given, least] of [
    [gzip.subarray(0, -1), EXPORT.length],
    [gzip.subarray(0, gzip.length / 2), EXPORT.length / 3],
    [Buffer.concat([gzip.subarray(0, gzip.length / 2), Buffer.alloc(5000, 0xff)]), EXPORT.length / 3],
  ]) {
    const { source, bytes } = await read(new Blob([given]), "ndjson");
    assert.equal(source.brokenOff, true);
    assert.ok(isIntact(bytes, least), `${bytes.length} of ${EXPORT.length}`);
  }
});

const ARCHIVES = {
  "deflated": archive(deflated(EXPORT)),
  "stored": archive(stored(EXPORT)),
  "behind another file": archive(deflated(OTHER), deflated(EXPORT)),
  "behind stored and empty ones": archive(stored(OTHER), stored(""), deflated(""), stored("<a/>"), deflated(EXPORT)),
  "behind a damaged one": archive({ deflated: Buffer.from([0xff, 0xff]) }, deflated(EXPORT)),
  "before another": archive(deflated(EXPORT), deflated(EXPORT)),
};
for (const [name, zip] of Object.entries(ARCHIVES)) {
  test(`an export ${name} is found in an archive, however it is cut`, async () => {
    for (const given of [zip, new Blob([zip]), stream(cut(zip, 777)), later(cut(zip, 50_000))]) {
      const { source, bytes } = await read(given, undefined, new Unzipper());
      assert.ok(bytes.toString() === EXPORT);
      assert.equal(source.format, "apple-health");
      assert.equal(source.brokenOff, false);
    }
  });
}

test("behind the export nothing of an archive is read, and its source is told so", async () => {
  const zip = archive(deflated(EXPORT), stored("x".repeat(5 * MIB)));
  let told = 0;
  const { source } = await read(stream(cut(zip, 10_000), { cancel: () => told++ }), "apple-health", new Unzipper());
  assert.ok(source.bytesRead < MIB);
  await settled();
  assert.equal(told, 1);
});

test("of an archive that breaks off or is damaged comes all of the export that comes before", async () => {
  const half = (content) => content.subarray(0, content.length / 2);
  const whole = archive(deflated(EXPORT));
  const threeParts = 4 + 5 + 3 * 10_005;
  for (const given of [
    whole.subarray(0, whole.length * 0.7),
    archive(stored(EXPORT)).subarray(0, EXPORT.length / 2),
    archive({ ...deflated(EXPORT), damage: half }),
    archive({ ...deflated(EXPORT), damage: (content) => Buffer.concat([half(content), Buffer.alloc(5000, 0xff)]) }),
    Buffer.concat([whole.subarray(0, threeParts), Buffer.from("x\0\0\0\0")]),
  ]) {
    const { source, bytes } = await read(new Blob([given]), undefined, new Unzipper());
    assert.equal(source.brokenOff, true);
    assert.ok(isIntact(bytes, EXPORT.length / 4), `${bytes.length} of ${EXPORT.length}`);
  }
});

test("a source that fails in the midst of an archive ends it with its own error", async () => {
  const reason = new Error("the disk is gone");
  const zip = archive(deflated(EXPORT));
  async function* failing() {
    yield zip.subarray(0, zip.length / 2);
    throw reason;
  }
  assert.equal(await errorOf(failing(), undefined, new Unzipper()), reason);
});

test("an archive without an export, or for another format, is an OptionError", async () => {
  await assertOptionError(archive(deflated(OTHER), stored("a")), /without an Apple Health export.*2 files/, undefined, new Unzipper());
  await assertOptionError(archive(stored("a")), /there is 1 file in it/, undefined, new Unzipper());
  await assertOptionError(Buffer.from("PK\x05\x06"), /breaks off/, undefined, new Unzipper());
  await assertOptionError(archive(deflated(OTHER)).subarray(0, -5), /breaks off/, undefined, new Unzipper());
  await assertOptionError(archive(deflated(EXPORT)), /only an Apple Health export.*"csv"/, "csv", new Unzipper());
});

test("an engine that cannot inflate is told of, with those that can", async (t) => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "DecompressionStream");
  t.after(() => Object.defineProperty(globalThis, "DecompressionStream", own));
  for (const missing of [undefined, class { constructor() { throw new TypeError("no such format"); } }]) {
    Object.defineProperty(globalThis, "DecompressionStream", { value: missing, configurable: true });
    await assertOptionError(gzipSync(EXPORT), /cannot inflate.*Chrome.*Firefox.*Safari.*Node/);
    await assertOptionError(archive(deflated(EXPORT)), /cannot inflate/, undefined, new Unzipper());
  }
});
