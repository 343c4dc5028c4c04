// Invalid samples: each is reported with its position, and keeps no other sample from being sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoint, uploaderTo } from "../../upload/support/endpoint.mjs";
import { expected, problem } from "../../upload/support/oracle.mjs";
import { assertReport } from "../../upload/support/reports.mjs";
import {
  APPLE_HEAD,
  APPLE_TAIL,
  appleExport,
  appleRecord,
  csv,
  ndjson,
  otherRecord,
  random,
  sampleOf,
  samples,
} from "../../upload/support/samples.mjs";
import { failure } from "../support/outcome.mjs";

const good = sampleOf(100, { value: 10 });
const { device_name: _, ...nameless } = good;
const { start_date: __, ...startless } = good;
const { unit: ___, ...unitless } = good;
const { value: ____, ...valueless } = good;

/** Invalid samples with the code and the field; the later ones can only be written in JSON. */
const WRONG = [
  ["missing", "/device_name", nameless],
  ["missing", "/start_date", startless],
  ["missing", "/unit", unitless],
  ["missing", "/value", valueless],
  ["missing", "/device_name", {}],
  ["type", "/device_name", { ...good, device_name: null }],
  ["type", "/device_name", { ...good, device_name: 7 }],
  ["type", "/device_version", { ...good, device_version: 17 }],
  ["type", "/start_date", { ...good, start_date: null }],
  ["type", "/start_date", { ...good, start_date: true }],
  ["type", "/end_date", { ...good, end_date: [] }],
  ["type", "/unit", { ...good, unit: {} }],
  ["type", "/value", { ...good, value: null }],
  ["type", "/value", { ...good, value: "14" }],
  ["type", "/value", { ...good, value: [1] }],
  ["type", "", null],
  ["type", "", 7],
  ["type", "", "iPhone"],
  ["type", "", []],
  ["type", "", [good]],
  ["type", "", true],
  ["unknown-field", "/devicename", { ...good, devicename: "iPhone" }],
  ["unknown-field", "/a~1b~0c", { ...good, "a/b~c": 1 }],
  ["unknown-field", "/metadata", { ...good, metadata: { value: "}" } }],
  ["unknown-field", "/", { ...good, "": null }],
  ["empty", "/device_name", { ...good, device_name: "" }],
  ["empty", "/device_version", { ...good, device_version: "" }],
  ["empty", "/start_date", { ...good, start_date: "" }],
  ["empty", "/unit", { ...good, unit: "" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T08:04:51" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T08:04Z" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T24:00:00Z" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T23:59:60Z" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-02-29T08:04:51Z" }],
  ["timestamp", "/start_date", { ...good, start_date: "20231101T080451Z" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T08:04:51+0400" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T08:04:51+24:00" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T08:04:51.1234567891Z" }],
  ["timestamp", "/start_date", { ...good, start_date: "2023-11-01T08:04:51,5Z" }],
  ["timestamp", "/start_date", { ...good, start_date: " 2023-11-01T08:04:51Z" }],
  ["timestamp", "/end_date", { ...good, end_date: "tomorrow" }],
  ["end-before-start", "/end_date", { ...good, end_date: "2023-11-01T00:00:00+04:00" }],
  ["end-before-start", "/end_date", { ...good, start_date: "2023-11-01T08:00:00.000000001Z", end_date: "2023-11-01T08:00:00Z" }],
  ["unit", "/unit", { ...good, unit: "steps" }],
  ["unit", "/unit", { ...good, unit: "Count" }],
  ["not-positive", "/value", { ...good, value: 0 }],
  ["not-positive", "/value", { ...good, value: -0.5 }],
  ["too-large", "/value", { ...good, value: 30_000.000001 }],
  ["too-large", "/value", { ...good, unit: "count/min", value: 301 }],
];
const ONLY_OBJECTS = [
  ["type", "/value", { ...good, value: NaN }],
  ["type", "/value", { ...good, value: Infinity }],
  ["type", "/value", { ...good, value: 14n }],
  ["type", "/value", { ...good, value: new Number(14) }],
  ["type", "/start_date", { ...good, start_date: NaN }],
  ["type", "/device_name", { ...good, device_name: Symbol("a") }],
  ["timestamp", "/start_date", { ...good, start_date: new Date(NaN) }],
  ["timestamp", "/start_date", { ...good, start_date: 1e15 }],
  ["timestamp", "/start_date", { ...good, start_date: -1e15 }],
  ["end-before-start", "/end_date", { ...good, start_date: 1_700_000_000_000, end_date: new Date(1_699_999_999_999) }],
  ["missing", "/start_date", { ...good, start_date: undefined }],
  ["syntax", "", { ...good, device_name: "half \ud83d" }],
  ["type", "", undefined],
  ["type", "", () => good],
];
const TAKEN = [
  good,
  { ...good, device_version: null, end_date: null, value: 11 },
  { ...good, end_date: good.start_date, value: 12 },
  { ...good, value: 30_000 },
  { ...good, value: 5e-324 },
  { ...good, unit: "count/min", value: 300 },
  { ...good, unit: "count/s", value: 1e300 },
  { ...good, start_date: "2024-02-29 23:59:59.123456789000-00:00", end_date: "2024-03-01t00:00:00z" },
  { ...good, start_date: "0000-01-01T00:00:00Z", end_date: "9999-12-31T23:59:59.999999999Z" },
];

/** Puts each invalid sample between two valid ones. Returns the valid ones, too, and the index of each invalid one. */
function between(wrong) {
  const list = [];
  wrong.forEach(([, , sample], number) => list.push(sampleOf(1000 + number, { value: 3 }), sample));
  list.push(sampleOf(999, { value: 3 }));
  return list;
}

async function rejectionsOf(source) {
  const rejections = [];
  const fetch = endpoint();
  const report = await uploaderTo(fetch, { concurrency: 1 }).upload("steps", source, {
    onRejected: (rejection) => rejections.push(rejection),
  });
  assertReport(report, {
    read: report.read,
    rejectedCount: rejections.length,
    sent: report.sent,
    held: report.held,
    duplicates: report.duplicates,
  });
  assert.deepEqual(report.rejected, rejections.slice(0, 1000));
  return { rejections, report, fetch };
}

test("each code, for objects, with index and path", async () => {
  const all = [...WRONG, ...ONLY_OBJECTS];
  const { rejections, report } = await rejectionsOf(between(all));
  assert.deepEqual(
    rejections.map(({ code, path, index }) => [code, path, index]),
    all.map(([code, path], number) => [code, path, number * 2 + 1]),
  );
  assert.equal(report.sent, all.length + 1);
  for (const rejection of rejections) {
    assert.equal("line" in rejection, false);
    assert.ok(rejection.message.length > 3);
  }
});

for (const [format, write] of [
  ["ndjson", (list) => list.map((one) => JSON.stringify(one)).join("\n")],
  ["json", (list) => `[\n${list.map((one) => JSON.stringify(one)).join(",\n")}\n]`],
]) {
  test(`each code, in ${format}, with index, line and path`, async () => {
    const { rejections, report } = await rejectionsOf(write(between(WRONG)));
    const firstLine = format === "json" ? 2 : 1;
    assert.deepEqual(
      rejections.map(({ code, path, index, line }) => [code, path, index, line]),
      WRONG.map(([code, path], number) => [code, path, number * 2 + 1, number * 2 + 1 + firstLine]),
    );
    assert.equal(report.sent, WRONG.length + 1);
  });
}

test("each code that CSV can show, with index, line and path", async () => {
  // An empty cell is a missing field, and a cell that is no number has the wrong type.
  const wrong = WRONG.filter(
    ([code, , sample]) =>
      !["unknown-field", "empty"].includes(code) && !(code === "type" && !(typeof sample?.value === "string")),
  );
  const list = between(wrong).map((sample) => (sample.value === "14" ? { ...sample, value: "fourteen" } : sample));
  const { rejections } = await rejectionsOf(csv(list));
  assert.ok(rejections.length >= 20);
  assert.deepEqual(
    rejections.map(({ code, path, index, line }) => [code, path, index, line]),
    wrong.map(([code, path], number) => [code, path, number * 2 + 1, number * 2 + 3]),
  );
});

test("a column that is no field is reported by its name, if it has a value", async () => {
  const { rejections, report } = await rejectionsOf(
    `device_name,start_date,unit,value,heart/rate\nA,2024-01-01T00:00:00Z,count,1,\nA,2024-01-01T00:00:01Z,count,1,70\n`,
  );
  assert.deepEqual(
    rejections.map(({ code, path, index, line }) => [code, path, index, line]),
    [["unknown-field", "/heart~1rate", 1, 3]],
  );
  assert.equal(report.held, 1);
});

test("invalid records of an export are reported with their line; other types are not read", async () => {
  const records = [
    appleRecord(sampleOf(1)),
    otherRecord(2),
    appleRecord(sampleOf(3)).replace(/value="\d+"/, 'value="0"'),
    appleRecord(sampleOf(4)).replace(/value="\d+"/, 'value="x"'),
    appleRecord(sampleOf(5)).replace('unit="count"', 'unit="kcal"'),
    appleRecord(sampleOf(6)).replace(/startDate="[^"]*"/, 'startDate="2023-13-01 00:00:00 +0400"'),
    appleRecord(sampleOf(7)).replace(/ endDate="[^"]*"/, ' endDate="2022-01-01 00:00:00 +0400"'),
    appleRecord(sampleOf(8)).replace(/ sourceName="[^"]*"/, ""),
    appleRecord(sampleOf(9)).replace("unit=", "unit"),
    appleRecord(sampleOf(10)),
    appleRecord(sampleOf(11, { unit: "count/min" })),
    appleRecord(sampleOf(12)),
  ];
  const { rejections, report } = await rejectionsOf(APPLE_HEAD + records.join("") + APPLE_TAIL);
  const line = (record) => (APPLE_HEAD + records.slice(0, record).join("")).split("\n").length;
  assert.deepEqual(
    rejections.map(({ code, path, index, line }) => [code, path, index, line]),
    [
      ["not-positive", "/value", 1, line(2)],
      ["type", "/value", 2, line(3)],
      ["unit", "/unit", 3, line(4)],
      ["timestamp", "/start_date", 4, line(5)],
      ["end-before-start", "/end_date", 5, line(6)],
      ["missing", "/device_name", 6, line(7)],
      ["syntax", "", 7, line(8)],
    ],
  );
  assert.equal(report.sent, 3);
});

test("values at the limits of the rules are accepted", async () => {
  for (const source of [TAKEN, ndjson(TAKEN), JSON.stringify(TAKEN)]) {
    const { rejections, fetch } = await rejectionsOf(source);
    assert.deepEqual(rejections, []);
    assert.deepEqual(fetch.accepted, expected(TAKEN).batches);
  }
});

for (const [what, text, wanted] of [
  ["a broken line of NDJSON", (lines) => lines.toSpliced(5, 0, '{"device_name":').join("\n"), { index: 5, line: 6 }],
  ["a line that is no JSON", (lines) => lines.toSpliced(5, 0, "}{").join("\n"), { index: 5, line: 6 }],
  ["two objects on a line", (lines) => lines.toSpliced(5, 0, `${lines[0]} ${lines[1]}`).join("\n"), { index: 5, line: 6 }],
  ["NDJSON that breaks off", (lines) => `${lines.join("\n")}\n${lines[0].slice(0, 50)}`, { index: 10, line: 11 }],
  ["a JSON array that breaks off", (lines) => `[${lines.join(",\n")},\n${lines[0].slice(0, 50)}`, { index: 10, line: 11 }],
  ["a JSON array without its end", (lines) => `[${lines.join(",\n")}`, { index: 10, line: 10 }],
  [
    "something broken in a JSON array",
    (lines) => `[${lines.toSpliced(5, 0, '{"value": 1e}').join(",\n")}]`,
    { index: 5, line: 6 },
  ],
  [
    "a text that is half of a pair",
    (lines) => lines.toSpliced(5, 0, lines[0].replace(/"device_name":"[^"]*"/, '"device_name":"\\ud83d"')).join("\n"),
    { index: 5, line: 6 },
  ],
]) {
  test(`${what} spoils nothing else`, async () => {
    const { rejections, report, fetch } = await rejectionsOf(text(samples(10).map((sample) => JSON.stringify(sample))));
    assert.deepEqual(
      rejections.map(({ index, line, path, code }) => ({ index, line, path, code })),
      [{ ...wanted, path: "", code: "syntax" }],
    );
    assert.equal(report.read, 11);
    assert.deepEqual(fetch.accepted, [samples(10)]);
  });
}

test("bytes that are not UTF-8 spoil only their line", async () => {
  const text = Buffer.from(ndjson(samples(10)));
  text[text.indexOf("iPhone")] = 0xff;
  const { rejections, report } = await rejectionsOf(new Uint8Array(text));
  assert.deepEqual(
    rejections.map(({ index, line, path, code }) => [index, line, path, code]),
    [[0, 1, "", "syntax"]],
  );
  assert.equal(report.sent, 9);
});

test("of an export that breaks off, the samples before are read", async () => {
  const whole = appleExport(samples(200));
  const cut = whole.slice(0, whole.indexOf("</HealthData>") - 30);
  const { rejections, report } = await rejectionsOf(cut);
  assert.deepEqual(
    rejections.map(({ index, path, code }) => [index, path, code]),
    [[report.read - 1, "", "syntax"]],
  );
  assert.ok(report.sent >= 199);
});

test("the report lists the first 1000; all are counted, and passed to onRejected", async () => {
  const list = Array.from({ length: 2500 }, (_, number) => sampleOf(number, { value: number % 5 === 0 ? 7 : -1 }));
  const { rejections, report } = await rejectionsOf(ndjson(list));
  assert.deepEqual([rejections.length, report.rejected.length, report.sent], [2000, 1000, 500]);
  const plan = await uploaderTo(endpoint()).plan("steps", ndjson(list));
  assert.deepEqual([plan.rejectedCount, plan.rejected], [2000, report.rejected]);
});

test("what onRejected throws ends the upload, before anything is sent", async () => {
  const enough = new Error("enough");
  const fetch = endpoint();
  const error = await failure(() =>
    uploaderTo(fetch).upload("steps", [good, good, good, null], {
      onRejected: () => {
        throw enough;
      },
    }),
  );
  assert.equal(error, enough);
  assert.deepEqual(fetch.posts, []);
});

test("randomly broken samples are judged as by an independent implementation of the rules", async () => {
  const chance = random(11);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const texts = ["iPhone", "", null, 7, "17.0.3", "count", "count/s", "count/min", [], true, "2023-11-01T08:04:51.000+04:00"];
  const instants = [
    "2023-11-01T08:04:51.000+04:00",
    "2023-11-01T04:04:51Z",
    "2023-11-01T04:04:50.999999999Z",
    "2023-11-01 08:04:51+04:00",
    "2023-11-01t04:04:52z",
    "2023-11-31T00:00:00Z",
    "2023-11-01T08:04:51",
    "2023-11-01",
    "",
    null,
    false,
  ];
  const values = [14, 0, -1, 1.5, 300, 300.5, 30_000, 30_001, 1e-7, null, "14", 1e21];
  const list = Array.from({ length: 3000 }, (_, number) => {
    const sample = sampleOf(number);
    for (let times = Math.floor(chance() * 3); times > 0; times--) {
      const field = pick(["device_name", "device_version", "start_date", "end_date", "unit", "value", "value ", "Device_name"]);
      if (chance() < 0.2) delete sample[field];
      else if (field.includes("date")) sample[field] = pick(instants);
      else sample[field] = pick(field.startsWith("value") ? values : texts);
    }
    return sample;
  });
  const wanted = expected(list);
  assert.ok(wanted.rejected.length > 500 && wanted.sent > 500);
  assert.ok(
    new Set(
      list
        .map(problem)
        .filter(Boolean)
        .map(({ code }) => code),
    ).size >= 9,
  );
  for (const source of [list, ndjson(list), JSON.stringify(list), JSON.stringify({ data: list }, undefined, 2)]) {
    const { rejections, fetch, report } = await rejectionsOf(source);
    assert.deepEqual(
      rejections.map(({ index, path, code }) => ({ index, path, code })),
      wanted.rejected,
    );
    assert.deepEqual([report.sent, report.duplicates, report.held], [wanted.sent, wanted.duplicates, wanted.held]);
    assert.deepEqual(fetch.accepted, wanted.batches);
  }
});
