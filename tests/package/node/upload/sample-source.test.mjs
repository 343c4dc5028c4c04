// Every kind of source in every format: all give the same samples.

import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { endpoint, uploaderTo } from "../../upload/support/endpoint.mjs";
import { expected } from "../../upload/support/oracle.mjs";
import { assertReport, progressKept } from "../../upload/support/reports.mjs";
import {
  APPLE_HEAD,
  APPLE_TAIL,
  appleExport,
  asExported,
  csv,
  ndjson,
  otherRecord,
  random,
  samples,
} from "../../upload/support/samples.mjs";
import { failure } from "../support/outcome.mjs";

const folder = mkdtempSync(join(tmpdir(), "humansync-sources-"));
after(() => rmSync(folder, { recursive: true }));

// Names that are not ASCII in any encoding.
const list = [
  ...samples(40, { device_name: "Zoë's ⌚ 👟" }),
  ...samples(30, { first: 20, device_name: 'a "quoted", name & <more>', device_version: "9" }),
];
const bytes = (text) => new TextEncoder().encode(text);

/** Cuts bytes into pieces of this size. */
function* pieces(text, size) {
  const all = bytes(text);
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** A text as every kind of source that can hold it. */
const BYTES = {
  "a string": (text) => text,
  "a Uint8Array": bytes,
  "a part of a larger buffer": (text) => bytes(`xxxxx${text}yyyyy`).subarray(5, -5),
  "an ArrayBuffer": (text) => bytes(text).buffer,
  "a DataView": (text) => new DataView(bytes(text).buffer),
  "a Uint8Array of another realm": (text) => runInNewContext("new Uint8Array(list)", { list: [...bytes(text)] }),
  "a Blob": (text) => new Blob([text]),
  "a Response": (text) => new Response(text),
  "a ReadableStream": (text) => ReadableStream.from(pieces(text, 100)),
  "a generator of pieces": (text) => pieces(text, 33),
  "an array of pieces": (text) => [...pieces(text, 1000)],
  "an async generator of pieces": async function* (text) {
    yield* pieces(text, 57);
  },
  "a Readable of Node": (text) => Readable.from(pieces(text, 71)),
  "a Readable of Node that gives texts": (text) => Readable.from(Array.from(text.matchAll(/[^]{1,50}/g), ([piece]) => piece)),
  "a file stream": (text) => {
    writeFileSync(join(folder, "stream"), text);
    return createReadStream(join(folder, "stream"), { highWaterMark: 97 });
  },
  "a file as a Blob": async (text) => {
    writeFileSync(join(folder, "blob"), text);
    return openAsBlob(join(folder, "blob"));
  },
  "a gzip file": (text) => new Uint8Array(gzipSync(text)),
};
const OBJECTS = {
  "an array": (list) => list,
  "a Set": (list) => new Set(list),
  "a generator": function* (list) {
    yield* list;
  },
  "an async generator": async function* (list) {
    yield* list;
  },
  "a ReadableStream of objects": (list) => ReadableStream.from(list),
  "a Readable of objects": (list) => Readable.from(list),
};
const FORMATS = {
  json: (list) => JSON.stringify(list, undefined, 1),
  "json with `data`": (list) => JSON.stringify({ data_type: "steps", data: list }),
  ndjson,
  "ndjson with CRLF and no last line end": (list) => ndjson(list).replaceAll("\n", "\r\n").trimEnd(),
  csv,
  "apple-health": appleExport,
};

/** Uploads a source, and asserts that exactly the samples expected of `list` arrive. */
async function assertSent(source, list, options) {
  const fetch = endpoint();
  const progress = progressKept();
  const report = await uploaderTo(fetch, { concurrency: 1 }).upload("steps", source, {
    onProgress: progress.onProgress,
    ...options,
  });
  const wanted = expected(list);
  assert.deepEqual(fetch.accepted, wanted.batches);
  assertReport(report, {
    read: list.length,
    sent: wanted.sent,
    held: wanted.held,
    duplicates: wanted.duplicates,
    requests: wanted.batches.length,
  });
  progress.assertEnded(report);
  return progress.events.at(-1);
}

for (const [kind, give] of Object.entries(BYTES)) {
  for (const [format, write] of Object.entries(FORMATS)) {
    test(`${kind}: ${format}`, async () => {
      const text = write(list);
      const last = await assertSent(await give(text), format === "apple-health" ? list.map(asExported) : list);
      if (last.bytesTotal !== undefined) assert.equal(last.bytesRead, last.bytesTotal);
      if (kind !== "a gzip file") assert.equal(last.bytesRead, bytes(text).length);
    });
  }
}

for (const [kind, give] of Object.entries(OBJECTS)) {
  test(`${kind} of samples`, async () => {
    const { bytesRead, bytesTotal } = await assertSent(give(list), list);
    assert.deepEqual([bytesRead, bytesTotal], [0, undefined]);
  });
}

test("a format that is given counts for more than how the source begins", async () => {
  await assertSent(ndjson(list), list, { format: "ndjson" });
  await assertSent(csv(list), list, { format: "csv" });
  const report = await uploaderTo(endpoint()).upload("steps", ndjson(list), { format: "csv" });
  assertReport(report, { read: 1, rejectedCount: 1 });
  assert.equal(report.rejected[0].code, "syntax");
});

test("a byte order mark, empty lines and white space are ignored", async () => {
  for (const write of [ndjson, csv, (list) => JSON.stringify(list), appleExport]) {
    const plain = write(list);
    const wanted = write === appleExport ? list.map(asExported) : list;
    await assertSent(`\ufeff${plain}`, wanted);
    await assertSent(`${plain}\n\n`, wanted);
  }
  await assertSent(`\n\n${ndjson(list).replaceAll("\n", "\n\n")}`, list, { format: "ndjson" });
});

test("pieces may be cut anywhere, even within a character", async () => {
  const few = list.slice(38, 45);
  for (const [format, write] of Object.entries(FORMATS)) {
    const wanted = format === "apple-health" ? few.map(asExported) : few;
    for (const size of [1, 2, 3, 5, 7, 64]) await assertSent(pieces(write(few), size), wanted);
  }
});

test("columns of CSV come in any order, and an empty cell is an absent field", async () => {
  const some = list
    .slice(0, 5)
    .map(({ device_version: _, end_date, ...sample }, index) => (index % 2 ? { ...sample, end_date } : sample));
  const rows = some.map(
    ({ value, unit, start_date, end_date = "", device_name }) => `${value};"${unit}";${start_date};${end_date};;"${device_name}"`,
  );
  await assertSent(["value;unit;start_date;end_date;device_version;device_name", ...rows].join("\n"), some);
});

test("a source that can be read only once is refused the second time, and nothing is lost in silence", async () => {
  const text = ndjson(list);
  const once = {
    "a Readable of Node": () => Readable.from(pieces(text, 71)),
    "a ReadableStream": () => ReadableStream.from(pieces(text, 100)),
    "a generator": () => pieces(text, 33),
    "an async generator": async function* () {
      yield* list;
    },
  };
  for (const [kind, make] of Object.entries(once)) {
    const source = make();
    const uploader = uploaderTo(endpoint());
    assert.equal((await uploader.plan("steps", source)).samples, 70, kind);
    const error = await failure(async () => uploader.upload("steps", source));
    assert.equal(error.option, "source", kind);
    assert.match(error.message, /only once/, kind);
  }
  for (const again of [list, new Set(list), [text], new Blob([text])]) {
    const uploader = uploaderTo(endpoint());
    await uploader.plan("steps", again);
    assert.equal((await uploader.upload("steps", again)).read, 70);
  }
});

test("a sample with a text that nobody could send is rejected, and the others are not", async () => {
  const long = "漢".repeat(2 ** 20 + 1);
  const odd = ["device_name", "device_version", "start_date", "end_date", "unit", "value", long].map((field) => ({ ...list[3], [field]: long }));
  for (const given of odd) {
    const plan = await uploaderTo(endpoint()).plan("steps", [...list.slice(0, 3), given, ...list.slice(4)]);
    assert.deepEqual([plan.samples, plan.rejectedCount, plan.rejected[0].index], [69, 1, 3]);
    assert.match(plan.rejected[0].message, /longer than 1 MiB/);
  }
});

test("lines without their breaks are reported", async () => {
  const lines = csv(list).trimEnd().split(/\r?\n/);
  for (const format of [undefined, "csv"]) {
    const plan = await uploaderTo(endpoint()).plan("steps", lines, { format });
    assert.deepEqual([plan.samples, plan.rejectedCount], [0, 1]);
    assert.match(plan.rejected[0].message, /line break/);
  }
});

test("an empty source has no samples", async () => {
  for (const source of ["", [], new Uint8Array(0), new Blob([]), new Response(""), "[]", '{"data":[]}', new Response(null)]) {
    const fetch = endpoint();
    assertReport(await uploaderTo(fetch).upload("steps", source), {});
    assert.deepEqual(fetch.posts, []);
  }
});

test("Date and milliseconds are sent in UTC", async () => {
  const at = Date.UTC(2024, 1, 29, 23, 59, 59, 500);
  const datedSamples = [0, 1, 2].map((index) => ({
    device_name: "Strap",
    start_date: new Date(at + index),
    end_date: at + index + 0.5,
    unit: "count/min",
    value: 61.5,
  }));
  const fetch = endpoint();
  await uploaderTo(fetch).upload("bpm", datedSamples);
  assert.deepEqual(
    fetch.accepted[0].map(({ start_date, end_date }) => [start_date, end_date]),
    [
      ["2024-02-29T23:59:59.500Z", "2024-02-29T23:59:59.500500Z"],
      ["2024-02-29T23:59:59.501Z", "2024-02-29T23:59:59.501500Z"],
      ["2024-02-29T23:59:59.502Z", "2024-02-29T23:59:59.502500Z"],
    ],
  );
});

test("the type in a document must be the one of the call", async () => {
  for (const text of [JSON.stringify({ data_type: "bpm", data: list }), JSON.stringify({ data: list, data_type: "bpm" })]) {
    const fetch = endpoint();
    const error = await failure(() => uploaderTo(fetch).upload("steps", text));
    assert.deepEqual([error.name, error.option], ["OptionError", "type"]);
    assert.deepEqual(fetch.posts, []);
    assertReport(error.report, { read: list.length, failed: list.length });
  }
});

for (const [what, source] of [
  [
    "a generator",
    function* () {
      yield* samples(5);
      throw new Error("the disk is gone");
    },
  ],
  [
    "an async generator",
    async function* () {
      yield* samples(5);
      throw new Error("the disk is gone");
    },
  ],
  [
    "a stream",
    () =>
      ReadableStream.from(
        (function* () {
          yield bytes(ndjson(samples(5)));
          throw new Error("the disk is gone");
        })(),
      ),
  ],
  [
    "a stream of Node",
    () =>
      Readable.from(
        (function* () {
          yield bytes(ndjson(samples(5)));
          throw new Error("the disk is gone");
        })(),
      ),
  ],
  [
    "an object with a getter",
    () => [
      ...samples(5),
      {
        get device_name() {
          throw new Error("the disk is gone");
        },
      },
    ],
  ],
]) {
  test(`an upload rejects with what ${what} throws, and sends nothing`, async () => {
    const fetch = endpoint();
    const error = await failure(() => uploaderTo(fetch).upload("steps", source()));
    assert.equal(error.message, "the disk is gone");
    assert.equal("report" in error, false);
    assert.deepEqual(fetch.posts, []);
  });
}

test("a source is cancelled when an upload ends early", async () => {
  let released = 0;
  const endless = function* () {
    try {
      for (let number = 0; ; number++) yield { ...samples(1)[0], start_date: number };
    } finally {
      released++;
    }
  };
  const endlessBytes = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(bytes(ndjson(samples(100)))),
      cancel: () => void released++,
    });
  for (const source of [endless, endlessBytes]) {
    let calls = 0;
    const enough = new Error("enough");
    const onProgress = () => {
      if (++calls === 3) throw enough;
    };
    assert.equal(await failure(() => uploaderTo(endpoint()).upload("steps", source(), { onProgress })), enough);
  }
  assert.equal(released, 2);
});

test("a long source does not block the event loop", async () => {
  // None of these records is a sample. Two other tasks must each get a turn before the end.
  const piece = bytes(Array.from({ length: 1000 }, (_, number) => otherRecord(number)).join(""));
  let turns = 0;
  const count = () => ++turns < 2 && setImmediate(count);
  let pieces = 0;
  const source = function* () {
    yield bytes(APPLE_HEAD);
    setImmediate(count);
    while (turns < 2 && pieces++ < 100_000) yield piece;
    yield bytes(APPLE_TAIL);
  };
  const { rejectedCount } = await uploaderTo(endpoint()).plan("steps", source());
  assert.deepEqual([turns, rejectedCount], [2, 0]);
});

test("random sources that overlap give the expected reports", async () => {
  const chance = random(7);
  for (let round = 0; round < 40; round++) {
    const most = 3 + Math.floor(chance() * 30);
    const source = Array.from(
      { length: Math.floor(chance() * 120) },
      () =>
        samples(1, {
          first: Math.floor(chance() * 60),
          device_name: chance() < 0.5 ? "a" : "b",
          device_version: chance() < 0.2 ? "2" : "1",
        })[0],
    );
    const wanted = expected(source, most);
    const fetch = endpoint();
    const report = await uploaderTo(fetch, { batchSize: most, concurrency: 1 }).upload(
      "steps",
      round % 2 ? source : ndjson(source),
    );
    assert.deepEqual(fetch.accepted, wanted.batches);
    assertReport(report, { read: source.length, sent: wanted.sent, held: wanted.held, duplicates: wanted.duplicates });
  }
});
