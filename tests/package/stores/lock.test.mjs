// Locks of the file store between processes: no two hold one, none waits for a dead process, and each gets its turn.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill } from "node:process";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";
import { required } from "../node/support/installed.mjs";
import { count } from "./programs/counter.js";
import { BUN, DENO, NODE, RUNTIMES, folderFor, outcomeIn, projectFor, start, unlessInstalled } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/file");
const project = projectFor(after);
const program = (name) => join(project, `${name}.js`);
const ending = (t) => (stop) => t.after(stop);

/** What is in the lock folder, besides the tokens. */
const lockFiles = (folder) => readdirSync(join(folder, "locks")).filter((file) => file !== "tokens");

/** The entries of the lock folder once `isThere` is true of them. */
async function locksOf(folder, isThere) {
  for (;;) {
    const files = lockFiles(folder);
    if (isThere(files)) return files;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const tickets = (number) => (files) => files.filter((file) => file.split(".").length === 3).length === number;

for (const [title, runtimes] of [
  ["four processes of Node", [NODE, NODE, NODE, NODE]],
  ["processes of Node, Deno and Bun", [NODE, DENO, BUN, NODE]],
]) {
  test(`${title} count to 100 together`, unlessInstalled(...runtimes), async (t) => {
    const folder = folderFor(ending(t));
    await Promise.all(runtimes.map((runtime) => outcomeIn(ending(t), runtime, program("count"), folder, "25")));
    assert.equal(await count(await createStore(folder), "counter"), 100);
    assert.deepEqual(lockFiles(folder), []);
  });
}

for (const runtime of RUNTIMES) {
  test(`a lock ends with its holder in ${runtime.name} that is killed, even if a process that it started lives on`, unlessInstalled(runtime), async (t) => {
    const folder = folderFor(ending(t));
    const store = await createStore(folder);
    const holder = start(ending(t), runtime, program("hold"), folder, ...(runtime === DENO ? [] : ["sleep"]));
    if (runtime !== DENO) {
      const other = Number(await holder.line());
      t.after(() => kill(other, "SIGKILL"));
    }
    assert.equal(await holder.line(), "held");
    let isIn = false;
    const entered = store.lock("name", async () => {
      isIn = true;
      return performance.now();
    });
    await locksOf(folder, tickets(2));
    assert.equal(isIn, false);
    const killed = performance.now();
    await holder.kill();
    assert.ok((await entered) - killed < 1000, "the next one is woken at once");
    assert.deepEqual(lockFiles(folder), [], "nothing is left of the dead one");
  });
}

test("a lock is passed on at once to the next waiter, in any runtime", unlessInstalled(...RUNTIMES), async (t) => {
  const folder = folderFor(ending(t));
  const store = await createStore(folder);
  const holders = [];
  for (const runtime of [...RUNTIMES, ...RUNTIMES]) {
    holders.push(start(ending(t), runtime, program("hold"), folder));
    // Each process is in the queue before the next one starts.
    await locksOf(folder, tickets(holders.length));
  }
  const last = store.lock("name", async () => performance.now());
  await locksOf(folder, tickets(holders.length + 1));
  const waits = [];
  let before;
  for (const holder of holders) {
    assert.equal(await holder.line(), "held", "the first to come is the first to get it");
    if (before !== undefined) waits.push(performance.now() - before);
    before = performance.now();
    holder.say("enough");
    assert.equal(await holder.line(), "done");
  }
  waits.push((await last) - before);
  t.diagnostic(`handed on in ${waits.map((wait) => wait.toFixed(1)).join(", ")} ms`);
  const median = waits.sort((one, other) => one - other)[waits.length >> 1];
  assert.ok(median < 100, `${median} ms`);
  for (const { ended } of holders) assert.deepEqual(await ended, { code: 0, signal: null, said: "" });
});

test("many processes wait and die at any moment, but never two hold the lock, and it is always passed on", unlessInstalled(...RUNTIMES), async (t) => {
  const folder = folderFor(ending(t));
  await createStore(folder);
  let born = 0;
  let rounds = 0;
  let two = 0;
  const wakeups = new Set();
  const guard = () => {
    const running = start(ending(t), RUNTIMES[born % 4] ?? NODE, program("guard"), folder, `mark ${born++}`);
    void (async () => {
      for (let line = await running.line(); line !== undefined; line = await running.line()) {
        if (line === "two") two++;
        else rounds++;
        for (const wake of wakeups) wake();
      }
    })();
    return running;
  };
  const until = (round) =>
    new Promise((resolve) => {
      const look = () => {
        if (rounds < round) return;
        wakeups.delete(look);
        resolve();
      };
      wakeups.add(look);
      look();
    });
  const guards = Array.from({ length: 5 }, guard);
  for (let death = 0; death < 40; death++) {
    // Some process has held the lock since the last death, so it is passed on. The moment differs each time.
    await until(rounds + 1 + Math.floor(Math.random() * 6));
    const victims = death % 4 === 0 ? 3 : 1;
    for (const index of [0, 1, 2, 3, 4].sort(() => Math.random() - 0.5).slice(0, victims)) {
      void guards[index].kill();
      guards[index] = guard();
    }
  }
  await until(rounds + 20);
  await Promise.all(guards.map(({ kill }) => kill()));
  assert.equal(two, 0);
  const store = await createStore(folder);
  await store.lock("name", async () => {});
  const left = lockFiles(folder).filter((name) => !name.startsWith("new-"));
  assert.deepEqual(left, [], "what is left of the dead is removed");
  t.diagnostic(`${born} processes, ${rounds} rounds`);
});

test("a worker thread that is terminated releases its lock", async (t) => {
  const folder = folderFor(ending(t));
  const store = await createStore(folder);
  const holder = new Worker(program("hold"), { argv: [folder], stdin: true, stdout: true });
  t.after(() => holder.terminate());
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  const entered = store.lock("name", async () => "in");
  await locksOf(folder, tickets(2));
  await holder.terminate();
  assert.equal(await entered, "in");
});

test("a worker of node:cluster holds its own lock without its parent", { timeout: 30_000 }, async (t) => {
  const folder = folderFor(ending(t));
  const store = await createStore(folder);
  const parent = start(ending(t), NODE, program("cluster"), folder);
  const worker = Number(await parent.line());
  assert.equal(await parent.line(), "held");
  const entered = store.lock("name", async () => "in");
  await locksOf(folder, tickets(2));
  // The parent cannot release the lock of its dead worker.
  kill(parent.pid, "SIGSTOP");
  kill(worker, "SIGKILL");
  assert.equal(await entered, "in");
});

test("a folder has one lock for each name, by whatever path, however long", async (t) => {
  const folder = folderFor(ending(t));
  const long = join(folder, ..."abcdefghij".split("").map((letter) => letter.repeat(60)));
  mkdirSync(long, { recursive: true });
  symlinkSync(long, join(folder, "link"));
  const holder = start(ending(t), NODE, program("hold"), long);
  assert.equal(await holder.line(), "held");
  const order = [];
  const enter = async (path) => (await createStore(path)).lock("name", async () => order.push(path));
  const both = [enter(join(folder, "link")), enter(long)];
  // Within one program they take turns, so only one of them is in the queue.
  await locksOf(long, tickets(2));
  assert.deepEqual(order, []);
  holder.say("enough");
  await Promise.all(both);
  assert.equal(order.length, 2);
  assert.deepEqual(lockFiles(long), []);
});

test("leftovers of processes that died in any state do not block a lock", async (t) => {
  const folder = folderFor(ending(t));
  const store = await createStore(folder);
  const holder = start(ending(t), NODE, program("hold"), folder);
  assert.equal(await holder.line(), "held");
  const [socket] = await locksOf(folder, tickets(1));
  const [lock] = socket.split(".");
  await holder.kill();
  // A ticket without its socket, and one whose socket is another kind of file.
  for (const file of [`${lock}.0000000000000000.7`, `${lock}.1111111111111111`, `${lock}.2222222222222222`, `${lock}.2222222222222222.9`]) {
    writeFileSync(join(folder, "locks", file), "");
  }
  assert.equal(await store.lock("name", async () => "in"), "in");
  assert.deepEqual(lockFiles(folder), []);
});

for (const runtime of RUNTIMES) {
  test(`a program in ${runtime.name} that has released a lock, or still holds one, can exit`, unlessInstalled(runtime), async (t) => {
    const folder = folderFor(ending(t));
    for (const mode of ["had", "holds"]) {
      const running = start(ending(t), runtime, program("end"), folder, mode);
      assert.equal(await running.line(), mode);
      const { signal } = await running.ended;
      assert.equal(signal, null);
      assert.equal(await (await createStore(folder)).lock("name", async () => "free"), "free");
    }
  });
}

// In Deno 2.9.5 node:net closes the descriptor of a local socket twice, the second time perhaps one that a file has got meanwhile.
test("in Deno, no lock goes over node:net", unlessInstalled(NODE, DENO), async (t) => {
  const callsIn = async (runtime) => {
    const folder = folderFor(ending(t));
    const store = await createStore(folder);
    let calls;
    await store.lock("name", async () => {
      calls = outcomeIn(ending(t), runtime, program("sockets"), folder);
      await locksOf(folder, tickets(2));
    });
    return calls;
  };
  assert.deepEqual(await callsIn(DENO), { listen: 0, connect: 0, outcome: "held" });
  const { listen, connect } = await callsIn(NODE);
  assert.ok(listen > 0 && connect > 0, "the calls are counted");
});

test("in Node, a global that is called Deno changes nothing", async (t) => {
  assert.equal(await outcomeIn(ending(t), NODE, program("shimmed"), folderFor(ending(t))), "held");
});
