// Time that passes only when a test says so: timers, Date and the monotonic clock. Math.random has a fixed value.

/** Runs all pending work that needs no time to pass. */
export async function settled() {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Replaces the clocks of this process until the test `t` ends. `chance` is the value of Math.random. */
export function virtualTime(t, { now = Date.parse("2024-05-01T00:00:00Z"), chance = 0.5 } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now });
  t.mock.method(performance, "now", () => Date.now() - now);
  t.mock.method(Math, "random", () => chance);

  const time = {
    get elapsed() {
      return Date.now() - now;
    },
    async pass(milliseconds) {
      await settled();
      t.mock.timers.tick(milliseconds);
      await settled();
    },
    /** Lets time pass in small steps until `promise` is settled; returns its outcome and the time that has passed. */
    async until(promise, { step = 10, longest = 600_000 } = {}) {
      let outcome;
      promise.then(
        (value) => (outcome = { value }),
        (error) => (outcome = { error }),
      );
      await settled();
      while (outcome === undefined && time.elapsed < longest) {
        t.mock.timers.tick(step);
        // One turn is enough for most steps. All pending work is run only once a second, because that is slow.
        await new Promise((resolve) => setImmediate(resolve));
        if (outcome === undefined && time.elapsed % 1000 === 0) await settled();
      }
      await settled();
      if (outcome === undefined) throw new Error(`nothing was settled within ${longest} ms`);
      return { ...outcome, at: time.elapsed };
    },
  };
  return time;
}
