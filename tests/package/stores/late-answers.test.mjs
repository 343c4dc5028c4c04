// Calls of the stores on servers that are done late, that are never answered, or that fail with what was sent; and
// leases by a clock that was ahead.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import pg from "pg";
import { required } from "../node/support/installed.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { redisFor } from "../support/servers/redis.mjs";
import { endOf } from "./support/programs.mjs";

const postgres = required("humansync/stores/postgres");
const redis = required("humansync/stores/redis");
const ending = endOf(after);
const bytes = (value) => new TextEncoder().encode(value);
const textOf = async (store, key) => {
  const value = await store.get(key);
  return value === undefined ? undefined : new TextDecoder().decode(value);
};
const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);
const broken = () => Object.assign(new Error("Connection terminated unexpectedly"));

let pool, client;
before(async () => {
  pool = new pg.Pool({ connectionString: (await postgresFor(ending)).url });
  pool.on("error", () => {});
  ending(() => pool.end());
  client = new Redis((await redisFor(ending)).socket);
  ending(() => client.quit());
});
const query = async (sql, values = []) => (await pool.query(sql, values)).rows;

/** A store in `place`, whose calls `around(script, run)` stands in front of; `script` is the statement, or the script. */
const inPostgres = (place, around, options = {}) =>
  postgres.createStore({ schema: place, pool: { query: (sql, values) => around(sql, () => pool.query(sql, values)) }, ...options });
const inRedis = (place, around, options = {}) =>
  redis.createStore({ prefix: place, client: { callBuffer: (name, args) => around(args[0], () => client.callBuffer(name, args)) }, ...options });

const SERVERS = [
  {
    name: "PostgreSQL",
    open: inPostgres,
    calls: { set: /INSERT INTO \S+store_values/, delete: /DELETE FROM \S+store_values(?! WHERE value IS NULL)/, take: /INSERT INTO \S+store_leases/, free: /SET expires_at = '-infinity'/ },
    left: async (place) => (await query(`SELECT FROM ${place}.store_values`)).length,
    setAhead: (place) => query(`UPDATE ${place}.store_leases SET expires_at = clock_timestamp() + interval '5 hours'`),
  },
  {
    name: "Redis",
    open: inRedis,
    calls: { set: /'ZADD'/, delete: /'HDEL'/, take: /'SET'/, free: /redis.call\('DEL', KEYS\[1\]\)/ },
    left: (place) => client.hlen(`{${place}}values`),
    setAhead: (place) => client.pexpire(`{${place}}lock:name`, 5 * 3_600_000),
  },
];

/** `lose(call)` has the next one of that kind fail before it is done; `arrive()` does it then. */
function lossy() {
  let wanted;
  let late = [];
  return {
    around(script, run) {
      if (wanted === undefined || !wanted.test(script)) return run();
      wanted = undefined;
      late.push(run);
      return Promise.reject(broken());
    },
    lose: (call) => void (wanted = call),
    async arrive() {
      assert.equal(late.length, 1, "one call was lost");
      const [run] = late;
      late = [];
      await run();
    },
  };
}

for (const { name, open, calls, left, setAhead } of SERVERS) {
  describe(name, { timeout: 60_000 }, () => {
    describe("a call that is made again, and is done late as well", () => {
      test("a value does not go back to an earlier one of the same lease", async () => {
        const net = lossy();
        const store = await open("late_set", net.around);
        await store.lock("name", async (lease) => {
          await store.set("key", bytes("v0"), lease);
          net.lose(calls.set);
          await store.set("key", bytes("v1"), lease);
          assert.equal(await textOf(store, "key"), "v1");
          await store.set("key", bytes("v2"), lease);
          await net.arrive();
          assert.equal(await textOf(store, "key"), "v2");
        });
      });

      test("a deleted value does not come back, and nothing is left of it once the lock has another holder", async () => {
        const net = lossy();
        const store = await open("late_ghost", net.around);
        await store.lock("name", async (lease) => {
          net.lose(calls.set);
          await store.set("key", bytes("v1"), lease);
          await store.delete("key", lease);
          await net.arrive();
          assert.equal(await textOf(store, "key"), undefined);
          assert.deepEqual(await store.keys(""), []);
          net.lose(calls.set);
          await store.set("key", bytes("v2"), lease);
          assert.equal(await textOf(store, "key"), "v2");
          await store.delete("key", lease);
        });
        await store.lock("name", async () => {
          assert.equal(await left("late_ghost"), 0);
          await net.arrive();
          assert.equal(await left("late_ghost"), 0);
        });
      });

      test("a late delete does not take away a newer value", async () => {
        const net = lossy();
        const store = await open("late_delete", net.around);
        await store.lock("name", async (lease) => {
          await store.set("key", bytes("v1"), lease);
          net.lose(calls.delete);
          await store.delete("key", lease);
          assert.equal(await textOf(store, "key"), undefined);
          await store.set("key", bytes("v2"), lease);
          await net.arrive();
          assert.equal(await textOf(store, "key"), "v2");
        });
      });

      test("writes of other keys under the lock neither refuse each other nor wait", async () => {
        const net = lossy();
        const store = await open("late_others", net.around);
        await store.lock("name", async (lease) => {
          net.lose(calls.set);
          const keys = Array.from({ length: 20 }, (_, number) => `key ${number}`);
          await Promise.all(keys.map((key) => store.set(key, bytes(key), lease)));
          await net.arrive();
          for (const key of keys) assert.equal(await textOf(store, key), key);
        });
      });

      test("a lock that is taken once more keeps its holder, and is free when the work has ended", async () => {
        const net = lossy();
        const store = await open("late_take", net.around, { leaseDuration: 3_600_000 });
        net.lose(calls.take);
        await store.lock("name", async (lease) => {
          await net.arrive();
          await store.set("key", bytes("mine"), lease);
        });
        await store.lock("name", async () => assert.equal(await textOf(store, "key"), "mine"));
      });
    });

    describe("a call that is never answered", () => {
      const never = () => new Promise(() => {});

      test("does not keep a work from its outcome, nor the next one from its turn, when a lock is freed", async () => {
        let isDeaf = true;
        const store = await open("never_free", (script, run) => (isDeaf && calls.free.test(script) ? never() : run()), { leaseDuration: 300 });
        const first = store.lock("name", async () => "first");
        const second = store.lock("name", async () => ((isDeaf = false), "second"));
        assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
      });

      test("is made again when a lock is taken", async () => {
        let asked = 0;
        const store = await open("never_take", (script, run) => (calls.take.test(script) && ++asked === 1 ? never() : run()), { leaseDuration: 300 });
        await store.lock("name", async (lease) => assert.equal(lease.signal.aborted, false, "its time begins with the answered one"));
        assert.equal(asked, 2);
      });

      test("is made again when a value is written", async (t) => {
        const real = globalThis.setTimeout;
        t.mock.method(globalThis, "setTimeout", (run, ms, ...rest) => real(run, ms === 10_000 ? 50 : ms, ...rest));
        let asked = 0;
        const store = await open("never_set", (script, run) => (calls.set.test(script) && ++asked === 1 ? never() : run()));
        await store.lock("name", (lease) => store.set("key", bytes("there"), lease));
        assert.equal(await textOf(store, "key"), "there");
        assert.equal(asked, 2);
      });
    });

    test("a lock whose holder is dead is free where the server's clock was hours ahead when it was taken", async (t) => {
      const [one, other] = [await open("ahead", (_, run) => run(), { leaseDuration: 600_000 }), await open("ahead", (_, run) => run())];
      let end;
      const begun = new Promise((resolve) => {
        const dead = one.lock("name", () => new Promise((done) => resolve((end = done))));
        t.after(() => (end(), dead));
      });
      await begun;
      await setAhead("ahead");
      await other.lock("name", ({ token }) => assert.equal(token, 2));
    });
  });
}

test("PostgreSQL: a delete that comes while a given-up write is under way has the last word", { timeout: 60_000 }, async () => {
  let late;
  const own = { query: (sql, values) => (late === undefined && SERVERS[0].calls.set.test(sql) ? ((late = [sql, values]), Promise.reject(new TypeError("given up"))) : pool.query(sql, values)) };
  const store = await postgres.createStore({ pool: own, schema: "under_way" });
  await store.lock("name", async (lease) => {
    await failure(store.set("key", bytes("v1"), lease));
    const other = await pool.connect();
    await other.query("BEGIN");
    await other.query(...late);
    const deleted = store.delete("key", lease);
    while ((await query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM last%'")).length === 0);
    await other.query("COMMIT");
    other.release();
    await deleted;
    assert.equal(await textOf(store, "key"), undefined);
  });
});

describe("nothing of a value is in the cause of an error", { timeout: 60_000 }, () => {
  const VALUE = "weight-7181";
  const clean = (error) => {
    assert.ok(error.cause instanceof Error);
    const shown = inspect(error, { depth: 12, showHidden: true }).replaceAll(/\s/g, "");
    for (const form of [VALUE, Buffer.from(VALUE).toString("hex"), [...Buffer.from(VALUE)].join(","), Buffer.from(VALUE).toString("hex").replaceAll(/(..)(?=.)/g, "$1")]) assert.ok(!shown.includes(form), shown);
    return error.cause;
  };
  const thrown = {
    message: () => new Error(`could not write ${VALUE}`),
    "several lines": () => new Error(`could not write\n    at ${VALUE} (x.js:1:1)`),
    args: () => Object.assign(new Error("failed"), { code: "53100", args: [bytes(VALUE), VALUE] }),
    nested: () => Object.assign(new Error("failed", { cause: Object.assign(new Error(VALUE), { params: [VALUE] }) }), { code: "53100" }),
    several: () => new AggregateError([new Error(VALUE)], VALUE),
    frozen: () => Object.freeze(Object.assign(new Error("failed"), { code: "53100", parameters: [VALUE] })),
    detail: () => Object.assign(new Error("failed"), { code: "23514", detail: `Failing row contains (${VALUE})`, where: VALUE, hint: VALUE }),
    code: () => Object.assign(new Error("failed"), { code: VALUE, table: VALUE, name: VALUE }),
    text: () => VALUE,
    getter: () => Object.defineProperty({}, "message", { enumerable: true, get: () => assert.fail(VALUE) }),
  };
  for (const { name, open, calls } of SERVERS) {
    test(`${name}: whatever a client throws`, async (t) => {
      const real = globalThis.setTimeout;
      t.mock.method(globalThis, "setTimeout", (run, ms, ...rest) => real(run, ms < 5000 ? 0 : ms, ...rest));
      let error;
      const store = await open("secret", (script, run) => (error !== undefined && calls.set.test(script) ? Promise.reject(error) : run()));
      await store.lock("name", async (lease) => {
        for (const make of Object.values(thrown)) {
          error = make();
          clean(await failure(store.set("key", bytes(VALUE), lease)));
        }
      });
    });
  }

  test("PostgreSQL: a constraint's and a trigger's error keep what says where", async () => {
    const store = await postgres.createStore({ pool, schema: "checked" });
    await query("ALTER TABLE checked.store_values ADD CONSTRAINT small CHECK (length(value) < 5)");
    const cause = clean(await failure(store.set("key", bytes(VALUE))));
    const { code, severity, schema, table, constraint } = cause;
    assert.deepEqual({ code, severity, schema, table, constraint }, { code: "23514", severity: "ERROR", schema: "checked", table: "store_values", constraint: "small" });
    assert.equal(cause.message, "integrity constraint violation (23514)");
    assert.match(cause.stack, /^\w+: integrity constraint violation \(23514\)\n {4}at /, "where it was thrown");
    await query(`ALTER TABLE checked.store_values DROP CONSTRAINT small; CREATE FUNCTION checked.audit() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not allowed: %', convert_from(NEW.value, 'UTF8'); END $$;
      CREATE TRIGGER audit BEFORE INSERT ON checked.store_values FOR EACH ROW EXECUTE FUNCTION checked.audit()`);
    assert.equal(clean(await failure(store.set("key", bytes(VALUE)))).code, "P0001");
  });

  test("Redis: what both clients put on the server's errors", async () => {
    const store = await redis.createStore({ client, prefix: "typed" });
    await client.set("{typed}values", "a text");
    const cause = clean(await failure(store.set("key", bytes(VALUE))));
    assert.match(cause.message, /^WRONGTYPE /);
  });
});
