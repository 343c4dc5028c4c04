// What became of windows, as their workers told it: which were begun, lost with a worker that was killed, and taken
// over.

/** Keeps account of windows from the events of workers. */
export function accountOfWindows() {
  const held = new Map();
  const lost = new Map();
  const told = [];
  const account = { begun: 0, done: 0, failed: 0, returned: 0, lostWithWorkers: 0, lostByWorkers: 0, takenOver: 0, waits: [] };

  return {
    account,
    /** The workers that are doing windows. */
    get holders() {
      return [...new Set(held.values())];
    },
    /** What the worker has told since then, a time as `Date.now()` has it. */
    toldBy: (worker, since) => told.filter((event) => event.worker === worker && event.at >= since),
    /** A worker has told of a window. */
    heard(worker, { at, window, state }) {
      const key = keyOf(window);
      const now = Date.parse(at);
      told.push({ worker, at: now, state });
      if (state === "begun") {
        account.begun++;
        held.set(key, worker);
        if (lost.has(key)) {
          account.takenOver++;
          account.waits.push(now - lost.get(key));
          lost.delete(key);
        }
        return;
      }
      account[state === "lost" ? "lostByWorkers" : state]++;
      // Whoever has lost a window may say so when another one has begun it.
      if (held.get(key) === worker) held.delete(key);
    },
    /** The worker has been killed, and everything that it said has been heard. */
    killed(worker, now) {
      for (const [key, holder] of held) {
        if (holder !== worker) continue;
        held.delete(key);
        lost.set(key, now);
        account.lostWithWorkers++;
      }
    },
  };
}

function keyOf({ type, since, before }) {
  return `${type} ${since} ${before}`;
}
