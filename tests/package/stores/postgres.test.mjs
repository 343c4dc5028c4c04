// The store in PostgreSQL: its tables and their versions, databases that cannot be reached, and what a pool may be.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import pg from "pg";
import { required } from "../node/support/installed.mjs";
import { pgbouncerFor } from "../support/servers/pgbouncer.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { endOf } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/postgres");
const { OptionError, StoreError } = required("humansync/slim");
const ending = endOf(after);
const text = (value) => new TextDecoder().decode(value);
const bytes = (value) => new TextEncoder().encode(value);
const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);

let server, bouncer, pool;
before(async () => {
  server = await postgresFor(ending);
  bouncer = await pgbouncerFor(ending, server);
  pool = poolOf({ connectionString: server.url });
});

function poolOf(options, atEnd = ending) {
  const made = new pg.Pool(options);
  made.on("error", () => {});
  atEnd(() => made.end());
  return made;
}
const query = async (sql, values = []) => (await pool.query(sql, values)).rows;

/** A pool over `pool`, with `around(text, run)` in place of each call. */
const poolWith = (around) => ({ query: (sql, values) => around(sql, () => pool.query(sql, values)) });

describe("the tables", () => {
  for (const [title, options] of [
    ["many machines at once make a new schema", () => ({ connectionString: server.url })],
    ["so they do through pgbouncer", () => ({ connectionString: bouncer.url })],
    ["so they do where transactions are serializable", () => ({ connectionString: server.url, options: "-c default_transaction_isolation=serializable" })],
  ]) {
    test(title, async (t) => {
      for (let round = 0; round < 5; round++) {
        const schema = `${title} ${round}`;
        const pools = Array.from({ length: 12 }, () => poolOf({ ...options(), max: 1 }, (stop) => t.after(stop)));
        const stores = await Promise.all(pools.map((own) => createStore({ pool: own, schema })));
        await stores[0].set("key", bytes(title));
        assert.equal(text(await stores[11].get("key")), title);
        assert.deepEqual(await query(`SELECT version FROM "${schema}".store_version`), [{ version: 1 }]);
      }
    });
  }

  test("a schema may have any name, and two have nothing in common", async () => {
    const names = ['we"ird', "o'clock\\", "$humansync$", "$humansync_$ $humansync$", "Größe", "UPPER", "upper", "a".repeat(63), "public"];
    const stores = [];
    for (const schema of names) stores.push(await createStore({ pool, schema }));
    for (const [index, store] of stores.entries()) await store.set("key", bytes(names[index]));
    for (const [index, store] of stores.entries()) assert.equal(text(await store.get("key")), names[index]);
    await stores[0].lock("name", () => stores[1].lock("name", () => stores[2].lock("name", async () => {})));
    const found = await query("SELECT nspname FROM pg_namespace");
    assert.deepEqual(names.filter((name) => !found.some(({ nspname }) => nspname === name)), []);
  });

  test('the default schema is "humansync", and opening it again writes nothing', async () => {
    await createStore({ pool });
    const seen = [];
    await createStore({ pool: poolWith((sql, run) => (seen.push(sql), run())) });
    assert.ok(seen.length > 0 && seen.every((sql) => /^SELECT version FROM "humansync"\.store_version$/.test(sql)), seen.join("\n"));
  });

  test("a user who may only use tables that are there opens them", async (t) => {
    await createStore({ pool, schema: "given" });
    await query(`CREATE ROLE worker LOGIN; GRANT USAGE ON SCHEMA given TO worker; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA given TO worker`);
    const own = poolOf({ connectionString: server.url.replace("tests@", "worker@") }, (stop) => t.after(stop));
    const store = await createStore({ pool: own, schema: "given" });
    await store.lock("name", (lease) => store.set("key", bytes("worker"), lease));
    const error = await failure(createStore({ pool: own, schema: "other" }));
    assert.deepEqual([error.name, error.code, error.cause.code], ["StoreError", "denied", "42501"]);
    assert.match(error.message, /grant it CREATE/);
  });

  test("those of a later version are refused before anything is written", async () => {
    const store = await createStore({ pool, schema: "later" });
    await store.set("key", bytes("kept"));
    await query("UPDATE later.store_version SET version = 99");
    const [before] = await query("SELECT pg_current_wal_insert_lsn() AS at");
    const error = await failure(createStore({ pool, schema: "later" }));
    assert.deepEqual([error.name, error.code], ["StoreError", "newer"]);
    assert.match(error.message, /later version of humansync/);
    assert.deepEqual(await query("SELECT pg_current_wal_insert_lsn() AS at"), [before], "not one record of the log");
  });

  test("a schema with tables of another program is refused, and left as it is", async () => {
    await query("CREATE SCHEMA foreign_one; CREATE TABLE foreign_one.store_leases (id int)");
    const error = await failure(createStore({ pool, schema: "foreign_one" }));
    assert.deepEqual([error.name, error.code, error.cause.code], ["StoreError", "store", "42P07"]);
    assert.match(error.message, /another program/);
    assert.deepEqual(await query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'foreign_one'"), [{ table_name: "store_leases" }]);
  });
});

describe("what is given", () => {
  test("anything but a pool, a schema and a time is refused", async () => {
    for (const [option, options] of [
      ...[undefined, null, 7, {}, { pool: null }, { pool: "postgres://me:secret-7181@host/db" }, { pool: { query: 7 } }].map((options) => ["pool", options]),
      ...["", 7, "a".repeat(64), "ü".repeat(32), "a\0b", "\ud83d"].map((schema) => ["schema", { pool, schema }]),
      ["shema", { pool, shema: "health" }],
      ...[0, 99, 1.5, NaN, Infinity, 3_600_001, "1000", null].map((leaseDuration) => ["leaseDuration", { pool, leaseDuration }]),
    ]) {
      const error = await failure(createStore(options));
      assert.ok(error instanceof OptionError, `${option}: ${error}`);
      assert.equal(error.option, option);
      assert.doesNotMatch(error.message, /7181/);
    }
  });

  test("a pool that gives texts for bytes is reported", async () => {
    const texts = poolWith(async (_, run) => {
      const inText = (value) => (Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : value);
      return { rows: (await run()).rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, inText(value)]))) };
    });
    const store = await createStore({ pool: texts });
    await store.set("texts", bytes("value"));
    for (const call of [() => store.get("texts"), () => store.keys("texts")]) assert.equal((await failure(call())).code, "unsupported");
  });

  test("PGlite is a pool as well", async (t) => {
    const { PGlite } = await import("@electric-sql/pglite");
    const database = new PGlite();
    t.after(() => database.close());
    const store = await createStore({ pool: database });
    const large = Uint8Array.from({ length: 1_000_000 }, (_, index) => index);
    const older = await store.lock("name", async (lease) => (await store.set("\ud83d\0", large, lease), lease));
    await store.lock("name", async () => assert.equal((await failure(store.delete("\ud83d\0", older))).code, "fenced"));
    assert.deepEqual(await store.get("\ud83d\0"), large);
    assert.deepEqual(await store.keys("\ud83d"), ["\ud83d\0"]);
    await database.exec("DROP TABLE humansync.store_values");
    const error = await failure(store.set("key", bytes("value-7181")));
    assert.equal(error.code, "store");
    assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }).replaceAll(/\s/g, ""), /7181|55,49,56,49/, "nothing of the value is in the error or its cause");
  });
});

describe("a database that cannot be reached", () => {
  for (const [title, options, code, happened] of [
    ["nobody listens", { host: "127.0.0.1", port: 1 }, "unreachable", /cannot be reached \(ECONNREFUSED\)/],
    ["there is no socket", { host: "/nowhere" }, "unreachable", /cannot be reached \(ENOENT\)/],
    ["there is no such host", { host: "nowhere.invalid" }, "unreachable", /cannot be reached \(E[A-Z_]+\)/],
  ]) {
    test(`${title}: createStore says so at once`, async (t) => {
      const own = poolOf({ ...options, user: "someone", password: "secret-7181", database: "health" }, (stop) => t.after(stop));
      const begun = performance.now();
      const error = await failure(createStore({ pool: own }));
      assert.ok(performance.now() - begun < 5000);
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, code);
      assert.match(error.message, happened);
      assert.ok(error.cause instanceof Error);
      assert.doesNotMatch(`${error.message} ${error.cause.message}`, /7181|someone/);
    });
  }

  test("there is no such database", async (t) => {
    const own = poolOf({ connectionString: server.url.replace(/postgres$/, "nothing") }, (stop) => t.after(stop));
    const error = await failure(createStore({ pool: own }));
    assert.deepEqual([error.code, error.cause.code], ["unreachable", "3D000"]);
    assert.match(error.message, /no such database/);
  });
});

describe("calls whose connection breaks", () => {
  const broken = () => Object.assign(new Error("Connection terminated unexpectedly"));

  test("what was done, and whose answer was lost, is done again and stays done", async () => {
    const seen = new Map();
    // Of each three calls of a kind, the first is lost on its way, and the second on its way back.
    const flaky = poolWith(async (sql, run) => {
      const times = (seen.get(sql) ?? 0) + 1;
      seen.set(sql, times);
      if (/store_version/.test(sql) || times % 3 === 0) return run();
      if (times % 3 === 2) await run();
      throw broken();
    });
    const store = await createStore({ pool: flaky, schema: "flaky", leaseDuration: 60_000 });
    const begun = performance.now();
    for (let round = 1; round <= 3; round++) {
      await store.lock("name", async (lease) => {
        assert.equal(lease.token, round, "a lease whose answer was lost is given again, not waited for");
        await store.set("key", bytes(`value ${round}`), lease);
        assert.equal(text(await store.get("key")), `value ${round}`);
        await store.delete("other", lease);
      });
    }
    assert.deepEqual(await store.keys(""), ["key"]);
    assert.ok(performance.now() - begun < 10_000);
  });

  test("what fails for good is reported after about ten seconds", async (t) => {
    const dead = { fails: false, query: async (sql, values) => (dead.fails ? Promise.reject(broken()) : pool.query(sql, values)) };
    const store = await createStore({ pool: dead, schema: "dead" });
    let waited = 0;
    t.mock.method(globalThis, "setTimeout", (run, ms = 0) => {
      // How long answers are waited for is no pause.
      if (ms < 10_000) waited += ms;
      return setImmediate(run);
    });
    dead.fails = true;
    for (const call of [() => store.set("key", bytes("v")), () => store.get("key"), () => store.delete("key"), () => store.keys(""), () => store.lock("name", () => assert.fail("nobody is in"))]) {
      waited = 0;
      const error = await failure(call());
      assert.deepEqual([error.name, error.code], ["StoreError", "unreachable"]);
      assert.equal(error.cause.message, "Connection terminated unexpectedly");
      assert.ok(waited > 7000 && waited < 14_000, `${waited} ms`);
    }
  });

  test("an error that does not pass is reported at once", async () => {
    const store = await createStore({ pool, schema: "dropped" });
    await query("DROP TABLE dropped.store_values");
    const begun = performance.now();
    const error = await failure(store.set("key", bytes("v")));
    assert.deepEqual([error.code, error.cause.code], ["store", "42P01"]);
    assert.ok(performance.now() - begun < 2000);
  });

  test("a lease whose heartbeats are not answered, or fail, is lost within its time; its writes go through until another one comes", async () => {
    for (const [broke, cause] of [[() => new Promise(() => {}), undefined], [() => Promise.reject(broken()), "Connection terminated unexpectedly"]]) {
      const deaf = poolWith((sql, run) => (/^UPDATE .* SET expires_at = clock/.test(sql) ? broke() : run()));
      const store = await createStore({ pool: deaf, schema: "deaf", leaseDuration: 300 });
      const begun = performance.now();
      await store.lock("name", async (lease) => {
        await new Promise((resolve) => lease.signal.addEventListener("abort", resolve));
        const waited = performance.now() - begun;
        assert.ok(waited > 250 && waited < 2000, `${waited} ms`);
        const { name, code, cause: why } = lease.signal.reason;
        assert.deepEqual([name, code, why?.message], ["StoreError", "lock-lost", cause]);
        await store.set("key", bytes("alone"), lease);
        const other = await createStore({ pool, schema: "deaf" });
        await other.lock("name", async () => assert.equal((await failure(store.set("key", bytes("late"), lease))).code, "fenced"));
        assert.equal(text(await store.get("key")), "alone");
      });
    }
  });
});
