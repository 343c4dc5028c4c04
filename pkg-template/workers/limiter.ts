// The pace of one App Key, kept in the database: lanes, of which each request in flight has one, and a time until which
// all pause.
//
// A lane is a row. Its holder shows by a heartbeat that it is alive; lanes of a process that is gone are free when
// their time is over, by the database's clock. One statement looks at the pause and takes lanes for all requests of
// this process that wait. A lane that is given back stays with the process for a moment, so that its next request takes
// it again: a request costs one statement at most. It goes to others after a while, if there are others who wait.
//
// How small the gap is: a request that has passed the statement when the pause is written is sent nevertheless. That is
// the time of one answer of the database and of a few turns of the event loop. And a process that is stopped between
// the statement and its request, or that cannot reach the database for longer than `LEASE`, may still have a request in
// flight when its lane has another holder.

import type { Limiter } from "../types/client-options.js";
import type { Queryable } from "./database.js";

/** How long a lane stays with a process that shows no sign of life, and how often one is shown. Milliseconds. */
const LEASE = 6_000;
const HEARTBEAT = 1_500;
/** Between two looks while all lanes are taken: at random around it, so that processes do not look at once. */
const POLLING = 30;
/** Between two looks while the database does not answer. */
const PATIENCE = 250;
/** How long an unused lane stays with this process, and how long one is used again and again while others wait. */
const KEPT = 20;
const TURN = 500;

export interface LimiterOptions {
  readonly database: Queryable;
  readonly schema: string;
  /** Of this process. */
  readonly id: string;
  readonly lanes: number;
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
  readonly #options: LimiterOptions;
  /** In order of arrival. */
  readonly #waiting: Waiter[] = [];
  /** All of this process, by their number, and those of them that no request has. */
  readonly #own = new Map<number, Lane>();
  #idle: Lane[] = [];
  /** By this machine's clock, as far as this process knows. */
  #pausedUntil = 0;
  #isRunning: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #keeper: NodeJS.Timeout | undefined;
  #heart: NodeJS.Timeout | undefined;

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const lane = await new Promise<Lane>((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
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
      this.#run();
    });
    return () => this.#leave(lane);
  }

  async pause(until: Date): Promise<void> {
    this.#pausedUntil = Math.max(this.#pausedUntil, until.getTime());
    const milliseconds = until.getTime() - Date.now();
    if (!(milliseconds > 0)) return;
    this.#options.paused();
    // By the database's clock, as those of machines differ.
    await this.#options.database.query(
      `UPDATE ${this.#options.schema}.work_pace SET pause_until = greatest(pause_until, clock_timestamp() + $1 * interval '1 millisecond')`,
      [Math.min(Math.ceil(milliseconds), 365 * 86_400_000)],
    );
  }

  /** Shows that this process is there, and how many lanes there are for it. */
  async open(): Promise<void> {
    await this.#beat();
    this.#heart = setInterval(() => void this.#beat().catch(this.#options.trouble), HEARTBEAT);
    this.#heart.unref();
  }

  /** Gives everything back. Nobody may wait or have a lane any more. */
  async close(): Promise<void> {
    clearInterval(this.#heart);
    clearTimeout(this.#keeper);
    await this.#isRunning;
    const { database, schema, id } = this.#options;
    await database.query(
      `WITH back AS (UPDATE ${schema}.work_lanes SET holder = NULL, expires_at = NULL WHERE holder = $1) DELETE FROM ${schema}.work_processes WHERE id = $1`,
      [id],
    );
  }

  #leave(lane: Lane): void {
    // Not if its time was over, and it has been taken anew.
    if (this.#own.get(lane.number) !== lane || this.#idle.includes(lane)) return;
    this.#idle.push(lane);
    if (this.#waiting.length > 0) this.#run();
    else this.#keeper ??= setTimeout(() => this.#run(), KEPT);
  }

  async #beat(): Promise<void> {
    const { database, schema, id, lanes } = this.#options;
    await database.query(
      `WITH gone AS (DELETE FROM ${schema}.work_processes WHERE seen_at < clock_timestamp() - interval '1 hour'),
         held AS (UPDATE ${schema}.work_lanes SET expires_at = clock_timestamp() + $4 * interval '1 millisecond' WHERE holder = $1 AND lane = ANY (${numbersIn("$3")}))
       INSERT INTO ${schema}.work_processes (id, lanes, seen_at) VALUES ($1, $2, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET lanes = excluded.lanes, seen_at = excluded.seen_at`,
      [id, lanes, textOf(this.#own.values()), LEASE],
    );
  }

  /** Sees to it that those who wait are served, and that what nobody needs is given back. */
  #run(): void {
    clearTimeout(this.#keeper);
    this.#keeper = undefined;
    this.#wake?.();
    this.#isRunning ??= this.#serve().finally(() => {
      this.#isRunning = undefined;
      // Somebody has come, or has left without the lanes that were taken.
      if (this.#waiting.length > 0) this.#run();
      else if (this.#idle.length > 0) this.#keeper ??= setTimeout(() => this.#run(), KEPT);
    });
  }

  async #serve(): Promise<void> {
    let isHungry = false;
    do {
      let wait: number;
      try {
        const pause = await this.#exchange(isHungry);
        isHungry = pause === 0 && this.#waiting.length > 0;
        wait = pause > 0 ? pause + Math.random() * POLLING : POLLING * (0.5 + Math.random());
      } catch (error) {
        this.#options.trouble(error);
        wait = PATIENCE;
      }
      if (this.#waiting.length > 0) await this.#sleep(wait);
    } while (this.#waiting.length > 0);
  }

  /** Until then, or until a lane is given back here. */
  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(milliseconds, 1_000));
      this.#wake = () => {
        if (this.#pausedUntil > Date.now()) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One statement. Resolves with how long the pause still is. */
  async #exchange(isHungry: boolean): Promise<number> {
    const { database, id, lanes } = this.#options;
    const now = Date.now();
    const wanted = this.#waiting.length;
    const idle = this.#idle;
    this.#idle = [];
    const again = idle.slice(0, wanted);
    const unused = idle.slice(wanted);
    const { rows } = await database
      .query(this.#statement(), [
        id,
        lanes,
        textOf(unused),
        textOf(again.filter(({ since }) => now - since < TURN)),
        textOf(again.filter(({ since }) => now - since >= TURN)),
        wanted - again.length,
        isHungry,
        LEASE,
      ])
      .catch((error: unknown) => {
        // Whether it was done is not known. What is ours shows the next time, and what is not known to be ours runs
        // out.
        this.#idle.push(...idle);
        throw error;
      });
    const row = rows[0] ?? {};
    for (const { number } of idle) this.#own.delete(number);
    const kept = numbers(row["again"]);
    const served = [...idle.filter(({ number }) => kept.includes(number)), ...numbers(row["taken"]).map((number) => ({ number, since: now }))];
    for (const lane of served) this.#own.set(lane.number, lane);
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + Number(row["pause"] ?? 0));
    const pause = Math.max(this.#pausedUntil - Date.now(), 0);
    const entering = pause > 0 ? [] : this.#waiting.splice(0, served.length);
    entering.forEach((waiter, index) => waiter.enter(served[index] as Lane));
    this.#idle.push(...served.slice(entering.length));
    return pause;
  }

  /**
   * $1 process, $2 lanes, $3 unused, $4 used again, $5 used again for long, $6 how many more, $7 whether it waits in
   * vain, $8 the lease.
   */
  #statement(): string {
    const { schema } = this.#options;
    const later = "clock_timestamp() + $8 * interval '1 millisecond'";
    return `WITH pause AS (SELECT coalesce(greatest(0, extract(epoch FROM pause_until - clock_timestamp()) * 1000), 0)::float8 AS rest FROM ${schema}.work_pace),
      bound AS (
        SELECT least($2::int, min(lanes)) AS lanes, coalesce(bool_or(id <> $1 AND hungry_at > clock_timestamp() - interval '250 milliseconds'), false) AS hungry
        FROM ${schema}.work_processes WHERE seen_at > clock_timestamp() - $8 * interval '1 millisecond'),
      waits AS (UPDATE ${schema}.work_processes SET hungry_at = clock_timestamp() WHERE id = $1 AND $7::boolean),
      back AS (
        UPDATE ${schema}.work_lanes SET holder = NULL, expires_at = NULL
        WHERE holder = $1 AND (lane = ANY (${numbersIn("$3")}) OR (lane = ANY (${numbersIn("$5")}) AND (SELECT hungry FROM bound)))),
      again AS (
        UPDATE ${schema}.work_lanes SET expires_at = ${later}
        WHERE holder = $1 AND lane < (SELECT lanes FROM bound) AND (lane = ANY (${numbersIn("$4")}) OR (lane = ANY (${numbersIn("$5")}) AND NOT (SELECT hungry FROM bound)))
        RETURNING lane),
      free AS (
        SELECT lane FROM ${schema}.work_lanes
        WHERE (holder IS NULL OR expires_at < clock_timestamp()) AND lane < (SELECT lanes FROM bound) AND (SELECT rest FROM pause) = 0
        ORDER BY lane LIMIT $6 FOR UPDATE SKIP LOCKED),
      taken AS (UPDATE ${schema}.work_lanes lanes SET holder = $1, expires_at = ${later} FROM free WHERE lanes.lane = free.lane RETURNING lanes.lane)
      SELECT rest AS pause, (SELECT string_agg(lane::text, ',') FROM again) AS again, (SELECT string_agg(lane::text, ',') FROM taken) AS taken FROM pause`;
  }
}

/** A parameter with numbers as a list of them. Not every pool binds lists in the same way. */
function numbersIn(parameter: string): string {
  return `string_to_array(${parameter}, ',')::int[]`;
}

function textOf(lanes: Iterable<Lane>): string {
  return Array.from(lanes, ({ number }) => number).join(",");
}

function numbers(text: unknown): number[] {
  return typeof text === "string" && text !== "" ? text.split(",").map(Number) : [];
}
