// Writes to the store in PostgreSQL while another one takes over their lock, and while the server restarts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { required } from "../node/support/installed.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { NODE, endOf, serverProjectFor, start } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/postgres");
const ending = endOf(after);
const text = (value) => new TextDecoder().decode(value);
const bytes = (value) => new TextEncoder().encode(value);
const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);

let server, pool;
before(async () => {
  server = await postgresFor(ending);
  pool = poolOf({ connectionString: server.url });
});

function poolOf(options, atEnd = ending) {
  const made = new pg.Pool(options);
  made.on("error", () => {});
  atEnd(() => made.end());
  return made;
}
const query = async (sql, values = []) => (await pool.query(sql, values)).rows;

describe("a write that takes long", { timeout: 60_000 }, () => {
  const SCHEMA = "slow";
  /** A store whose database takes its time for the key "slow": until `may_go` has a row. */
  async function slowStore(options = {}) {
    const store = await createStore({ pool, schema: SCHEMA, ...options });
    await query(`CREATE TABLE IF NOT EXISTS slow.may_go (); CREATE OR REPLACE FUNCTION slow.wait() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN WHILE NOT EXISTS (SELECT FROM slow.may_go) LOOP PERFORM pg_sleep(0.01); END LOOP; RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER wait BEFORE INSERT ON slow.store_values FOR EACH ROW WHEN (NEW.key = 'slow') EXECUTE FUNCTION slow.wait();
      DELETE FROM slow.may_go; DELETE FROM slow.store_leases`);
    return store;
  }
  const seen = async (state, sql) => {
    while ((await query(`SELECT FROM pg_stat_activity WHERE ${state} AND query LIKE $1 AND pid <> pg_backend_pid()`, [sql])).length === 0);
  };
  /** A write that is in the trigger, and has its lease by then. */
  const begun = () => seen("wait_event = 'PgSleep'", "%INSERT INTO%store_values%");
  /** A statement that waits for a lock of another one. */
  const waiting = (sql) => seen("wait_event_type = 'Lock'", sql);

  test("the next holder waits for one that is under way, and sees what it has written", async () => {
    const [one, other] = [await slowStore(), await createStore({ pool: poolOf({ connectionString: server.url }), schema: SCHEMA })];
    await one.lock("name", async (lease) => {
      const late = one.set("slow", bytes("late"), lease);
      await begun();
      // As if its heartbeats had not arrived.
      await query("UPDATE slow.store_leases SET expires_at = '-infinity'");
      let isIn = false;
      const entered = other.lock("name", async () => {
        isIn = true;
        return text(await other.get("slow"));
      });
      await waiting("%store_leases AS held%");
      assert.equal(isIn, false);
      await query("INSERT INTO slow.may_go DEFAULT VALUES");
      await late;
      assert.equal(await entered, "late");
      assert.equal((await failure(one.set("slow", bytes("later"), lease))).code, "fenced");
    });
  });

  test("one that waits for the next holder is refused, though it has begun before", async (t) => {
    const store = await slowStore();
    const taker = await poolOf({ connectionString: server.url }, (stop) => t.after(stop)).connect();
    await store.lock("name", async (lease) => {
      // A takeover whose end is not seen yet.
      await taker.query("BEGIN; UPDATE slow.store_leases SET token = token + 1, holder = 'other'");
      const refusal = failure(store.set("key", bytes("late"), lease));
      await waiting("%FROM last%");
      await taker.query("COMMIT");
      taker.release();
      assert.equal((await refusal).code, "fenced");
      assert.equal(await store.get("key"), undefined);
    });
  });

  test("heartbeats do not wait for it", async () => {
    const store = await slowStore({ leaseDuration: 300 });
    await store.lock("name", async (lease) => {
      const slow = store.set("slow", bytes("done"), lease);
      await begun();
      // Several times the lease's time, as the database has it.
      const [{ expires_at: first }] = await query("SELECT expires_at FROM slow.store_leases WHERE expires_at > '-infinity'");
      const isLater = () => query("SELECT FROM slow.store_leases WHERE expires_at > $1::timestamptz + interval '1 second'", [first]);
      while (!lease.signal.aborted && (await isLater()).length === 0);
      await query("INSERT INTO slow.may_go DEFAULT VALUES");
      await slow;
      assert.equal(lease.signal.aborted, false);
    });
    assert.equal(text(await store.get("slow")), "done");
  });
});

describe("a server that restarts", () => {
  test("nothing is lost for which `set` resolved, leases go on, and no holder sees the break", { timeout: 120_000 }, async (t) => {
    const project = serverProjectFor((stop) => t.after(stop));
    const own = await postgresFor(endOf((stop) => t.after(stop)));
    const reader = poolOf({ connectionString: own.url }, (stop) => t.after(stop));
    await createStore({ pool: reader, schema: "restarted" });
    const writers = [0, 1, 2].map((number) => {
      const program = start((stop) => t.after(stop), NODE, join(project, "server-write.js"), "postgres", own.url, "restarted", `key ${number}`);
      const writer = { ...program, last: 0, wake: () => {} };
      writer.over = (async () => {
        for (let line = await program.line(); line !== undefined; line = await program.line()) {
          writer.last = Number(line);
          writer.wake();
        }
        writer.wake();
      })();
      return writer;
    });
    const further = (writer, steps) =>
      new Promise((resolve) => {
        const wanted = writer.last + steps;
        writer.wake = () => writer.last >= wanted && resolve();
        void writer.over.then(resolve);
      });
    for (let restart = 0; restart < 4; restart++) {
      await Promise.all(writers.map((writer) => further(writer, 30)));
      await own.restart();
    }
    await Promise.all(writers.map((writer) => further(writer, 30)));
    await Promise.all(writers.map(({ kill }) => kill()));
    await Promise.all(writers.map(({ over }) => over));
    const store = await createStore({ pool: reader, schema: "restarted" });
    for (const [number, { last, ended }] of writers.entries()) {
      assert.deepEqual(await ended, { code: null, signal: "SIGKILL", said: "" }, "no error ended it");
      const value = Number(text(await store.get(`key ${number}`)));
      assert.ok(value === last || value === last + 1, `${value} is there, ${last} was done`);
    }
    t.diagnostic(`${writers.map(({ last }) => last).join(", ")} values over four restarts`);
  });
});
