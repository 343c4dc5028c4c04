// Many calls, few runs: one run for each key at a time, and no more than one afterwards.

/**
 * Returns `ask(key)`, after which `work(key)` runs once more from its beginning. A call while the key waits changes
 * nothing. Calls during its run cause one more, after it. At most `atOnce` keys are at work. `work` must not reject.
 */
export function coalesced(work, { atOnce }) {
  /** Where each key is: `"waiting"`, `"running"`, or `"again"`, which is running and asked for once more. */
  const states = new Map();
  const waiting = [];
  const running = new Set();
  let ended = false;

  function enqueue(key) {
    states.set(key, "waiting");
    waiting.push(key);
    startMore();
  }

  function startMore() {
    while (!ended && running.size < atOnce && waiting.length > 0) {
      const key = waiting.shift();
      states.set(key, "running");
      const run = work(key).then(() => {
        running.delete(run);
        const again = states.get(key) === "again";
        states.delete(key);
        if (again) enqueue(key);
        else startMore();
      });
      running.add(run);
    }
  }

  return {
    ask(key) {
      const state = states.get(key);
      if (state === undefined) enqueue(key);
      else if (state === "running") states.set(key, "again");
    },
    /** Starts nothing more, and waits for what is running. */
    async end() {
      ended = true;
      await Promise.all(running);
    },
  };
}
