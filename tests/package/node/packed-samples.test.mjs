// Sample objects in their packed form: which fields are in columns, and how all other values are encoded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { imported } from "./support/installed.mjs";
import { MIB, later, read, stream } from "./support/reading.mjs";

const ROWS = 4096;
const START = "2023-11-01T08:04:51.000+04:00";
const END = "2023-11-01T08:04:58.000+04:00";
const SAMPLE = { device_name: "iPhone", device_version: "17.0.3", start_date: START, end_date: END, value: 14, unit: "count" };
const OTHER_TYPE = Symbol("of another type");

/** Decodes the rows of packed pieces: each is a sample, a list of fields, or what is wrong with the whole object. */
function unpacked(pieces) {
  const kinds = [];
  return pieces.flatMap((piece) => {
    const bytes = Buffer.from(piece);
    const [rows, size] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
    const [kindsAt, lengthsAt, datesAt] = [8 + ROWS * 8, 8 + ROWS * 12, 8 + ROWS * 14];
    let dates = datesAt;
    let rest = datesAt + size;
    const number = () => bytes.readDoubleLE((rest += 8) - 8);
    const text = () => bytes.toString("utf8", (rest += 4), (rest += bytes.readUInt32LE(rest - 4)));
    const field = () => [() => undefined, () => null, text, number, () => OTHER_TYPE][bytes[rest++]]();
    const date = (length) => {
      if (length === 0xfe) return undefined;
      return length === 0xff ? number() : bytes.toString("latin1", dates, (dates += length));
    };
    const all = Array.from({ length: rows }, (_, row) => {
      const kind = bytes.readUInt32LE(kindsAt + row * 4);
      if (kind === 0xffff_ffff) {
        if (bytes[rest] > 4) return ["no object", "no text"][bytes[rest++] - 5];
        return Array.from({ length: 7 }, field);
      }
      kinds[kind] ??= { device_name: field(), device_version: field(), unit: field() };
      const [start_date, end_date] = [0, 1].map((index) => date(bytes[lengthsAt + row * 2 + index]));
      return { ...kinds[kind], start_date, end_date, value: bytes.readDoubleLE(8 + row * 8) };
    });
    assert.equal(dates, datesAt + size);
    assert.equal(rest, bytes.length);
    return all;
  });
}

/** Packs `samples`, and decodes the rows. */
async function packed(samples) {
  const { source, pieces } = await read(samples);
  assert.equal(source.packed, true);
  return unpacked(pieces);
}

class Measured {
  get device_name() {
    return "Ada’s watch";
  }
  get start_date() {
    return START;
  }
  get unit() {
    return "count/min";
  }
  get value() {
    return 61;
  }
}
Measured.prototype.inherited = 5;

test("the usual fields of samples are in columns", async () => {
  const samples = [
    SAMPLE,
    { ...SAMPLE, device_version: undefined, end_date: undefined },
    { ...SAMPLE, device_version: null, end_date: null, extra: undefined },
    { unit: "count/s", value: 0.1, start_date: new Date(1e12), end_date: 1e12 + 0.5, device_name: "👟" },
    { ...SAMPLE, start_date: runInNewContext("new Date(5)"), value: NaN },
    SAMPLE,
    new Measured(),
    { ...SAMPLE, start_date: "yesterday", end_date: "" },
  ];
  assert.deepEqual(
    (await packed(samples)).map((row) => JSON.stringify(row, Object.keys(row).sort())),
    samples.map(({ device_name, device_version, start_date, end_date, unit, value }) => {
      const dates = { start_date: +start_date || start_date, end_date: end_date ?? undefined };
      const row = { device_name, device_version: device_version ?? undefined, ...dates, unit, value };
      return JSON.stringify(row, Object.keys(row).sort());
    }),
  );
});

test("a sample that does not fit into the columns is encoded field by field, in its place", async () => {
  const odd = (more) => ({ ...SAMPLE, ...more });
  const inOrder = { device_name: "iPhone", device_version: "17.0.3", start_date: START, end_date: END, unit: "count", value: 14 };
  const fields = (more) => Object.values({ ...inOrder, unknown: undefined, ...more });
  const ordinary = { device_name: "iPhone", device_version: "17.0.3", unit: "count", start_date: START, end_date: END, value: 14 };
  const long = "2".repeat(300);
  const rows = [
    [SAMPLE, ordinary],
    [{}, Array(7).fill(undefined)],
    [odd({ device_name: "" }), fields({ device_name: "" })],
    [odd({ device_name: 5 }), fields({ device_name: 5 })],
    [odd({ device_name: new String("a") }), fields({ device_name: OTHER_TYPE })],
    [odd({ device_version: "" }), fields({ device_version: "" })],
    [odd({ unit: "counts" }), fields({ unit: "counts" })],
    [odd({ value: "14" }), fields({ value: "14" })],
    [odd({ value: 14n }), fields({ value: OTHER_TYPE })],
    [odd({ value: null }), fields({ value: null })],
    [odd({ value: Symbol() }), fields({ value: OTHER_TYPE })],
    [odd({ start_date: new Date(NaN) }), fields({ start_date: "Invalid Date" })],
    [odd({ start_date: null }), fields({ start_date: null })],
    [odd({ start_date: long }), fields({ start_date: long })],
    [odd({ end_date: () => END }), fields({ end_date: OTHER_TYPE })],
    [odd({ end_date: {} }), fields({ end_date: OTHER_TYPE })],
    [odd({ "a/b": 1 }), fields({ unknown: "a/b" })],
    [odd({ device_name: "\ud83d" }), "no text"],
    [odd({ "\ud83d": 1 }), "no text"],
    [null, "no object"],
    [undefined, "no object"],
    [14, "no object"],
    ["text", "no object"],
    [[SAMPLE], "no object"],
    [() => SAMPLE, "no object"],
    [odd({ start_date: "2023-11-01T08:04:5１Z" }), { ...ordinary, start_date: "?".repeat(20) }],
    [odd({ end_date: "\ud83d" }), { ...ordinary, end_date: "\xff" }],
    [odd({ start_date: "\udc5f" }), { ...ordinary, start_date: "\xff" }],
    [SAMPLE, ordinary],
  ];
  assert.deepEqual(await packed(rows.map(([sample]) => sample)), rows.map(([, expected]) => expected));
});

test("no objects make one piece without rows", async () => {
  for (const samples of [[], later([]), new Set()]) assert.deepEqual(await packed(samples), []);
});

test("many objects are packed in order, whatever kind of source they come from", async () => {
  const more = (index) => ({ value: index, device_version: `${index % 7}`, ...(index % 997 === 0 && { odd: 1 }) });
  const samples = Array.from({ length: 10_000 }, (_, index) => ({ ...SAMPLE, ...more(index) }));
  const expected = samples.map((sample, index) => (index % 997 === 0 ? index : sample));
  for (const source of [samples, new Set(samples), samples.values(), later(samples), stream(samples)]) {
    const rows = (await packed(source)).map((row) => (Array.isArray(row) ? row[5] : row));
    assert.deepEqual(rows, expected);
  }
});

test("long dates and long odd fields make pieces of fewer rows", async () => {
  const dates = { start_date: "x".repeat(64), end_date: "y".repeat(64) };
  const rows = await packed(Array.from({ length: 6000 }, () => ({ ...SAMPLE, ...dates })));
  assert.equal(rows.length, 6000);
  assert.ok(rows.every(({ start_date, end_date }) => start_date === dates.start_date && end_date === dates.end_date));
  const odd = Array.from({ length: 50 }, (_, index) => ({ device_name: `${index}${"ä".repeat(100_000)}` }));
  const { pieces } = await read(odd);
  assert.ok(pieces.every(({ length }) => length < 2 * MIB));
  assert.deepEqual(unpacked(pieces).map(([name]) => name), odd.map(({ device_name }) => device_name));
});

test("each field is read once, when its object is reached", async () => {
  let reads = 0;
  const sample = { ...SAMPLE };
  Object.defineProperty(sample, "value", { enumerable: true, get: () => ++reads });
  function* same() {
    for (const start_date of ["first", "second", "third"]) yield Object.assign(sample, { start_date });
  }
  const rows = await packed(same());
  assert.deepEqual(rows.map(({ start_date, value }) => [start_date, value]), [["first", 1], ["second", 2], ["third", 3]]);
});

// ───────────────────────── objects and JSON have the same outcome ─────────────────────────

const { SampleUploader } = await imported();

/** The outcome of planning an upload of a source. */
function planned(source, format) {
  const uploader = new SampleUploader({ baseUrl: "http://localhost", token: "demo", fetch: () => assert.fail("nothing is sent") });
  return uploader.plan("steps", source, { format });
}

/** The differences from a valid sample, by name. */
const SAME = {
  "a valid sample": {},
  "a sample without the optional fields": { device_version: undefined, end_date: undefined },
  "null in the optional fields": { device_version: null, end_date: null },
  "no name": { device_name: undefined },
  "a name of null": { device_name: null },
  "an empty name": { device_name: "" },
  "a name with half a character": { device_name: "\ud83d" },
  "an empty version": { device_version: "" },
  "a version that is a number": { device_version: 17 },
  "no start": { start_date: undefined },
  "a start of null": { start_date: null },
  "an empty start": { start_date: "" },
  "a start that is not a time": { start_date: "yesterday" },
  "a start with half a character": { start_date: "\ud83d" },
  "a start in other digits": { start_date: "2023-11-01T08:04:5１Z" },
  "a start without an offset": { start_date: "2023-11-01T08:04:51" },
  "a start on a day that does not exist": { start_date: "2023-02-29T08:04:51Z" },
  "a very long start": { start_date: "2".repeat(1000) },
  "a start in milliseconds": { start_date: 1_698_811_491_000 },
  "a start in fractions of milliseconds": { start_date: 1_698_811_491_000.25 },
  "a start beyond all years": { start_date: 1e300 },
  "a start that is true": { start_date: true },
  "an end that is not a time": { end_date: "2023-11-01" },
  "an end before the start": { end_date: "2023-11-01T08:04:49.999+04:00" },
  "an end in milliseconds before the start": { end_date: 5 },
  "an end that is an object": { end_date: {} },
  "no unit": { unit: undefined },
  "another unit": { unit: "steps" },
  "a unit of null": { unit: null },
  "no value": { value: undefined },
  "a value of null": { value: null },
  "a value in quotes": { value: "14" },
  "a value of zero": { value: 0 },
  "a value below zero": { value: -0.5 },
  "a value that is too large": { value: 30_000.5 },
  "a value with a fraction": { value: 0.1 },
  "an unknown field": { "a/b~c": 1 },
  "an unknown field that is misspelt": { deviceName: "a" },
  "two mistakes": { device_name: 5, value: -1 },
};
for (const [name, more] of Object.entries(SAME)) {
  test(`${name} has the same outcome as in JSON`, async () => {
    const good = [14, 15, 16].map((value) => ({ ...SAMPLE, value }));
    const samples = [good[0], { ...SAMPLE, start_date: "2023-11-01T08:04:50+04:00", ...more }, good[1], good[2]];
    const planFromText = await planned(JSON.stringify(samples), "json");
    const plan = await planned(samples);
    for (const rejection of planFromText.rejected) {
      delete rejection.line;
      // The messages differ here, because an object cannot be invalid JSON.
      if (rejection.code === "syntax") rejection.message = plan.rejected[0]?.message;
    }
    assert.ok(planFromText.samples >= 3);
    assert.deepEqual(plan, planFromText);
  });
}

/** Values that JSON cannot represent, with the expected rejection. */
const OBJECTS_ONLY = {
  "a value of NaN": [{ ...SAMPLE, value: NaN }, "/value", "type"],
  "an infinite value": [{ ...SAMPLE, value: Infinity }, "/value", "type"],
  "a bigint": [{ ...SAMPLE, value: 14n }, "/value", "type"],
  "a symbol": [{ ...SAMPLE, unit: Symbol("count") }, "/unit", "type"],
  "a function": [{ ...SAMPLE, end_date: () => END }, "/end_date", "type"],
  "a String object": [{ ...SAMPLE, device_name: new String("a") }, "/device_name", "type"],
  "an invalid Date": [{ ...SAMPLE, start_date: new Date(NaN) }, "/start_date", "timestamp"],
  "a Date beyond the year 9999": [{ ...SAMPLE, end_date: new Date(8.64e15) }, "/end_date", "timestamp"],
  "a start of NaN": [{ ...SAMPLE, start_date: NaN }, "/start_date", "type"],
  "an infinite end": [{ ...SAMPLE, end_date: Infinity }, "/end_date", "type"],
  "a Date as a name": [{ ...SAMPLE, device_name: new Date() }, "/device_name", "type"],
  "undefined": [undefined, "", "type"],
  "null": [null, "", "type"],
  "a number": [5, "", "type"],
  "an array": [[SAMPLE], "", "type"],
  "a function that has fields": [Object.assign(() => {}, { value: 14 }), "", "type"],
};
for (const [name, [sample, path, code]] of Object.entries(OBJECTS_ONLY)) {
  test(`${name} is ${code} at "${path}"`, async () => {
    const plan = await planned([SAMPLE, sample, { ...SAMPLE, value: 15 }]);
    assert.deepEqual(plan.rejected.map(({ message, ...rest }) => rest), [{ index: 1, path, code }]);
    assert.equal(plan.samples + plan.held, 2);
  });
}

test("Dates and numbers of milliseconds are times in UTC", async () => {
  const bodies = [];
  const fetch = async (url, { body }) => (bodies.push(new TextDecoder().decode(body)), new Response("{}"));
  const uploader = new SampleUploader({ baseUrl: "http://localhost", token: "demo", fetch });
  const at = Date.UTC(2023, 10, 1);
  await uploader.upload("bpm", [
    { ...SAMPLE, start_date: new Date(at), end_date: at + 1.5 },
    new Measured(),
    { ...SAMPLE, start_date: at + 86_400_000, end_date: null },
  ]);
  assert.deepEqual(
    JSON.parse(bodies[0]).data.map(({ device_name, start_date, end_date }) => [device_name, start_date, end_date]),
    [
      ["iPhone", "2023-11-01T00:00:00.000Z", "2023-11-01T00:00:00.001500Z"],
      ["Ada’s watch", START, undefined],
      ["iPhone", "2023-11-02T00:00:00.000Z", undefined],
    ],
  );
});
