// What is remembered of uploads: what was sent is not sent again, what was too little waits, and who is who stays apart.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { endpoint, openStore, uploaderTo } from "../upload/support/endpoint.mjs";
import { identityOf } from "../upload/support/oracle.mjs";
import { assertReport } from "../upload/support/reports.mjs";
import { appleExport, asExported, csv, ndjson, numberOf, sampleOf, samples } from "../upload/support/samples.mjs";
import { refusal } from "./support/answers.mjs";
import { imported, required } from "./support/installed.mjs";
import { failure } from "./support/outcome.mjs";

const { StoreError } = await imported();
const root = mkdtempSync(join(tmpdir(), "humansync-ledger-"));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

const STORES = {
  memory: () => required("humansync/stores/memory").createStore(),
  file: () => required("humansync/stores/file").createStore(join(root, String(folders++))),
  "one of one's own": () => openStore(),
};

for (const [kind, open] of Object.entries(STORES)) {
  test(`${kind}: the same again is not sent, in whatever form; what is new is`, async () => {
    const store = await open();
    const fetch = endpoint();
    const upload = (source) => uploaderTo(fetch, { store, batchSize: 100 }).upload("steps", source);
    const list = samples(2000)
      .map(asExported)
      .concat(samples(500, { device_name: "Watch", first: 100 }).map(asExported));
    assertReport(await upload(list), { read: 2500, sent: 2500 });
    const utc = (instant) => new Date(instant).toISOString();
    const elsewhere = list.map((sample) => ({ ...sample, start_date: utc(sample.start_date), end_date: utc(sample.end_date) }));
    for (const again of [
      list,
      ndjson(list),
      csv(list),
      JSON.stringify({ data: list }),
      appleExport(list),
      elsewhere,
      [...list].reverse(),
      elsewhere.map((sample) => ({ ...sample, start_date: new Date(sample.start_date) })),
    ]) {
      assertReport(await upload(again), { read: 2500, alreadySent: 2500, requests: 0 });
    }
    const new_ = [...samples(50, { first: 300.5 }), ...samples(50, { first: 5000 }), ...samples(3, { device_name: "Ring" })];
    const posts = fetch.posts.length;
    assertReport(await upload([...list.slice(0, 1000), ...new_, ...list.slice(1000)]), {
      read: 2603,
      alreadySent: 2500,
      sent: 103,
    });
    assert.deepEqual(fetch.accepted.slice(posts).flat().map(identityOf).sort(), new_.map(identityOf).sort());
  });

  test(`${kind}: too few for a batch wait for the next upload, over several uploads`, async () => {
    const store = await open();
    const fetch = endpoint();
    const upload = (source) => uploaderTo(fetch, { store, batchSize: 3 }).upload("steps", source);
    const [a, b, c, d, e, f, g, h] = samples(8).reverse();
    assertReport(await upload([a]), { read: 1, held: 1 });
    assertReport(await upload([]), { carried: 1, held: 1 });
    assertReport(await upload([a, b]), { read: 2, carried: 1, duplicates: 1, held: 2 });
    assertReport(await upload([a, b, b]), { read: 3, carried: 2, duplicates: 3, held: 2 });
    assert.deepEqual(fetch.posts, []);
    assertReport(await upload([c]), { read: 1, carried: 2, sent: 3 });
    assert.deepEqual(fetch.accepted, [[c, b, a]]);
    assertReport(await upload([a, b, c]), { read: 3, alreadySent: 3 });
    assertReport(await upload([d, e, f, g, h]), { read: 5, sent: 3, held: 2 });
    assertReport(await upload(ndjson([a, b, c, d, e, f, g, h])), { read: 8, carried: 2, duplicates: 2, alreadySent: 6, held: 2 });
  });
}

test("what is held is exact: every text and instant as it came", async () => {
  const store = openStore();
  const fetch = endpoint();
  const upload = (source) => uploaderTo(fetch, { store }).upload("bpm", source);
  const one = {
    device_name: 'ä😀"',
    start_date: "2023-11-01T08:04:51.12345678900+05:45",
    unit: "count/min",
    value: 61.30000000000001,
  };
  const two = {
    device_name: "B",
    device_version: "2",
    start_date: "2023-11-01T08:04:52-00:00",
    end_date: "2023-11-01T08:04:52.5Z",
    unit: "count/s",
    value: 1e-9,
  };
  await upload([two]);
  await upload([one]);
  await upload([{ ...one, start_date: "2023-11-01T08:04:53Z" }]);
  assert.deepEqual(fetch.accepted, [
    [one, two, { ...one, start_date: "2023-11-01T08:04:53Z" }].sort(
      (one, other) => Date.parse(one.start_date) - Date.parse(other.start_date),
    ),
  ]);
});

test("held samples whose batch is refused, or does not arrive, stay held", async () => {
  for (const respond of [() => refusal(422), () => refusal(401), () => refusal(429, { "retry-after": "9999" })]) {
    const store = openStore();
    await uploaderTo(endpoint(), { store }).upload("steps", samples(2));
    const bad = uploaderTo(endpoint(respond), { store });
    const report = await bad.upload("steps", samples(2, { first: 2 })).catch(({ report }) => report);
    assertReport(report, { read: 2, carried: 2, failed: 4 });
    const fetch = endpoint();
    assertReport(await uploaderTo(fetch, { store }).upload("steps", samples(2, { first: 2 })), { read: 2, carried: 2, sent: 4 });
    assert.deepEqual(fetch.accepted, [samples(4)]);
  }
});

test("without a store, an uploader remembers as long as it lives", async () => {
  const fetch = endpoint();
  const uploader = uploaderTo(fetch);
  assertReport(await uploader.upload("steps", samples(5)), { read: 5, sent: 5 });
  assertReport(await uploader.upload("steps", samples(5)), { read: 5, alreadySent: 5 });
  assertReport(await uploaderTo(fetch).upload("steps", samples(5)), { read: 5, sent: 5 });
});

test("accounts, types, no account at all, and servers are apart", async () => {
  const store = openStore();
  const fetch = endpoint();
  for (const account of ["a", "b", "", undefined, "a\0", "anna@example.org"]) {
    for (const type of ["steps", "bpm"]) {
      assertReport(await uploaderTo(fetch, { store, account }).upload(type, samples(5)), { read: 5, sent: 5 });
      assertReport(await uploaderTo(fetch, { store, account, baseUrl: "https://other.example" }).upload(type, samples(5)), {
        read: 5,
        sent: 5,
      });
      assertReport(await uploaderTo(fetch, { store, account, baseUrl: "https://OTHER.example:443/" }).upload(type, samples(5)), {
        read: 5,
        alreadySent: 5,
      });
    }
  }
  assert.deepEqual(await uploaderTo(fetch, { store, account: "c" }).watermarks("steps"), []);
});

test("each part of a sample tells it apart", async () => {
  const store = openStore();
  const fetch = endpoint();
  const upload = (source) => uploaderTo(fetch, { store }).upload("steps", source);
  const one = sampleOf(1);
  const { device_version: _, ...unversioned } = one;
  const { end_date: __, ...endless } = one;
  const others = [
    unversioned,
    endless,
    { ...one, device_name: "Watch" },
    { ...one, device_version: "17.0.4" },
    { ...one, unit: "count/s" },
    { ...one, value: 3 },
    { ...one, start_date: one.start_date.replace(".000", ".001") },
    { ...one, end_date: one.end_date.replace(".000", ".000000001") },
  ];
  assertReport(await upload([one, ...samples(2, { first: 50 })]), { read: 3, sent: 3 });
  assertReport(await upload([one, ...others, one]), { read: 10, alreadySent: 1, duplicates: 1, sent: 8 });
  const same = [
    { ...one, start_date: one.start_date.replace(".000", "") },
    { ...one, end_date: new Date(one.end_date) },
    { ...endless, end_date: null },
    { ...one, device_version: null },
  ];
  assertReport(await upload(same), { read: 4, duplicates: 1, alreadySent: 3 });
});

const until = (marks) => Object.fromEntries(marks.map(({ device, until, samples }) => [device, [until, samples]]));

test("watermarks: per device, up to when everything known was accepted", async () => {
  const store = openStore();
  const start = (number, device_name) => sampleOf(number, { device_name }).start_date;
  // Two days and two hours of the one, and some of the other.
  const phone = samples(600, { device_name: "Phone" });
  const watch = samples(30, { device_name: "Watch", first: 10.5 });
  let bad = () => false;
  const fetch = endpoint((data) => (data.some(bad) ? refusal(422) : undefined));
  const uploader = uploaderTo(fetch, { store, batchSize: 90 });
  const upload = async (source) => {
    const report = await uploader.upload("steps", source);
    assert.deepEqual(await uploader.watermarks("steps"), report.watermarks);
    return until(report.watermarks);
  };
  assert.deepEqual(await upload([]), {});
  assert.deepEqual(await upload([...watch, ...phone]), { Phone: [start(599), 600], Watch: [start(39.5), 30] });

  // Refused in the middle of new ones: what is behind does not count until it is accepted. It may be a day short of that.
  const more = samples(600, { device_name: "Phone", first: 600 });
  bad = ({ start_date }) => start_date === start(1100);
  const assertShortOf = ([at, count], number, accepted) => {
    const short = number - numberOf(at);
    assert.ok(short >= 0 && short <= 288 && Number.isInteger(short), `${at} is ${short} samples before ${number}`);
    assert.equal(count, accepted);
  };
  const stopped = await upload(more);
  const refused = fetch.posts.flatMap(({ data }) => (data.some(bad) ? data.map(({ start_date }) => numberOf(start_date)) : []));
  assert.equal(refused.length, 90);
  assertShortOf(stopped.Phone, Math.min(...refused) - 1, 1200 - refused.length);
  assert.deepEqual(stopped.Watch, [start(39.5), 30]);
  bad = () => false;
  assert.deepEqual(await upload(more), { Phone: [start(1199), 1200], Watch: [start(39.5), 30] });

  // One that waits bounds it as well.
  assertShortOf((await upload([sampleOf(1000.5, { device_name: "Phone" })])).Phone, 1000, 1200);
  // With Z as it was given.
  const late = [1, 2, 3].map((second) => ({
    ...sampleOf(0, { device_name: "Watch" }),
    start_date: `2024-05-01T00:00:0${second}Z`,
    end_date: null,
  }));
  assert.deepEqual((await upload(late)).Watch, ["2024-05-01T00:00:03Z", 33]);
  assert.deepEqual(await uploader.watermarks("bpm"), []);
});

test("watermarks of an upload that could not go on: what it did not come to bounds them", async () => {
  const list = samples(1000);
  const stopping = endpoint((data, index) => (index < 4 ? undefined : refusal(401)));
  const { report } = await failure(() => uploaderTo(stopping, { batchSize: 100, concurrency: 1 }).upload("steps", list));
  const [{ until, samples: count }] = report.watermarks;
  assert.ok(numberOf(until) <= 399 && numberOf(until) >= 399 - 288, until);
  assert.equal(count, 400);
});

test("forget: one device, or all; what is held stays", async () => {
  const store = openStore();
  const phone = samples(20, { device_name: "Phone" });
  const watch = samples(20, { device_name: "Watch" });
  const fetch = endpoint();
  const uploader = uploaderTo(fetch, { store, batchSize: 20 });
  const all = [...phone, ...watch];
  await uploader.upload("steps", all);
  await uploader.upload("bpm", all);
  await uploader.upload("steps", samples(2, { device_name: "Phone", first: 100 }));

  assert.equal(await uploader.forget("steps", "Ring"), undefined);
  assertReport(await uploader.upload("steps", all), { read: 40, carried: 2, alreadySent: 40, held: 2 });
  await uploader.forget("steps", "Watch");
  assert.deepEqual(Object.keys(until(await uploader.watermarks("steps"))), ["Phone"]);
  assertReport(await uploader.upload("steps", all), { read: 40, carried: 2, alreadySent: 20, sent: 22 });

  await uploader.upload("steps", samples(2, { device_name: "Ring" }));
  await uploader.forget("steps");
  assert.deepEqual(await uploader.watermarks("steps"), []);
  assertReport(await uploader.upload("steps", all), { read: 40, carried: 2, sent: 42 });
  assertReport(await uploader.upload("bpm", all), { read: 40, alreadySent: 40 });
});

test("forget waits for an upload that is under way", async () => {
  const store = openStore();
  const [begun, opened] = [0, 0].map(() => {
    let open;
    return Object.assign(new Promise((resolve) => (open = resolve)), { open: () => open() });
  });
  const fetch = endpoint(async () => {
    begun.open();
    await opened;
  });
  const uploader = uploaderTo(fetch, { store });
  const uploading = uploader.upload("steps", samples(5));
  await begun;
  const forgetting = uploader.forget("steps");
  opened.open();
  assertReport(await uploading, { read: 5, sent: 5 });
  await forgetting;
  assertReport(await uploader.upload("steps", samples(5)), { read: 5, sent: 5 });
});

/** A store that has something of every kind in it. */
async function usedStore() {
  const store = openStore();
  const list = samples(40);
  let turn = 0;
  // Refused, and cut off: their notes stay.
  const cut = () => Promise.reject(new TypeError("cut"));
  const fetch = endpoint(() => [() => undefined, () => refusal(422), cut, () => undefined][turn++]());
  await uploaderTo(fetch, { store, batchSize: 10, concurrency: 1, onUnknown: "hold" }).upload("steps", list);
  await uploaderTo(endpoint(), { store, onUnknown: "hold" }).upload("steps", samples(2, { first: 100 }));
  return { store, list };
}

test("a value that is damaged anywhere is an error, and nothing is sent", async () => {
  const { store, list } = await usedStore();
  const good = new Map(store.values);
  assert.ok(good.size >= 5, [...good.keys()].join());
  let tried = 0;
  for (const [key, value] of good) {
    const damages = [
      new Uint8Array(0),
      value.slice(0, -1),
      Uint8Array.of(...value, 0),
      ...[...good]
        .filter(([other]) => other !== key)
        .map(([, other]) => other)
        .filter((other) => Buffer.compare(other, value) !== 0),
      ...Array.from(value, (byte, at) => value.with(at, byte ^ (1 << (at % 8)))),
    ];
    for (const damage of damages) {
      // Another value of the same kind is whole by itself.
      if ([...good.values()].includes(damage) && damage[2] === value[2]) continue;
      store.values.set(key, damage);
      const fetch = endpoint();
      const uploader = uploaderTo(fetch, { store, batchSize: 10, onUnknown: "hold" });
      const error = await uploader.upload("steps", list).then(
        () => undefined,
        (error) => error,
      );
      assert.ok(error instanceof StoreError, `${key} of ${value.length} bytes: ${error}`);
      // The fourth byte is the form's version.
      const isNewer = damage.length === value.length && damage[3] !== value[3] && damage[2] === value[2];
      assert.equal(error.code, isNewer ? "newer" : "damaged");
      const { carried } = error.report;
      assertReport(error.report, { read: 40, carried, failed: 40 + carried, requests: 0 });
      assert.deepEqual(fetch.posts, []);
      assert.deepEqual(store.values.get(key), damage, "it is not written over");
      tried++;
    }
    store.values.set(key, good.get(key));
    assert.deepEqual(new Map(store.values), good);
  }
  assert.ok(tried > 300, `${tried} damages`);
});

test("forget mends a store with a damaged value", async () => {
  const { store, list } = await usedStore();
  for (const key of [...store.values.keys()]) {
    const { store: other } = await usedStore();
    const value = other.values.get(key);
    other.values.set(key, value.with(value.length - 1, value.at(-1) ^ 1));
    const uploader = uploaderTo(endpoint(), { store: other, onUnknown: "hold" });
    await uploader.forget("steps");
    const report = await uploader.upload("steps", list);
    const held = key.endsWith("held") ? 0 : 2;
    assertReport(report, { read: 40, carried: held, sent: 40 + held });
  }
});

for (const [what, wrong] of [
  ["get gives a text", { get: async () => "abc" }],
  ["get gives an object", { get: async () => ({}) }],
  ["get gives a number", { get: async () => 7 }],
  ["keys gives nothing", { keys: async () => undefined }],
  ["keys gives numbers", { keys: async () => [1, 2] }],
]) {
  test(`a store whose ${what} is told`, async () => {
    const fetch = endpoint();
    const error = await failure(() => uploaderTo(fetch, { store: { ...openStore(), ...wrong } }).upload("steps", samples(4)));
    assert.ok(error instanceof StoreError, String(error));
    assert.deepEqual(fetch.posts, []);
  });
}

test("a store may give views of larger buffers, Buffers, and null for what is not there", async () => {
  const store = openStore();
  const views = {
    ...store,
    async get(key) {
      const value = await store.get(key);
      return value === undefined ? null : Buffer.concat([Buffer.from("xx"), value, Buffer.from("yy")]).subarray(2, -2);
    },
  };
  const uploader = uploaderTo(endpoint(), { store: views });
  assertReport(await uploader.upload("steps", samples(8)), { read: 8, sent: 8 });
  assertReport(await uploader.upload("steps", samples(8)), { read: 8, alreadySent: 8 });
});

test("what a store is given is its own: a slow one may keep it as it is", async () => {
  const store = openStore(() => new Promise((resolve) => setImmediate(resolve)));
  const list = samples(3000);
  assertReport(await uploaderTo(endpoint(), { store, batchSize: 50 }).upload("steps", list), { read: 3000, sent: 3000 });
  for (const value of store.values.values()) assert.equal(value.buffer.byteLength, value.length);
  assertReport(await uploaderTo(endpoint(), { store }).upload("steps", list), { read: 3000, alreadySent: 3000 });
});
