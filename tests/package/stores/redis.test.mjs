// The store in Redis: servers that evict, are full, are a cluster or forget, and what a client may be.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import { Cluster, Redis } from "ioredis";
import { createClient, createClientPool, createCluster } from "redis";
import { required } from "../node/support/installed.mjs";
import { redisClusterFor, redisFor } from "../support/servers/redis.mjs";
import { endOf } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/redis");
const { OptionError } = required("humansync/slim");
const ending = endOf(after);
const text = (value) => new TextDecoder().decode(value);
const bytes = (value) => new TextEncoder().encode(value);
const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);

let server, client;
before(async () => {
  server = await redisFor(ending);
  client = new Redis(server.socket);
  ending(() => client.quit());
});
beforeEach(() => client.flushall());

async function nodeRedisFor(t, options = {}) {
  const own = await createClient({ socket: { path: server.socket }, ...options }).on("error", () => {}).connect();
  t.after(() => own.isOpen && own.close());
  return own;
}

/** What both clients make a store of. */
const clients = [
  ["redis", nodeRedisFor],
  ["ioredis", async (t, { username, password } = {}) => {
    const own = new Redis(server.socket, { username, password });
    t.after(() => own.disconnect());
    return own;
  }],
];

test("two prefixes have nothing in common, even if one begins with the other, and the default is its own", async () => {
  const prefixes = ["a", "ab", "a:", "ü\0", "humansync:", undefined];
  const stores = await Promise.all(prefixes.map((prefix) => createStore({ client, prefix })));
  for (const [index, store] of stores.entries()) await store.set("key", bytes(String(index)));
  assert.deepEqual(await Promise.all(stores.map(async (store) => text(await store.get("key")))), ["0", "1", "2", "3", "5", "5"]);
  await stores[0].lock("name", () => stores[1].lock("name", () => stores[2].lock("name", async () => {})));
  for (const key of await client.keys("*")) assert.match(key, /^\{[^{}]+\}(values|keys|tokens)$/, "one slot, and no lock is left");
});

test("anything but a client, a prefix and a time is refused", async () => {
  for (const [option, options] of [
    ...[undefined, null, 7, {}, { client: null }, { client: "redis://:secret-7181@host" }, { client: { callBuffer: 7 } }, { client: { withTypeMapping() {} } }].map((options) => ["client", options]),
    ...["", 7, "a{b", "}"].map((prefix) => ["prefix", { client, prefix }]),
    ["prefx", { client, prefx: "health:" }],
    ...[0, 1.5, 3_600_001, "1000"].map((leaseDuration) => ["leaseDuration", { client, leaseDuration }]),
  ]) {
    const error = await failure(createStore(options));
    assert.ok(error instanceof OptionError, `${option}: ${error}`);
    assert.equal(error.option, option);
    assert.doesNotMatch(error.message, /7181/);
  }
});

for (const [name, clientFor] of clients) {
  describe(name, () => {
    test("a server that may evict keys is refused, and told what to set", async (t) => {
      const own = await clientFor(t);
      t.after(() => client.config("SET", "maxmemory", "0", "maxmemory-policy", "noeviction"));
      for (const policy of ["allkeys-lru", "volatile-ttl", "allkeys-random"]) {
        await client.config("SET", "maxmemory", "100mb", "maxmemory-policy", policy);
        const error = await failure(createStore({ client: own }));
        assert.deepEqual([error.name, error.code], ["StoreError", "unsupported"]);
        assert.ok(error.message.includes(policy) && /set maxmemory-policy to noeviction/.test(error.message), error.message);
      }
      await client.config("SET", "maxmemory", "0");
      await createStore({ client: own });
      await client.config("SET", "maxmemory", "100mb", "maxmemory-policy", "noeviction");
      await createStore({ client: own });
    });

    test('a server without room is "quota", and the old value stays', async (t) => {
      const own = await clientFor(t);
      t.after(() => client.config("SET", "maxmemory", "0"));
      const store = await createStore({ client: own });
      await store.set("key", bytes("old"));
      await client.config("SET", "maxmemory", "1");
      const error = await failure(store.set("key", bytes("new-7181")));
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /7181|55, 49, 56, 49|37 31 38 31/, "nothing of the value is in the error or its cause");
      assert.deepEqual([error.name, error.code], ["StoreError", "quota"]);
      assert.equal(text(await store.get("key")), "old");
      await store.delete("key");
      await client.config("SET", "maxmemory", "0");
      await store.lock("name", async (lease) => {
        await store.set("key", bytes("old"), lease);
        await client.config("SET", "maxmemory", "1");
        await store.delete("key", lease);
        assert.equal(await store.get("key"), undefined, "room is made under a lease as well");
      });
    });

    test("a user who may not ask for the server's memory can use a store, and one who may not run scripts is told", async (t) => {
      await client.call("ACL", "SETUSER", "app", "on", ">word", "~*", "+@all", "-info");
      const own = await clientFor(t, { username: "app", password: "word" });
      const store = await createStore({ client: own });
      await store.lock("name", (lease) => store.set("key", bytes("v"), lease));
      await client.call("ACL", "SETUSER", "app", "-eval");
      const error = await failure(store.set("key", bytes("w")));
      assert.equal(error.code, "denied");
      assert.match(error.message, /allow it EVAL/);
    });

    test("keys of another program are an error that says so", async (t) => {
      const store = await createStore({ client: await clientFor(t), prefix: "mixed" });
      await client.set("{mixed}values", "a text");
      for (const call of [() => store.get("key"), () => store.set("key", bytes("v"))]) {
        const error = await failure(call());
        assert.equal(error.code, "store");
        assert.match(error.message, /another program/);
      }
    });

    test("a lease of which the server has forgotten is refused, even if the next one has its token", async (t) => {
      const store = await createStore({ client: await clientFor(t), leaseDuration: 60_000 });
      await store.lock("name", async (lease) => {
        // As a failover does to a replica that had not heard of it.
        await client.flushall();
        assert.equal((await failure(store.set("key", bytes("forgotten"), lease))).code, "fenced");
        const other = await createStore({ client });
        await other.lock("name", async (next) => {
          assert.equal(next.token, lease.token);
          await other.set("key", bytes("theirs"), next);
          assert.equal((await failure(store.set("key", bytes("late"), lease))).code, "fenced");
        });
      });
      assert.equal(text(await store.get("key")), "theirs");
    });

    test("a holder hears that its lease is another one's at its next heartbeat", async (t) => {
      const store = await createStore({ client: await clientFor(t), leaseDuration: 600 });
      await store.lock("name", async (lease) => {
        await client.set("{humansync:}lock:name", "somebody else");
        const begun = performance.now();
        await new Promise((resolve) => lease.signal.addEventListener("abort", resolve));
        assert.ok(performance.now() - begun < 550);
        assert.equal(lease.signal.reason.code, "lock-lost");
      });
      assert.equal(await client.get("{humansync:}lock:name"), "somebody else", "it is not freed by the one who lost it");
    });

    test("a client that is closed is an error, at once when a store is opened", async (t) => {
      const own = await clientFor(t);
      await (own.close ?? own.quit).call(own);
      const begun = performance.now();
      const error = await failure(createStore({ client: own }));
      assert.deepEqual([error.name, error.code], ["StoreError", "unreachable"]);
      assert.match(error.message, /the server cannot be reached/);
      assert.ok(performance.now() - begun < 5000);
    });
  });
}

describe("other clients", () => {
  const use = async (own) => {
    const store = await createStore({ client: own, prefix: "other" });
    const value = Uint8Array.from({ length: 300_000 }, (_, index) => index);
    const older = await store.lock("name", async (lease) => (await store.set("\ud83d\xff", value, lease), lease));
    await store.lock("name", async () => assert.equal((await failure(store.delete("\ud83d\xff", older))).code, "fenced"));
    assert.deepEqual(await store.get("\ud83d\xff"), value);
    assert.deepEqual(await store.keys("\ud83d"), ["\ud83d\xff"]);
    await store.delete("\ud83d\xff");
  };

  test("a pool of redis", async (t) => {
    const own = await createClientPool({ socket: { path: server.socket } }).on("error", () => {}).connect();
    t.after(() => own.close());
    await use(own);
  });

  test("a cluster, with redis and with ioredis", async (t) => {
    const { socket, port } = await redisClusterFor(endOf((stop) => t.after(stop)));
    const admin = new Redis(socket);
    await admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    while (!(await admin.call("CLUSTER", "INFO")).includes("cluster_state:ok"));
    admin.disconnect();
    const one = createCluster({ rootNodes: [{ socket: { host: "127.0.0.1", port } }] }).on("error", () => {});
    await one.connect();
    t.after(() => one.close());
    await use(one);
    const other = new Cluster([{ host: "127.0.0.1", port }]);
    t.after(() => other.disconnect());
    await use(other);
  });
});
