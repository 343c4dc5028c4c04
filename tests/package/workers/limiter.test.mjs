// The limiter of workers by itself, with several in the place of several processes.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import pg from "pg";
import { packageFolder } from "../node/support/installed.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { mulberry32 } from "../sync/support/random.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";

const { SharedLimiter } = await import(join(packageFolder, "workers/limiter.js"));
const { migrate } = await import(join(packageFolder, "workers/schema.js"));
const { postgres } = await import(join(packageFolder, "workers/postgres.js"));

const never = () => new AbortController().signal;

describe("the limiter in PostgreSQL", { timeout: 240_000 }, () => {
  let server;
  let database;
  let schemas = 0;
  before(async () => {
    server = await postgresFor(endOf((stop) => ends.push(stop)));
    database = await postgres({ database: new pg.Pool({ connectionString: server.url, max: 20 }), concurrency: 1, leaseDuration: 10_000 }, () => {});
  });
  const ends = [];
  // The pool is closed before its server.
  test.after(async () => {
    for (const end of ends) await end();
  });

  /** So many limiters on tables of their own, and how many statements they have made. */
  async function limitersFor(t, lanes) {
    const schema = `limiter_${++schemas}`;
    await migrate(database, schema, { clientId: "demo-app" });
    const counted = { statements: 0 };
    const watched = {
      query(text, values) {
        counted.statements++;
        return database.query(text, values);
      },
    };
    const troubles = [];
    const limiters = lanes.map((lanes) => new SharedLimiter({ database: watched, schema, id: randomUUID(), lanes, trouble: (error) => troubles.push(error), paused: () => {} }));
    for (const limiter of limiters) await limiter.open();
    t.after(async () => {
      for (const limiter of limiters) await limiter.close();
    });
    return { limiters, counted, troubles, schema };
  }

  test("there are never more in it than lanes, and everybody gets in", async (t) => {
    const { limiters, counted, troubles } = await limitersFor(t, [4, 4, 4]);
    const random = mulberry32(4);
    let [inside, most, entered] = [0, 0, 0];
    counted.statements = 0;
    const one = async (limiter) => {
      for (let times = 0; times < 20; times++) {
        const leave = await limiter.enter(never());
        most = Math.max(most, ++inside);
        await pass(random() * 10);
        inside--;
        leave();
        leave(); // twice does no harm
        entered++;
      }
    };
    await Promise.all(limiters.flatMap((limiter) => [one(limiter), one(limiter), one(limiter), one(limiter)]));
    assert.deepEqual({ most, entered, troubles: troubles.length }, { most: 4, entered: 240, troubles: 0 });
    t.diagnostic(`${counted.statements} statements for ${entered} requests of three processes that compete`);
  });

  test("requests of a process that is alone take a statement each at most, if they follow each other", async (t) => {
    const { limiters, counted } = await limitersFor(t, [6]);
    counted.statements = 0;
    const one = async () => {
      for (let times = 0; times < 25; times++) {
        const leave = await limiters[0].enter(never());
        await pass(2);
        leave();
      }
    };
    await Promise.all([one(), one(), one(), one(), one(), one()]);
    assert.ok(counted.statements <= 155, `${counted.statements} statements for 150 requests`);
    // One by itself gives its lane back.
    await pass(300);
    const before = counted.statements;
    (await limiters[0].enter(never()))();
    await pass(300);
    const heartbeat = 2;
    assert.ok(counted.statements - before <= 2 + heartbeat, `${counted.statements - before} statements for one request`);
  });

  // Two cores that are busy with other things are not what is promised: the bounds are about twice of what was measured.
  for (const [processes, takes, statements, longest] of [
    [2, 10, 2, 2_000],
    [2, 200, 2, 2_000],
    [8, 10, 2.5, 3_000],
    [8, 200, 4.5, 4_000],
  ]) {
    test(`${processes} processes that compete with requests of ${takes} ms`, async (t) => {
      const { limiters, counted, troubles } = await limitersFor(t, Array.from({ length: processes }, () => 6));
      const waits = limiters.map(() => []);
      let [inside, most] = [0, 0];
      let isOver = false;
      counted.statements = 0;
      const one = async (limiter, waits) => {
        while (!isOver) {
          const begun = performance.now();
          const leave = await limiter.enter(never());
          waits.push(performance.now() - begun);
          most = Math.max(most, ++inside);
          await pass(takes);
          inside--;
          leave();
        }
      };
      const all = limiters.flatMap((limiter, index) => Array.from({ length: 6 }, () => one(limiter, waits[index])));
      await pass(5_000);
      isOver = true;
      await Promise.all(all);
      const sorted = waits.flat().sort((a, b) => a - b);
      const each = (counted.statements / sorted.length).toFixed(1);
      const [median, late, last] = [0.5, 0.99, 1].map((part) => Math.round(sorted[Math.ceil(sorted.length * part) - 1]));
      const counts = waits.map(({ length }) => length);
      t.diagnostic(`${sorted.length} requests, ${each} statements each; they waited ${median} ms (median), ${late} ms (99 of 100), ${last} ms (longest); ${counts.join(", ")} of each process`);
      assert.deepEqual(troubles, []);
      assert.ok(most <= 6, `${most} at once`);
      assert.ok(each <= statements, `${each} statements for each request`);
      assert.ok(last < longest, `one waited for ${last} ms`);
      assert.ok(Math.min(...counts) > Math.max(...counts) / 3, `the processes had ${counts.join(", ")}`);
    });
  }

  test("heartbeats and those who take lanes do not lock each other out", async (t) => {
    const set = globalThis.setInterval;
    t.mock.method(globalThis, "setInterval", (run, _, ...given) => set(run, 5, ...given));
    const { limiters, troubles } = await limitersFor(t, [6, 6, 6]);
    let isOver = false;
    const one = async (limiter) => {
      while (!isOver) {
        const leave = await limiter.enter(never());
        await pass(2 + Math.random() * 6);
        leave();
      }
    };
    const all = limiters.flatMap((limiter) => Array.from({ length: 6 }, () => one(limiter)));
    await pass(5_000);
    isOver = true;
    await Promise.all(all);
    assert.deepEqual(troubles, []);
  });

  test("one that is opened twice has one heartbeat, which ends when it is closed", async (t) => {
    const { limiters, counted } = await limitersFor(t, [2]);
    const beating = t.mock.method(globalThis, "setInterval");
    const ended = t.mock.method(globalThis, "clearInterval");
    await limiters[0].open();
    await limiters[0].open();
    await limiters[0].close();
    const stopped = ended.mock.calls.map((call) => call.arguments[0]);
    assert.equal(beating.mock.calls.length, 2);
    for (const { result } of beating.mock.calls) assert.ok(stopped.includes(result));
    const before = counted.statements;
    await pass(2_000);
    assert.equal(counted.statements, before);
    await limiters[0].open();
    (await limiters[0].enter(never()))();
  });

  test("two whose lanes' time is over at once do not wait for each other", async (t) => {
    const { limiters, troubles, schema } = await limitersFor(t, [4, 4]);
    for (let round = 0; round < 20; round++) {
      const leaving = await Promise.all(limiters.flatMap((limiter) => [limiter.enter(never()), limiter.enter(never())]));
      await database.query(`UPDATE ${schema}.work_lanes SET expires_at = now() - interval '1 second' WHERE holder IS NOT NULL`);
      const entering = limiters.flatMap((limiter) => [limiter.enter(never()), limiter.enter(never())]);
      for (const leave of leaving) leave();
      for (const leave of await Promise.all(entering)) leave();
    }
    assert.deepEqual(troubles, []);
  });

  test("those of one process get in in the order in which they came", async (t) => {
    const { limiters } = await limitersFor(t, [1]);
    const order = [];
    const enter = async (number) => {
      const leave = await limiters[0].enter(never());
      order.push(number);
      await pass(3);
      leave();
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(enter));
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("one that always has something to send leaves lanes to others", async (t) => {
    const { limiters } = await limitersFor(t, [1, 1]);
    let isOver = false;
    const busy = (async () => {
      while (!isOver) {
        const leave = await limiters[0].enter(never());
        await pass(5);
        leave();
      }
    })();
    await pass(50);
    const begun = performance.now();
    (await limiters[1].enter(never()))();
    const took = performance.now() - begun;
    isOver = true;
    await busy;
    assert.ok(took < 3000, `it waited for ${took} ms`);
  });

  test("a pause holds for all, and a shorter one does not shorten it", async (t) => {
    const { limiters } = await limitersFor(t, [2, 2]);
    const until = Date.now() + 1200;
    await limiters[0].pause(new Date(until));
    await limiters[1].pause(new Date(Date.now() + 100));
    await limiters[1].pause(new Date(0));
    const entered = await Promise.all(limiters.map(async (limiter) => {
      const leave = await limiter.enter(never());
      const at = Date.now();
      leave();
      return at;
    }));
    for (const at of entered) assert.ok(at >= until - 2, `it was entered ${until - at} ms too early`);
  });

  test("a pause that comes while others wait for a lane holds for them", async (t) => {
    const { limiters } = await limitersFor(t, [1, 1]);
    const leave = await limiters[0].enter(never());
    const waiting = limiters[1].enter(never()).then((leave) => (leave(), Date.now()));
    await pass(100);
    const until = Date.now() + 700;
    await limiters[0].pause(new Date(until));
    leave();
    assert.ok((await waiting) >= until - 2);
  });

  test("a signal ends a wait with its reason, and the lane goes to the next", async (t) => {
    const { limiters } = await limitersFor(t, [1]);
    const leave = await limiters[0].enter(never());
    const reason = new Error("enough");
    const impatient = new AbortController();
    const refused = assert.rejects(limiters[0].enter(impatient.signal), reason);
    const next = limiters[0].enter(never());
    impatient.abort(reason);
    await refused;
    await assert.rejects(limiters[0].enter(AbortSignal.abort(reason)), reason);
    leave();
    (await next)();
  });

  test("the smallest number of lanes holds for all, while its process is there", async (t) => {
    const { limiters } = await limitersFor(t, [5, 2]);
    const taken = [];
    const all = Array.from({ length: 4 }, () => limiters[0].enter(never()).then((leave) => taken.push(leave)));
    await pass(400);
    assert.equal(taken.length, 2);
    for (const leave of taken) leave();
    await Promise.all(all);
    for (const leave of taken) leave();
  });

  test("a lane whose time is over goes to another, and its late holder cannot give that one's away", async (t) => {
    const { limiters, schema } = await limitersFor(t, [1, 1]);
    const late = await limiters[0].enter(never());
    // As if the first process had been stopped for a long time.
    await database.query(`UPDATE ${schema}.work_lanes SET expires_at = now() - interval '1 second' WHERE lane = 0`);
    const leave = await limiters[1].enter(never());
    late();
    let isIn = false;
    const third = limiters[0].enter(never()).then((leave) => {
      isIn = true;
      leave();
    });
    await pass(300);
    assert.equal(isIn, false);
    leave();
    await third;
  });

  test("a server that is restarted is waited for", async (t) => {
    const { limiters, troubles } = await limitersFor(t, [2]);
    const leave = await limiters[0].enter(never());
    await server.stop();
    leave();
    const waiting = limiters[0].enter(never());
    while (troubles.length === 0) await pass(20);
    await server.start();
    (await waiting)();
  });
});
