// Leases of the stores on servers, between processes: who is stopped, killed or slow loses its lock after the lease's
// time, and what it writes afterwards is refused.

import assert from "node:assert/strict";
import { join } from "node:path";
import { kill } from "node:process";
import { after, before, describe, test } from "node:test";
import { pgbouncerFor } from "../support/servers/pgbouncer.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { redisFor } from "../support/servers/redis.mjs";
import { NODE, endOf, serverProjectFor, start } from "./support/programs.mjs";

const ending = endOf(after);
const text = (value) => new TextDecoder().decode(value);
const bytes = (value) => new TextEncoder().encode(value);

for (const [where, kind, serve] of [
  ["PostgreSQL", "postgres", async () => (await postgresFor(ending)).url],
  ["PostgreSQL through pgbouncer", "postgres", async () => (await pgbouncerFor(ending, await postgresFor(ending))).url],
  ["Redis with redis", "redis", async () => (await redisFor(ending)).socket],
  ["Redis with ioredis", "ioredis", async () => (await redisFor(ending)).socket],
]) {
  describe(where, () => {
    let project, address, opener;
    before(async () => {
      project = serverProjectFor(ending);
      address = await serve();
      opener = await (await import(join(project, "openers.js"))).openerOf(kind, address);
      ending(() => opener.close());
    });
    const holderFor = async (t, place, leaseDuration) => {
      const holder = start((stop) => t.after(stop), NODE, join(project, "holder.js"), kind, address, place, String(leaseDuration));
      const [word, token] = (await holder.line()).split(" ");
      assert.equal(word, "held");
      return { ...holder, token: Number(token) };
    };

    test("a holder that is stopped beyond its lease, and goes on, writes nothing more, and is told", async (t) => {
      const holder = await holderFor(t, "stopped", 1000);
      holder.say("write mine");
      assert.equal(await holder.line(), "written");
      kill(holder.pid, "SIGSTOP");
      const store = await opener.open("stopped", { leaseDuration: 1000 });
      await store.lock("name", async (lease) => {
        assert.ok(lease.token > holder.token);
        assert.equal(text(await store.get("key")), "mine");
        await store.set("key", bytes("theirs"), lease);
        kill(holder.pid, "SIGCONT");
        assert.equal(await holder.line(), "lost lock-lost");
        holder.say("write late");
        assert.equal(await holder.line(), "fenced");
        assert.equal(text(await store.get("key")), "theirs");
        holder.say("end");
        assert.equal(await holder.line(), "done");
        // What the first one has ended is not the lock of the second one.
        await store.set("key", bytes("still theirs"), lease);
        assert.equal(lease.signal.aborted, false);
      });
      assert.equal(text(await store.get("key")), "still theirs");
    });

    test("what a stopped holder had begun to write is refused as well when it arrives late", async (t) => {
      const holder = await holderFor(t, "begun", 500);
      kill(holder.pid, "SIGSTOP");
      // It is read as soon as the process goes on, before any timer has told it anything.
      for (let line = 0; line < 20; line++) holder.say("write late");
      const store = await opener.open("begun", { leaseDuration: 500 });
      await store.lock("name", async (lease) => {
        await store.set("key", bytes("theirs"), lease);
        kill(holder.pid, "SIGCONT");
        const said = [];
        while (said.filter((line) => line === "fenced").length < 20) said.push(await holder.line());
        assert.deepEqual(new Set(said), new Set(["fenced", "lost lock-lost"]));
        assert.equal(text(await store.get("key")), "theirs");
      });
    });

    test("the lock of a holder that is killed is free after the lease's time, and not before", async (t) => {
      const holder = await holderFor(t, "killed", 1500);
      await holder.kill();
      const killed = performance.now();
      const store = await opener.open("killed");
      await store.lock("name", async ({ token }) => {
        const waited = performance.now() - killed;
        // Its last heartbeat was a third of the time before, or less, if the machine was not busy.
        assert.ok(waited > 300, `free after ${waited} ms`);
        assert.ok(token > holder.token);
      });
    });

    test("a lock is free at once when its work ends, whatever the lease's time", async (t) => {
      const holder = await holderFor(t, "released", 600_000);
      const store = await opener.open("released");
      let isIn = false;
      const entered = store.lock("name", async ({ token }) => {
        isIn = true;
        assert.equal(token, holder.token + 1);
      });
      holder.say("write mine");
      assert.equal(await holder.line(), "written");
      assert.equal(isIn, false);
      holder.say("end");
      const ended = performance.now();
      await entered;
      assert.ok(performance.now() - ended < 3000);
    });

    test("a holder that lives keeps its lock far beyond the lease's time", async (t) => {
      const holder = await holderFor(t, "kept", 300);
      const store = await opener.open("kept", { leaseDuration: 300 });
      let isIn = false;
      const entered = store.lock("name", async () => void (isIn = true));
      // Nothing but time may make a difference here.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.equal(isIn, false);
      holder.say("write mine");
      assert.equal(await holder.line(), "written");
      holder.say("end");
      await entered;
    });

    test("four processes count to 100 together", async (t) => {
      const counters = Array.from({ length: 4 }, () => start((stop) => t.after(stop), NODE, join(project, "server-count.js"), kind, address, "counted", "25"));
      for (const { ended } of counters) assert.deepEqual(await ended, { code: 0, signal: null, said: "" });
      assert.equal(text(await (await opener.open("counted")).get("counter")), "100");
    });

    test("a late write never comes after what the next holder has seen", async () => {
      const [one, other] = [await opener.open("race"), await opener.open("race")];
      let refused = 0;
      for (let round = 0; round < 40; round++) {
        const older = await one.lock("name", async (lease) => lease);
        let isOver = false;
        const late = Array.from({ length: 3 }, async (_, key) => {
          for (let number = 0; !isOver; number++) {
            const code = await one.set(`key ${key}`, bytes(`late ${round} ${number}`), older).then(() => undefined, (error) => error.code);
            if (code === undefined) continue;
            assert.equal(code, "fenced");
            refused++;
            return;
          }
        });
        const state = () => Promise.all([0, 1, 2].map(async (key) => text((await other.get(`key ${key}`)) ?? new Uint8Array())));
        await other.lock("name", async (lease) => {
          const seen = await state();
          await other.set("mark", bytes(String(round)), lease);
          assert.deepEqual(await state(), seen);
        });
        isOver = true;
        await Promise.all(late);
      }
      assert.ok(refused > 0);
    });
  });
}
