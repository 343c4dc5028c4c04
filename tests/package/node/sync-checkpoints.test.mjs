// sync() with `from`: the consumer keeps checkpoints, and nothing else is kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { SINCE, TYPES, appFor, clientOf } from "../sync/support/app.mjs";
import { imported, packageFolder } from "./support/installed.mjs";

const { HumanClient, OptionError } = await imported();
const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);

let app;
let client;
let end;
after(() => end());
before(async () => {
  app = await appFor((stop) => (end = stop), "--app-users", "50", "--app-records", "12000");
  client = await clientOf(app);
  // What was updated last comes again as long as its second may not be over.
  await app.pass(3600);
});

const idOf = (record) => record.id ?? `${record.humanId}/${record.trait}`;

/** A database: its rows, and the checkpoints that are stored with them. */
function database() {
  const rows = new Map();
  const from = {};
  return {
    rows,
    from,
    /** One transaction. */
    store({ type, records, checkpoint }) {
      for (const record of records) rows.set(`${type} ${idOf(record)}`, JSON.stringify(record));
      from[type] = checkpoint;
    },
  };
}

/** All records of the sandbox that were updated since `SINCE`, as rows. */
async function served(types) {
  const rows = new Map();
  for (const type of types) for (const record of await app.dump(type)) rows.set(`${type} ${idOf(record)}`, JSON.stringify(record));
  return rows;
}

test("two runs: the second one begins at the checkpoints of the first, and fetches only what has changed", async () => {
  const types = ["weights", "sleeps", "heart_rate/summaries"];
  const { rows, from, store } = database();
  const first = await client.sync({ from: {}, since: SINCE, types }).run(store);
  assert.deepEqual(new Map([...rows].sort()), new Map([...(await served(types))].sort()));
  assert.deepEqual(Object.keys(from).sort(), types.toSorted());
  assert.equal(first.records, rows.size);

  await app.pass(3600);
  const changed = await app.change({ type: "weights", insert: 3, update: 4 });
  assert.deepEqual(changed, { weights: { inserted: 3, updated: 4, removed: 0 } });
  await app.pass(3600);
  const deltas = [];
  const second = await client.sync({ from, since: SINCE, types, overlap: 0 }).run((delta) => {
    deltas.push([delta.type, delta.records.length]);
    store(delta);
  });
  assert.equal(second.records, 7);
  assert.deepEqual(new Map([...rows].sort()), new Map([...(await served(types))].sort()));
  // Types without a change have one delta, which moves the checkpoint.
  assert.deepEqual(deltas.filter(([type]) => type !== "weights").sort(), [["heart_rate/summaries", 0], ["sleeps", 0]]);
  assert.ok(Object.values(second.types).every(({ pages }) => pages >= 1 && pages <= 3), JSON.stringify(second.types));
});

test("the last delta of a type may be empty: it only moves the checkpoint", async () => {
  const { from, store } = database();
  await client.sync({ from: {}, since: SINCE, types: ["heights"] }).run(store);
  const old = from.heights;
  await app.pass(86_400);
  const deltas = [];
  for await (const delta of client.sync({ from, types: ["heights"] })) deltas.push(delta);
  assert.equal(deltas.length, 1);
  assert.deepEqual(deltas[0].records, []);
  assert.deepEqual(deltas[0].byUser(), new Map());
  assert.notEqual(deltas[0].checkpoint, old);
  await deltas[0].commit();
  const { requests } = await client.sync({ from: { heights: deltas[0].checkpoint }, types: ["heights"] }).run(() => {});
  assert.ok(requests <= 6, `${requests} requests: it went on from the day before`);
});

test("without the loop's end: whoever goes on from the last checkpoint that was stored has everything", async () => {
  const { rows, from, store } = database();
  let deltas = 0;
  let runs = 0;
  for (let isOver = false; !isOver; runs++) {
    isOver = true;
    // A type that is done has a delta in each run, so a run that always ended early would never come to the last types.
    let left = (runs * 17) % 61;
    for await (const delta of client.sync({ from, since: SINCE, limit: 100, windowRecords: 300 })) {
      // The records and the checkpoint of this one are lost.
      if (left-- === 0) {
        isOver = false;
        break;
      }
      deltas++;
      store(delta);
    }
    assert.ok(runs < 200, "it does not get on");
  }
  assert.ok(runs > 3 && deltas > 100, `${deltas} deltas in ${runs} runs`);
  const expected = await served(TYPES);
  for (const [row, record] of expected) assert.equal(rows.get(row), record, row);
  assert.equal(rows.size, expected.size);
});

test("a checkpoint is short, stands in a delta like the rest of it, and has no name or secret in it", async () => {
  for await (const delta of client.sync({ from: {}, since: SINCE, types: ["weights"] })) {
    assert.ok(delta.checkpoint.length <= 2000);
    assert.match(delta.checkpoint, /^[\w-]+$/);
    assert.deepEqual(Object.keys(delta), ["type", "window", "records", "checkpoint"]);
    assert.throws(() => (delta.checkpoint = ""), TypeError);
    const content = Buffer.from(delta.checkpoint, "base64url").toString("latin1");
    assert.doesNotMatch(content, /demo-app|127\.0\.0\.1/);
    for (const { humanId, id } of delta.records) assert.ok(!content.includes(humanId) && !content.includes(id));
  }
});

test("a delta of a run with a store has a checkpoint, too, from which a run without one goes on", async () => {
  const { rows, from, store } = database();
  let left = 2;
  for await (const delta of client.sync({ store: createStore(), since: SINCE, types: ["heart_rates"], limit: 200 })) {
    store(delta);
    if (--left === 0) break;
  }
  assert.ok(rows.size > 200);
  await client.sync({ from, since: SINCE, types: ["heart_rates"], limit: 200 }).run(store);
  assert.deepEqual(new Map([...rows].sort()), new Map([...(await served(["heart_rates"]))].sort()));
});

test("commit() has nothing to store: it succeeds, also after the loop", async () => {
  let last;
  for await (const delta of client.sync({ from: {}, since: SINCE, types: ["weights"] })) {
    await delta.commit();
    last = delta;
  }
  await last.commit();
});

test("two runs do not wait for each other", async () => {
  const sync = client.sync({ from: {}, since: SINCE, types: ["weights"] });
  const one = sync[Symbol.asyncIterator]();
  await one.next();
  assert.ok((await sync.run(() => {})).records > 0);
  await one.return();
});

test("`store` and `from` together, or neither, are refused before anything is sent", async () => {
  const person = new HumanClient({ accessToken: "demo", baseUrl: app.url });
  const { total } = await app.control("log");
  for (const of of [client, person]) {
    assert.throws(() => of.sync({ store: createStore(), from: {} }), refused("from", /leave one of them out/));
    assert.throws(() => of.sync({}), refused("store", /`from`/));
    assert.throws(() => of.sync({ from: undefined, store: undefined }), refused("store", /is missing/));
    assert.throws(() => of.sync({ from: "x" }), refused("from", /object/));
    assert.throws(() => of.sync({ from: { weights: 5, weight: 5 } }), (error) => error instanceof OptionError);
  }
  assert.equal((await app.control("log")).total, total);
});

test("a checkpoint of something else is refused before anything is sent, and the error says what is wrong", async () => {
  const person = new HumanClient({ accessToken: "demo", baseUrl: app.url });
  const checkpointOf = async (sync) => {
    for await (const { checkpoint } of sync) return checkpoint;
  };
  const weights = await checkpointOf(client.sync({ from: {}, types: ["weights"], since: SINCE }));
  const sourced = await checkpointOf(client.sync({ from: {}, types: ["weights"], since: SINCE, source: "fitbit" }));
  const own = await checkpointOf(person.sync({ from: {}, types: ["weight"], account: "one" }));
  const { total } = await app.control("log");

  const other = await clientOf(app, { clientId: "other-app" });
  const elsewhere = await clientOf({ url: "http://localhost:1" });
  const bytes = Buffer.from(weights, "base64url");
  const later = Buffer.from(bytes);
  later[3] += 1;
  const damaged = Buffer.from(bytes);
  damaged[bytes.length >> 1] ^= 4;
  const option = (name) => `from["${name}"]`;
  for (const [call, name, words] of [
    [() => client.sync({ from: { sleeps: weights } }), option("sleeps"), /of the type "weights" and not of "sleeps"/],
    [() => other.sync({ from: { weights } }), option("weights"), /another client/],
    [() => elsewhere.sync({ from: { weights } }), option("weights"), /another client/],
    [() => client.sync({ from: { weights: sourced } }), option("weights"), /another `source` or other `params`/],
    [() => client.sync({ from: { weights }, params: { time_series: "true" } }), option("weights"), /another `source` or other `params`/],
    [() => client.sync({ from: { weights: later.toString("base64url") } }), option("weights"), /later version/],
    [() => client.sync({ from: { weights: damaged.toString("base64url") } }), option("weights"), /damaged/],
    [() => client.sync({ from: { weights: weights.slice(0, -4) } }), option("weights"), /damaged/],
    [() => client.sync({ from: { weights: "2025-06-01T00:00:00Z" } }), option("weights"), /damaged/],
    [() => client.sync({ from: { weight: weights } }), "from", /"weight"; is it "weights"\?/],
    [() => person.sync({ from: { weight: own }, account: "two" }), option("weight"), /another client/],
    [() => person.sync({ from: { weight: own } }), option("weight"), /another client/],
    [() => person.sync({ from: { weight: weights }, account: "one" }), option("weight"), /of the type "weights"/],
    [() => person.sync({ from: { weights: own }, account: "one" }), "from", /"weights"; is it "weight"\?/],
  ]) {
    assert.throws(call, refused(name, words), String(call));
  }
  assert.equal((await app.control("log")).total, total);
  // The size of a page is no condition, and a checkpoint that is undefined is none.
  client.sync({ from: { weights, sleeps: undefined }, limit: 20 });
  person.sync({ from: { weight: own }, account: "one" });
});

function refused(option, words) {
  return (error) => {
    assert.ok(error instanceof OptionError, error);
    assert.equal(error.option, option);
    assert.match(error.message, words);
    return true;
  };
}
