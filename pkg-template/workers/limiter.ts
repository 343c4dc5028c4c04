// The pace of one App Key, kept in the database: lanes, of which each request in flight has one, and a time until which
// all pause.
//
// A lane is a row. Its holder shows by a heartbeat that it is alive; lanes of a process that is gone are free when
// their time is over, by the database's clock. One statement looks at the pause and takes lanes for all requests of
// this process that wait. A lane that is given back stays with the process for a moment, so that its next request takes
// it again. So requests that follow each other cost one statement each, or less; one by itself costs two, as its lane
// is given back. A process that has no lane looks for one from time to time; with eight processes for six lanes, that
// makes one to three statements for each request. How the lanes are shared is in lanes.ts.
//
// How small the gap is: a request that has passed the statement when the pause is written is sent nevertheless. That is
// the time of one answer of the database and of a few turns of the event loop. And a process that is stopped between
// the statement and its request, or that cannot reach the database until its lanes' time is over, may still have a
// request in flight when its lane has another holder.

import type { Limiter } from "../types/client-options.js";
import { type Answer, Lanes, type LanesOptions } from "./lanes.js";

/** How often a process shows that it is alive. Milliseconds. */
const HEARTBEAT = 1_500;
/** Between two looks of the first one in the queue of those who have no lane. For those behind it, it is a multiple. */
const POLLING = 40;
const LONGEST_POLLING = 400;
/** Between two looks of one who has its share of lanes, and would like more: it looks with each request that ends. */
const CONTENT = 1_000;
/** Between two looks while the database does not answer. */
const PATIENCE = 250;
/** How long an unused lane stays with this process, if nobody waits for it, or if somebody does. */
const KEPT = 100;
const KEPT_BRIEFLY = 10;
/** How long a lane is used again and again while others are hungry. */
const TURN = 500;
/** A timer takes no more. */
const LONGEST_SLEEP = 3_600_000;

export interface LimiterOptions extends LanesOptions {
  readonly trouble: (error: unknown) => void;
  /** Told that the server has asked this process for a pause. */
  readonly paused: () => void;
}

interface Lane {
  readonly number: number;
  /** When this process has taken it. */
  readonly since: number;
}

interface Waiter {
  readonly enter: (lane: Lane) => void;
}

export class SharedLimiter implements Limiter {
  readonly #lanes: Lanes;
  readonly #options: LimiterOptions;
  /** In order of arrival. */
  readonly #waiting: Waiter[] = [];
  /** All of this process, by their number, and those of them that no request has. */
  readonly #own = new Map<number, Lane>();
  #idle: Lane[] = [];
  /** By this machine's clock, as far as this process knows. */
  #pausedUntil = 0;
  #othersAreHungry = false;
  #isRunning: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #keeper: NodeJS.Timeout | undefined;
  #heart: NodeJS.Timeout | undefined;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#lanes = new Lanes(options);
  }

  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const lane = await new Promise<Lane>((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        if (this.#waiting.length === 0) this.#wake?.();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        enter(lane) {
          signal.removeEventListener("abort", leave);
          resolve(lane);
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
      // Where others wait in vain already, there is none for this one either.
      if (this.#waiting.length === 1) this.#run();
    });
    return () => this.#leave(lane);
  }

  async pause(until: Date): Promise<void> {
    this.#pausedUntil = Math.max(this.#pausedUntil, until.getTime());
    const milliseconds = until.getTime() - Date.now();
    if (!(milliseconds > 0)) return;
    this.#options.paused();
    await this.#lanes.pause(Math.min(Math.ceil(milliseconds), 365 * 86_400_000));
  }

  /** Shows that this process is there, and how many lanes there are for it, until `close()`. */
  async open(): Promise<void> {
    clearInterval(this.#heart);
    await this.#beat();
    let isBeating = false;
    this.#heart = setInterval(async () => {
      if (isBeating) return;
      isBeating = true;
      await this.#beat().catch(this.#options.trouble);
      isBeating = false;
    }, HEARTBEAT);
    this.#heart.unref();
  }

  /** Gives everything back. Nobody may wait or have a lane any more. It may be opened again. */
  async close(): Promise<void> {
    clearInterval(this.#heart);
    await this.#isRunning;
    clearTimeout(this.#keeper);
    this.#keeper = undefined;
    this.#own.clear();
    this.#idle = [];
    await this.#lanes.leave();
  }

  #leave(lane: Lane): void {
    // Not if its time was over, and it has been taken anew.
    if (this.#own.get(lane.number) !== lane || this.#idle.includes(lane)) return;
    this.#idle.push(lane);
    if (this.#waiting.length > 0) this.#run();
    else this.#keep();
  }

  #beat(): Promise<void> {
    return this.#lanes.beat([...this.#own.keys()]);
  }

  /** Gives idle lanes back after a while. */
  #keep(): void {
    this.#keeper ??= setTimeout(() => this.#run(), this.#othersAreHungry ? KEPT_BRIEFLY : KEPT);
  }

  /** Sees to it that those who wait are served, and that what nobody needs is given back. */
  #run(): void {
    clearTimeout(this.#keeper);
    this.#keeper = undefined;
    if (this.#pausedUntil <= Date.now()) this.#wake?.();
    this.#isRunning ??= this.#serve().finally(() => {
      this.#isRunning = undefined;
      // Somebody has come, or has left without the lanes that were taken.
      if (this.#waiting.length > 0) this.#run();
      else if (this.#idle.length > 0) this.#keep();
    });
  }

  async #serve(): Promise<void> {
    const queue = new QueuePatience();
    do {
      try {
        const { pause, ahead, missing } = await this.#exchange();
        const wait = pause > 0 ? pause + Math.random() * POLLING : queue.wait(ahead);
        // Not if somebody has come meanwhile, or a lane was left.
        const isInVain = pause > 0 || (this.#waiting.length <= missing && this.#idle.length === 0);
        if (this.#waiting.length > 0 && isInVain) await this.#sleep(wait);
      } catch (error) {
        this.#options.trouble(error);
        if (this.#waiting.length > 0) await this.#sleep(PATIENCE);
      }
    } while (this.#waiting.length > 0);
  }

  /** Until then, or until a lane is given back here, or nobody waits any more. */
  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(milliseconds, LONGEST_SLEEP));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** Also tells how many lanes were `missing` for those who waited when it was asked. */
  async #exchange(): Promise<Pick<Answer, "pause" | "ahead"> & { readonly missing: number }> {
    const now = Date.now();
    const wanted = this.#waiting.length;
    const idle = this.#idle;
    this.#idle = [];
    const again = idle.slice(0, wanted);
    const answer = await this.#lanes
      .exchange({
        busy: [...this.#own.values()].filter((lane) => !idle.includes(lane)).map(numberOf),
        unused: idle.slice(wanted).map(numberOf),
        fresh: again.filter(({ since }) => now - since < TURN).map(numberOf),
        old: again.filter(({ since }) => now - since >= TURN).map(numberOf),
        wanted,
      })
      .catch((error: unknown) => {
        // Whether it was done is not known. What is ours shows the next time, and what is not known to be ours runs
        // out.
        this.#idle.push(...idle);
        throw error;
      });
    for (const { number } of idle) this.#own.delete(number);
    const served = [...idle.filter(({ number }) => answer.kept.includes(number)), ...answer.taken.map((number) => ({ number, since: now }))];
    for (const lane of served) this.#own.set(lane.number, lane);
    this.#othersAreHungry = answer.hungry > 0;
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + answer.pause);
    const pause = Math.max(this.#pausedUntil - Date.now(), 0);
    const entering = pause > 0 ? [] : this.#waiting.splice(0, served.length);
    entering.forEach((waiter, index) => waiter.enter(served[index] as Lane));
    this.#idle.push(...served.slice(entering.length));
    return { pause, ahead: answer.ahead, missing: wanted - entering.length };
  }
}

/** How long to wait between looks: the less often, the further behind in the queue, and the longer it does not move. */
class QueuePatience {
  #ahead: number | undefined;
  #moved = 0;

  /** `ahead` is undefined for one that is not hungry. */
  wait(ahead: number | undefined): number {
    const now = performance.now();
    if (ahead !== this.#ahead) this.#moved = now;
    this.#ahead = ahead;
    if (ahead === undefined) return CONTENT;
    const interval = Math.max(POLLING * (1 + ahead), (now - this.#moved) / 4);
    // At random around it, so that processes do not look at once.
    return Math.min(interval, LONGEST_POLLING) * (0.75 + Math.random() / 2);
  }
}

function numberOf({ number }: Lane): number {
  return number;
}
