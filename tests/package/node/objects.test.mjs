// The objects that users get: how they look in a log, how they are closed, and that users cannot break their internals.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answering, json, nothing, paged, records } from "./support/answers.mjs";
import { imported } from "./support/installed.mjs";
import { settled } from "./support/virtual-time.mjs";

const { HumanClient, HumansyncError } = await imported();

function clientOf(respond = () => json([])) {
  const fetch = answering(respond);
  return { fetch, client: new HumanClient({ accessToken: "demo", fetch }) };
}

/** One object of each kind that users get, by the name of its class. */
function everyObject(client) {
  return {
    HumanClient: client,
    DiscreteResource: client.weight,
    HeartRateResource: client.heartRate,
    PeriodicResource: client.activities,
    ListResource: client.meals,
    MedicalData: client.medical,
    CcdResource: client.medical.ccds,
    Pages: client.activities.list(),
  };
}

const MACHINERY = /null pointer|recursive use|unreachable|RuntimeError|__wbg|wasm\.|memory access/;

test("objects show their class and nothing of their internals", () => {
  for (const [name, object] of Object.entries(everyObject(clientOf().client))) {
    assert.equal(inspect(object), `${name} {}`);
    assert.equal(Object.prototype.toString.call(object), `[object ${name}]`);
    assert.equal(JSON.stringify(object), "{}");
    assert.deepEqual(Reflect.ownKeys(object), []);
    const inherited = [];
    for (const key in object) inherited.push(key);
    assert.deepEqual(inherited, []);
    assert.equal(object.constructor.name, name);
  }
});

test("a resource of a client is the same object every time", () => {
  const { client } = clientOf();
  assert.equal(client.activities, client.activities);
  assert.equal(client.medical.vitals, client.medical.vitals);
  assert.notEqual(client.activities, clientOf().client.activities);
  assert.equal(client instanceof HumanClient, true);
});

test("a method that is called on another object says so", async () => {
  const objects = everyObject(clientOf().client);
  const strangers = [undefined, null, 5, "text", {}, [], () => {}, new Proxy({}, {})];
  for (const [name, object] of Object.entries(objects)) {
    const prototype = Object.getPrototypeOf(object);
    const others = Object.entries(objects).filter(([other]) => other !== name).map(([, other]) => other);
    for (const receiver of [...strangers, ...others, prototype, Object.create(object), Object.create(prototype), structuredClone({ ...object })]) {
      for (const key of Reflect.ownKeys(prototype)) {
        const { value, get } = Object.getOwnPropertyDescriptor(prototype, key);
        const call = key === "constructor" ? undefined : typeof value === "function" ? value : get;
        if (call === undefined || key === "__wbg_ptr") continue;
        let error;
        try {
          const answer = Reflect.apply(call, receiver, []);
          // byPage() may report the error only when it is iterated.
          await answer;
        } catch (thrown) {
          error = thrown;
        }
        assert.ok(error instanceof HumansyncError || error instanceof TypeError, `${name}.${String(key)}: ${error}`);
        assert.match(error.message, new RegExp(`not a ${name}`), `${name}.${String(key)}`);
        assert.doesNotMatch(String(error.stack).split("\n")[0], MACHINERY);
      }
    }
  }
});

test("methods that return promises reject instead of throwing", async () => {
  const { client } = clientOf();
  const { summary } = client;
  const { latest } = client.weight;
  const { toArray } = client.activities.list();
  for (const detached of [summary, latest, toArray]) {
    const promise = detached();
    assert.ok(promise instanceof Promise);
    await assert.rejects(promise, { option: "this" });
  }
});

test("only a HumanClient can be constructed with new", () => {
  for (const [name, object] of Object.entries(everyObject(clientOf().client))) {
    if (name === "HumanClient") continue;
    assert.throws(() => new object.constructor(), /is not made with new/, name);
    assert.throws(() => new object.constructor(1), /is not made with new/, name);
  }
  assert.throws(() => HumanClient({ accessToken: "demo" }), TypeError);
});

test("no object has a method that frees memory", () => {
  for (const [name, object] of Object.entries(everyObject(clientOf().client))) {
    for (let holder = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
      for (const key of [...Reflect.ownKeys(holder), ...Reflect.ownKeys(holder.constructor ?? {})]) {
        assert.doesNotMatch(String(key), /^free$|destroy|__wrap|__unwrap/, `${name}.${String(key)}`);
      }
    }
    if (name !== "HumanClient") assert.equal(object[Symbol.dispose], undefined, name);
  }
});

test("no property that a user sets on an object reaches its internals", async () => {
  const { client } = clientOf(paged(records(3)));
  for (const key of ["__wbg_ptr", "ptr", "_ptr"]) {
    for (const value of [0, 1, -1, 2 ** 31, undefined, {}, "0"]) {
      try {
        client.activities[key] = value;
        client[key] = value;
      } catch (error) {
        assert.ok(error instanceof TypeError);
      }
    }
  }
  assert.equal((await client.activities.list().toArray()).length, 3);

  const defaced = clientOf(paged(records(3))).client;
  Object.defineProperty(defaced, "__wbg_ptr", { value: 0 });
  assert.equal((await defaced.activities.list().toArray()).length, 3);
});

test("the public members are those of the documentation", () => {
  const members = (object) => {
    const prototype = Object.getPrototypeOf(object);
    return Reflect.ownKeys(prototype)
      .filter((key) => typeof key === "string" && key !== "constructor" && key !== "__wbg_ptr")
      .sort();
  };
  const objects = everyObject(clientOf().client);
  assert.deepEqual(members(objects.HumanClient), [
    "activities", "bloodGlucose", "bloodOxygen", "bloodPressure", "bmi", "bodyFat", "close", "geneticTraits", "heartRate",
    "height", "locations", "meals", "medical", "profile", "resource", "sleeps", "sources", "summary", "sync", "weight",
  ]);
  assert.deepEqual(members(objects.DiscreteResource), ["daily", "get", "latest", "reading", "readings"]);
  assert.deepEqual(members(objects.HeartRateResource), ["daily", "get", "latest", "reading", "readings", "summaries", "summary"]);
  assert.deepEqual(members(objects.PeriodicResource), ["daily", "get", "list", "summaries", "summary"]);
  assert.deepEqual(members(objects.ListResource), ["get", "list"]);
  assert.deepEqual(members(objects.CcdResource), ["get", "list", "raw"]);
  assert.deepEqual(members(objects.Pages), ["byPage", "first", "toArray"]);
  assert.deepEqual(members(objects.MedicalData), [
    "allergies", "ccds", "demographics", "encounters", "functionalStatuses", "immunizations", "instructions", "issues",
    "medications", "narratives", "organizations", "plansOfCare", "procedures", "profile", "socialHistory", "testResults",
    "timeline", "vitals",
  ]);
});

test("a class that extends HumanClient works", async () => {
  class Patient extends HumanClient {
    #name;
    constructor(name, options) {
      super(options);
      this.#name = name;
    }
    async greeting() {
      return `${this.#name} has ${(await this.activities.list().toArray()).length} activities`;
    }
  }
  const patient = new Patient("Ada", { accessToken: "demo", fetch: answering(paged(records(3))) });
  assert.ok(patient instanceof HumanClient);
  assert.equal(await patient.greeting(), "Ada has 3 activities");
});

for (const [name, end] of Object.entries({
  "close()": (client) => client.close(),
  "Symbol.dispose": (client) => client[Symbol.dispose](),
})) {
  test(`${name} ends the calls in progress, and refuses all further ones`, async () => {
    const { client, fetch } = clientOf(nothing);
    const { weight, activities, medical } = client;
    const pages = activities.list();
    const iterator = pages[Symbol.asyncIterator]();
    const underWay = [client.profile(), iterator.next(), pages.toArray(), weight.latest()];
    await settled();
    assert.equal(fetch.requests.length, 4);
    end(client);
    for (const call of underWay) await assert.rejects(call, { name: "HumansyncError", code: "closed" });
    await settled();
    for (const request of fetch.requests) assert.equal(request.signal.aborted, true);

    const sent = fetch.requests.length;
    const afterwards = [
      () => client.summary(),
      () => client.activities.get("1"),
      () => client.sleeps.list().toArray(),
      () => weight.latest(),
      () => medical.ccds.raw("1"),
      () => pages.first(),
      () => pages[Symbol.asyncIterator]().next(),
      () => client.resource("steps").list().toArray(),
    ];
    for (const call of afterwards) {
      await assert.rejects(async () => call(), (error) => {
        assert.equal(error.code, "closed", call.toString());
        assert.match(error.message, /closed/);
        return true;
      });
    }
    assert.equal(fetch.requests.length, sent);
    end(client);
  });
}

test("nested and concurrent calls do not collide", async () => {
  let client;
  const fetch = answering(async (url) => {
    if (fetch.requests.length < 40) {
      await Promise.all([client.profile(), client.activities.list().first()]);
    }
    return json(url.pathname.endsWith("profile") ? {} : []);
  });
  client = new HumanClient({
    accessToken: () => (void client.weight, void client.activities.list(), "demo"),
    fetch,
    concurrency: 256,
    onEvent: () => void client.meals.list(),
  });
  await Promise.all([client.profile(), client.activities.list().toArray(), client.sleeps.list().byPage()[Symbol.asyncIterator]().next()]);
});

test("objects are garbage-collected when they are not used any more, and not before", async () => {
  const { gc } = globalThis;
  if (gc === undefined) {
    // The test runs in another process, where the garbage collector can be called.
    const { spawnSync } = await import("node:child_process");
    const { fileURLToPath } = await import("node:url");
    const here = fileURLToPath(import.meta.url);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout } = spawnSync(
      process.execPath,
      ["--expose-gc", "--test-name-pattern", "what is not used any more", here],
      { encoding: "utf8", env },
    );
    assert.equal(status, 0, stdout);
    return;
  }
  const client = clientOf(paged(records(5))).client;
  const walk = client.activities.list({ limit: 2 })[Symbol.asyncIterator]();
  const read = [(await walk.next()).value];
  const gone = new WeakRef(client.sleeps.list());
  for (let round = 0; round < 20; round++) {
    for (let index = 0; index < 200; index++) clientOf().client.activities.list();
    await settled();
    gc();
  }
  assert.equal(gone.deref(), undefined);
  for (let next = await walk.next(); !next.done; next = await walk.next()) read.push(next.value);
  assert.deepEqual(read, records(5));
});
