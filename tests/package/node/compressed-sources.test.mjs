// Compressed sources, through the whole package: gzip files, and zip archives that contain an export from Apple Health.
// A damaged file is an error that says so, and nothing of it is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { archive } from "../../../examples/node/apple-health/archive.mjs";
import { endpoint, uploaderTo } from "../upload/support/endpoint.mjs";
import { expected } from "../upload/support/oracle.mjs";
import { appleExport, asExported, csv, ndjson, random, samples } from "../upload/support/samples.mjs";
import { failure } from "./support/outcome.mjs";
import { cut, later, shared, stream } from "./support/reading.mjs";

const list = samples(300);
const FORMATS = { ndjson, csv, json: (list) => JSON.stringify(list), "apple-health": appleExport };
const OTHER = `<?xml version="1.0"?>\n<ClinicalDocument>${"x".repeat(5000)}</ClinicalDocument>`;

/** A zip archive with entries of names and texts. */
async function zip(...entries) {
  const parts = [];
  for await (const part of archive(entries.map(([name, text]) => [name, [Buffer.from(text)]]))) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

const gzip = (text) => new Uint8Array(gzipSync(text));

/** The outcome of an upload of `source`: its samples in the order in which they arrived, or its error. */
async function sent(source, options) {
  const fetch = endpoint();
  try {
    const report = await uploaderTo(fetch, { concurrency: 1 }).upload("steps", source, options);
    return { report, batches: fetch.accepted };
  } catch (error) {
    assert.deepEqual(fetch.posts, [], "something was sent of what ended with an error");
    return { error };
  }
}

async function assertWhole(source, list, options) {
  const { report, batches } = await sent(source, options);
  assert.deepEqual(batches, expected(list).batches);
  assert.equal(report.rejectedCount, 0);
}

async function assertDamaged(source, message, options) {
  const { error } = await sent(source, options);
  assert.equal(error?.name, "OptionError");
  assert.equal(error.option, "source");
  assert.match(error.message, message);
  assert.ok(error.report.sent === 0 && error.report.read === error.report.failed + error.report.rejectedCount);
}

test("gzip is decompressed, wherever it is cut into chunks", async () => {
  for (const [format, write] of Object.entries(FORMATS)) {
    const packed = gzip(write(list));
    for (const give of [(all) => all, (all) => new Blob([all]), (all) => stream(cut(all, 1000)), (all) => cut(all, 1), (all) => later([all]), shared]) {
      await assertWhole(give(packed), format === "apple-health" ? list.map(asExported) : list);
    }
  }
});

test("the members of a gzip file are one text", async () => {
  const text = ndjson(list);
  const [one, two] = [text.slice(0, 1000), text.slice(1000)];
  await assertWhole(Buffer.concat([gzip(one), gzip(""), gzip(two), Buffer.alloc(512)]), list);
  await assertDamaged(Buffer.concat([gzip(text), Buffer.from("x")]), /damaged gzip/);
});

test("nothing is sent of a gzip file that is truncated", async () => {
  for (const write of Object.values(FORMATS)) {
    const packed = gzip(write(list));
    for (const length of [11, packed.length / 2, packed.length - 8, packed.length - 1]) {
      await assertDamaged(new Blob([packed.subarray(0, length)]), /gzip file that is cut off; nothing of it is sent/);
    }
  }
});

test("an export is found in an archive, wherever it is and wherever the archive is cut into chunks", async () => {
  const archives = [
    await zip(["a/export.xml", appleExport(list)]),
    await zip(["a/other.xml", OTHER], ["a/route.gpx", "<gpx/>"], ["a/Экспорт.xml", appleExport(list)], ["a/b.csv", "x".repeat(9999)]),
    await zip(["a/export.xml", appleExport(list)], ["a/export copy.xml", appleExport(samples(9))]),
  ];
  for (const packed of archives) {
    for (const source of [packed, new Blob([packed]), stream(cut(packed, 777)), later(cut(packed, 50_000)), cut(packed, 1)]) {
      await assertWhole(source, list.map(asExported));
    }
  }
});

test("nothing is sent of an archive that is truncated", async () => {
  const packed = await zip(["a/export.xml", appleExport(list)], ["a/route.gpx", "<gpx/>"]);
  for (const length of [5, 200, packed.length / 2, packed.length - 30, packed.length - 1]) {
    await assertDamaged(packed.subarray(0, length), /zip archive that is cut off.*nothing of it is sent/);
  }
});

test("an archive without an export, or for another format, is an error that says so", async () => {
  await assertDamaged(await zip(["a.xml", OTHER], ["b", "b"]), /without an Apple Health export.*there are 2 files/);
  await assertDamaged(await zip(["a", "a"]), /there is 1 file in it/);
  await assertDamaged(await zip(["a.xml", appleExport(list)]), /only an Apple Health export.*"csv"/, { format: "csv" });
});

test("bytes that are not text are an error that says so", async () => {
  await assertDamaged(Buffer.from([0x89, 0x50, 0x4e, 0]), /neither a text nor a gzip file nor a zip archive/);
  await assertDamaged(Buffer.from("\uFEFF[]", "utf16le"), /UTF-16.*UTF-8/);
  await assertDamaged(Buffer.from("\uFEFF[]", "utf16le").swap16(), /UTF-16/);
  await assertDamaged(cut(Buffer.from("\uFEFF[]", "utf16le"), 1), /UTF-16/);
  await assertDamaged(gzip(Buffer.from("\uFEFF[]", "utf16le")), /UTF-16/);
});

test("a source that fails in the middle of an archive rejects with its own error", async () => {
  const reason = new Error("the disk is gone");
  const packed = await zip(["a.xml", appleExport(list)]);
  async function* failing() {
    yield packed.subarray(0, packed.length / 2);
    throw reason;
  }
  assert.equal(await failure(() => uploaderTo(endpoint()).upload("steps", failing())), reason);
});

test("with one bit flipped there is an error, or the same result as without", async () => {
  const chance = random(15);
  const few = samples(12);
  const sources = [
    gzip(ndjson(few)),
    gzip(csv(few)),
    Buffer.concat([gzip(ndjson(few)), gzip(ndjson(samples(6, { first: 20 })))]),
    await zip(["a/other.xml", OTHER], ["a/export.xml", appleExport(few)], ["a/r.gpx", "<gpx/>"]),
  ];
  const counts = { errors: 0, same: 0 };
  for (const source of sources) {
    const whole = await sent(source);
    assert.ok(whole.report.sent > 0);
    for (let times = 0; times < 150; times++) {
      const damaged = Uint8Array.from(source);
      const place = Math.floor(chance() * source.length);
      damaged[place] ^= 1 << Math.floor(chance() * 8);
      const { error, batches } = await sent(damaged);
      if (error === undefined) {
        counts.same++;
        assert.deepEqual(batches, whole.batches, `byte ${place} of ${source.length}`);
      } else {
        counts.errors++;
        assert.match(error.message, /damaged|cut off|encrypted|not supported|neither a text/, `byte ${place} of ${source.length}`);
      }
    }
  }
  assert.ok(counts.errors > 300 && counts.same > 0, JSON.stringify(counts));
});

test("ten megabytes of blanks in an archive, and a hundred in gzip, do not block the event loop", { timeout: 60_000 }, async (t) => {
  let turns = 0;
  const counting = setInterval(() => turns++);
  t.after(() => clearInterval(counting));
  const packed = await zip(["a.xml", " ".repeat(10_000_000)], ["b.xml", appleExport(list)]);
  assert.ok(packed.length < 100_000, `${packed.length} bytes`);
  await assertWhole(packed, list.map(asExported));
  const long = gzip(Buffer.concat([Buffer.alloc(100_000_000, "\n"), Buffer.from(ndjson(list))]));
  turns = 0;
  await assertWhole(long, list);
  assert.ok(turns > 0, "no turn while 100 MB were unpacked");
});
