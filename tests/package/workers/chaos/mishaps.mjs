// What goes wrong while workers work: each thing once, when a certain share of the records is there.

import { setTimeout as wait } from "node:timers/promises";

/** How long the server answers 429, and how long it asks to wait, in seconds. */
const PAUSE = 10;
/**
 * How long a worker is stopped, in milliseconds: longer than its lease, which is ten seconds, and what it takes to see
 * that.
 */
const STOP = 16_000;

/**
 * Lets things go wrong. `ground`, `crew` and `windows` are those of the workers; `log(text)` is told what happens.
 * `reached(share)` is to be called as the share of the records that are there grows; `ended()` waits for what is under
 * way.
 */
export function mishaps({ sandbox, ground, crew, windows, log, signal }) {
  const happened = { changes: 0, restarts: 0, pauses: 0, stopped: undefined };

  const plan = [
    { at: 0.1, happen: stop },
    { at: 0.2, happen: change },
    { at: 0.35, happen: crash },
    { at: 0.55, happen: pause },
    { at: 0.7, happen: change },
  ];
  const underWay = [];

  /** A worker stands still for so long that its windows are taken from it, and goes on as if nothing had been. */
  async function stop() {
    const worker = crew.present.find((worker) => windows.holders.includes(worker));
    if (!ground.isShared || worker === undefined) return;
    const from = Date.now();
    crew.stop(worker);
    log(`worker ${worker} is stopped`);
    await wait(STOP, undefined, { signal });
    crew.goOn(worker);
    log(`worker ${worker} goes on`);
    happened.stopped = { worker, from, milliseconds: Date.now() - from };
  }

  /** Records come and change, and some become visible that are dated where workers have read already. */
  async function change() {
    const answer = await sandbox.control("app/mutate", { insert: 40, late: 20, update: 60, sameSecond: 10, visibleLate: 10, lateSeconds: 200 });
    const records = Object.values(answer).reduce((sum, { inserted, updated }) => sum + inserted + updated, 0);
    happened.changes += records;
    log(`${records} records came or changed`);
  }

  /**
   * The server of the database ends at once, and recovers from its log when it starts. PGlite crashes with its worker.
   */
  async function crash() {
    if (!ground.isShared) return;
    log("PostgreSQL is restarted, with immediate");
    await ground.restart();
    happened.restarts++;
    log("PostgreSQL is back");
  }

  /** Whatever comes within the pause is refused. */
  async function pause() {
    await sandbox.control("faults", { errorRate: 1, errorStatus: 429, retryAfter: PAUSE });
    happened.pauses++;
    log(`the server answers 429, Retry-After: ${PAUSE}`);
    // Whoever waits as asked finds it in order again.
    await wait(PAUSE * 1000 - 500, undefined, { signal });
    await sandbox.control("faults", { errorRate: 0, retryAfter: null });
    log("the server answers again");
  }

  return {
    happened,
    reached(share) {
      while (plan.length > 0 && plan[0].at <= share) {
        const happening = plan.shift().happen();
        underWay.push(happening);
        // A failure is the one of `ended()`.
        happening.catch(() => {});
      }
    },
    async ended() {
      await Promise.all(underWay);
    },
  };
}
