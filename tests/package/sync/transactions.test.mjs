// sync.mjs and sync-postgres.mjs, killed again and again while the data change. In the end their tables equal the
// server's. After no kill are there a delta's records without its checkpoint, or a checkpoint without its records.
//
// Triggers of the database, of which the scripts know nothing, count the rows that are written to each table. The scripts
// add the number of rows of each delta to its type's row of `checkpoints`. The two numbers are equal as long as a delta
// and its checkpoint are stored together.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import pg from "pg";
import { SINCE, TYPES, appFor, assertEqual, assertWithinRules } from "./support/app.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { ran, scriptsFor } from "./support/examples.mjs";
import { mulberry32 } from "./support/random.mjs";
import { tablesFor } from "./support/reading.mjs";

const Database = createRequire(import.meta.url)("libsql");

/** For each database. HUMANSYNC_KILLS asks for another number. */
const KILLS = Number(process.env.HUMANSYNC_KILLS ?? 100);
const TABLES = TYPES.map((type) => type.replaceAll("/", "_"));

describe("killed at random", { concurrency: 2 }, () => {
  for (const [name, script, seed, open] of [
    ["SQLite", "sync.mjs", 1_308_2026, sqlite],
    ["PostgreSQL", "sync-postgres.mjs", 2_308_2026, postgres],
  ]) {
    test(`${name}: a year of all users, killed at ${KILLS} random moments, with each delta in one transaction`, async (t) => {
      const atEnd = endOf((stop) => t.after(stop));
      const app = await appFor(atEnd, "--app-records", "24000");
      const place = scriptsFor(atEnd);
      const database = await open(place, atEnd);
      const random = mulberry32(seed);
      const args = ["--base-url", app.url, ...database.args];
      await prepare({ app, place, script, args, database });

      // While it runs, one in ten requests for a list is followed by a change to it.
      await app.control("faults", { churn: 0.1 });
      let before = await database.counts();
      let span = 300;
      let productive = 0;
      for (let kills = 0; kills < KILLS; ) {
        const change = app.change({ insert: 2, late: 2, visibleLate: 2, update: 6, sameSecond: 4 });
        const { code, signal, complained } = await ran(place, script, [...args, "--since", SINCE], { killAfter: random() * span });
        await change;
        const now = await database.counts();
        assertTogether(now, `after ${kills} kills and ${signal}`);
        if (signal !== "SIGKILL") {
          assert.equal(code, 0, complained);
          // It ended sooner than it would have been killed. The next one has more to do.
          span *= 0.8;
          await app.pass(86_400);
          await app.change({ insert: 20, late: 20, update: 40 });
        } else {
          kills++;
          const advanced = now.checkpoints !== before.checkpoints;
          if (advanced) productive++;
          else span *= 1.1;
        }
        before = now;
      }
      await app.control("faults", { churn: 0 });
      const last = await ran(place, script, [...args, "--since", SINCE]);
      assert.equal(last.code, 0, last.complained);
      assertTogether(await database.counts(), "in the end");
      const rows = await database.compare(app);
      t.diagnostic(`${rows} rows; ${productive} of ${KILLS} runs had stored deltas before they were killed`);
      assert.ok(productive >= KILLS / 4, `only ${productive} of ${KILLS} runs had stored anything`);
      await assertWithinRules(app);
    });
  }
});

/** Has the script make its tables, empties them, and adds the triggers. */
async function prepare({ app, place, script, args, database }) {
  const { now } = await app.look();
  const { code, complained } = await ran(place, script, [...args, "--since", now]);
  assert.equal(code, 0, complained);
  await database.watch();
  const counts = await database.counts();
  assert.deepEqual(Object.keys(counts.tables).sort(), [...TABLES].sort());
  assertTogether(counts, "at the beginning");
}

/** Asserts that each table was written as often as its checkpoint says. */
function assertTogether({ tables }, when) {
  for (const [table, { written, told }] of Object.entries(tables)) {
    assert.equal(told, written, `${when}: ${written} rows were written to ${table}, and its checkpoint is of ${told}`);
  }
}

/** The counts of both sides by table, and a text that differs if any checkpoint does. */
function countsOf(rows) {
  const tables = Object.fromEntries(rows.map(({ name, written, told }) => [name, { written: Number(written), told: Number(told) }]));
  return { tables, checkpoints: JSON.stringify(rows.map(({ checkpoint }) => checkpoint)) };
}

const COUNTS = `SELECT names.name, (SELECT count(*) FROM written WHERE written.name = names.name) AS written,
  coalesce(checkpoints.records, 0) AS told, checkpoints.checkpoint
  FROM names LEFT JOIN checkpoints ON replace(checkpoints.type, '/', '_') = names.name ORDER BY names.name`;

async function sqlite(place) {
  const file = join(place, "killed.db");
  const opened = (work) => {
    const database = new Database(file);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    args: ["--database", file],
    watch: () =>
      opened((database) => {
        database.exec("CREATE TABLE written (name TEXT); CREATE INDEX by_name ON written (name); CREATE TABLE names (name TEXT); DELETE FROM checkpoints");
        for (const name of TABLES) {
          database.exec(`DELETE FROM ${name}; INSERT INTO names VALUES ('${name}')`);
          database.exec(`CREATE TRIGGER watch_${name} BEFORE INSERT ON ${name} BEGIN INSERT INTO written VALUES ('${name}'); END`);
        }
      }),
    counts: async () => opened((database) => countsOf(database.prepare(COUNTS).all())),
    compare: (app) => assertEqual(app, tablesFor(file)),
  };
}

async function postgres(_, atEnd) {
  const { url } = await postgresFor(atEnd);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  atEnd(() => client.end());
  const query = async (text, values) => (await client.query(text, values)).rows;
  return {
    args: ["--database-url", url],
    async watch() {
      await query("CREATE TABLE written (name text); CREATE TABLE names (name text); DELETE FROM checkpoints");
      await query(`CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO written VALUES (TG_TABLE_NAME); RETURN NEW; END $$`);
      for (const name of TABLES) {
        await query(`DELETE FROM ${name}; INSERT INTO names VALUES ('${name}')`);
        await query(`CREATE TRIGGER watch BEFORE INSERT ON ${name} FOR EACH ROW EXECUTE FUNCTION watch()`);
      }
    },
    async counts() {
      // The server may still be at work for a client that was killed.
      const others = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
      while ((await query(others)).length > 0);
      return countsOf(await query(COUNTS));
    },
    compare: (app) =>
      assertEqual(app, async (type) => (await query(`SELECT record FROM ${type.replaceAll("/", "_")}`)).map(({ record }) => record)),
  };
}
