// Time that passes only when a test says so: timers, Date, the monotonic clock, and a fixed chance.

/** Lets everything run that needs no time. */
export async function settled() {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Takes over the clocks of this process until the test `t` ends. `chance` is what Math.random gives. */
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
    /** Lets time pass in small steps until `promise` is settled; gives its outcome and when that was. */
    async until(promise, { step = 10, longest = 600_000 } = {}) {
      let outcome;
      promise.then(
        (value) => (outcome = { value }),
        (error) => (outcome = { error }),
      );
      await settled();
      while (outcome === undefined && time.elapsed < longest) {
        t.mock.timers.tick(step);
        // Few steps have something to do: one turn each, and all of them where something happened.
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
