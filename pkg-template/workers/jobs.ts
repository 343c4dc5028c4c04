// The queues: what is to be done, as jobs of pg-boss. It hands them out, takes them from processes that are gone, and
// repeats them.

import { StoreError } from "../core/errors.js";
import type { BatchType } from "../types/batch.js";
import type { Job, PgBoss } from "pg-boss";
import { type Database, type Queryable, jobsIn } from "./database.js";
import { codeOf, databaseError, databaseFailure } from "./database-errors.js";
import type { Settings } from "./options.js";
import { pgBoss, pgBossTables } from "./optional-peers.js";

const WINDOWS = "windows";
const PLANS = "plans";

/** Between two looks for jobs while there are none, and for processes that are gone. Seconds. */
const POLLING = { [WINDOWS]: 0.5, [PLANS]: 2 };
const SUPERVISING = 2;
/** Heartbeats in a lease. */
const HEARTBEATS = 4;
const DAY = 86_400;
/** As good as for ever: attempts are counted with the windows. */
const ALWAYS = 1_000_000_000;
/** To open the queues, while other processes do. */
const ATTEMPTS = 5;
/** Jobs in one statement. */
const BATCH = 1000;

/** The job of one attempt: once another one has begun, nothing can be done with it any more. */
export type Attempt<Data> = Pick<Job<Data & object>, "id" | "retryCount" | "data" | "signal">;
export type WindowJob = Attempt<{ window: string }>;
export type PlanJob = Attempt<{ type: BatchType }>;

/** Refuses tables of a pg-boss that is newer than the one here, which takes them for its own. */
export async function checkTables(database: Database, settings: Settings): Promise<void> {
  const table = `${settings.schema}_jobs.version`;
  try {
    const { rows: found } = await database.query("SELECT to_regclass($1) IS NOT NULL AS known", [table]);
    if (found[0]?.["known"] !== true) return;
    const [{ rows }, known] = await Promise.all([database.query(`SELECT max(version) AS version FROM ${table}`), pgBossTables()]);
    const version = Number(rows[0]?.["version"]);
    if (version <= known) return;
    throw databaseError("newer", `The queues of the workers are of a newer pg-boss (tables ${version}; the one here knows ${known}); install that one, or give another \`schema\``);
  } catch (error) {
    throw databaseFailure("The queues of the workers could not be looked at", error);
  }
}

export class Jobs {
  readonly #boss: PgBoss;
  readonly #settings: Settings;
  readonly #trouble: (error: unknown) => void;

  private constructor(boss: PgBoss, settings: Settings, trouble: (error: unknown) => void) {
    this.#boss = boss;
    this.#settings = settings;
    this.#trouble = trouble;
  }

  /** Opens the queues. One that is not `working` only adds jobs, and watches over none. */
  static async open(database: Database, settings: Settings, working: boolean, trouble: (error: unknown) => void): Promise<Jobs> {
    const { PgBoss } = await pgBoss();
    const boss = new PgBoss({
      db: database.jobs,
      backend: database.backend,
      schema: `${settings.schema}_jobs`,
      schedule: false,
      supervise: working,
      superviseIntervalSeconds: SUPERVISING,
      monitorIntervalSeconds: SUPERVISING,
      maintenanceIntervalSeconds: 3600,
      registerInstance: false,
    });
    boss.on("error", trouble);
    const common = { heartbeatSeconds: settings.leaseDuration / 1000, expireInSeconds: DAY, retentionSeconds: 365 * DAY, deleteAfterSeconds: 3600, retryLimit: ALWAYS, retryDelay: 0 };
    try {
      // Others may make the same tables and queues at this moment. No lock is held meanwhile: it would take one connection while another one
      // is needed, of which a pooler may have none left.
      await checkTables(database, settings);
      await boss.start({ attempts: ATTEMPTS });
      // Of each type, one plan waits and one is made at any time, over all processes.
      for (const [name, policy] of [[WINDOWS, "standard"] as const, [PLANS, "stately"] as const]) {
        await again(async () => {
          await boss.createQueue(name, { ...common, policy });
          await boss.updateQueue(name, common);
        });
      }
      if (working && database.backend === "pglite") await giveBackAll(boss, database, settings);
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw databaseFailure("The queues of the workers could not be opened", error);
    }
    return new Jobs(boss, settings, trouble);
  }

  get table(): string {
    return tableIn(this.#settings);
  }

  /** A job for each of these windows. */
  async addWindows(ids: readonly string[], tx: Queryable): Promise<void> {
    for (let start = 0; start < ids.length; start += BATCH) {
      const jobs = ids.slice(start, start + BATCH).map((window) => ({ data: { window } }));
      await this.#boss.insert(WINDOWS, jobs, { db: jobsIn(tx) });
    }
  }

  /** A plan of this type in so many seconds, unless there is one already; `now` makes haste with that. */
  async addPlan(type: BatchType, seconds: number, tx?: Queryable): Promise<void> {
    await this.#boss.send(PLANS, { type }, { singletonKey: type, startAfter: seconds, ...(tx && { db: jobsIn(tx) }) });
  }

  async planNow(type: BatchType): Promise<void> {
    await this.#boss.upsert(PLANS, { type }, { singletonKey: type, startAfter: 0 });
    this.#wake(PLANS);
  }

  /** Whether the attempt is still this process's. It stays so while `tx` lasts. */
  holdsWindow(job: WindowJob, tx: Queryable): Promise<boolean> {
    return isDone(this.#boss.touch(WINDOWS, job, { db: jobsIn(tx) }));
  }

  holdsPlan(job: PlanJob, tx: Queryable): Promise<boolean> {
    return isDone(this.#boss.touch(PLANS, job, { db: jobsIn(tx) }));
  }

  /** There is nothing more to do. */
  async finishWindow(job: WindowJob, tx: Queryable): Promise<void> {
    await this.#boss.complete(WINDOWS, job, null, { db: jobsIn(tx) });
  }

  async finishPlan(job: PlanJob, tx: Queryable): Promise<void> {
    await this.#boss.complete(PLANS, job, null, { db: jobsIn(tx) });
  }

  /** Somebody has to do it again, in so many seconds at the earliest. */
  async repeatWindow(job: WindowJob, seconds: number, tx: Queryable): Promise<void> {
    await this.#repeat(WINDOWS, job, seconds, tx);
  }

  async repeatPlan(job: PlanJob, seconds: number, tx: Queryable): Promise<void> {
    await this.#repeat(PLANS, job, seconds, tx);
  }

  async #repeat(queue: string, job: WindowJob | PlanJob, seconds: number, tx: Queryable): Promise<void> {
    const db = jobsIn(tx);
    if (!(await isDone(this.#boss.fail(queue, job, null, { db })))) return;
    if (seconds > 0) await this.#boss.update(queue, undefined, { id: job.id, startAfter: seconds, db });
  }

  /**
   * Takes windows from now on. A `handler` that resolves has settled its job in a transaction; where it rejects,
   * pg-boss gives the job to the next one.
   */
  async takeWindows(handler: (job: WindowJob) => Promise<void>): Promise<void> {
    await this.#take(WINDOWS, this.#settings.concurrency, handler);
  }

  async takePlans(handler: (job: PlanJob) => Promise<void>): Promise<void> {
    await this.#take(PLANS, Math.min(this.#settings.types.length, 4), handler);
  }

  async #take<Data extends object>(queue: keyof typeof POLLING, localConcurrency: number, handler: (job: Attempt<Data>) => Promise<void>): Promise<void> {
    const heartbeatRefreshSeconds = this.#settings.leaseDuration / 1000 / HEARTBEATS;
    await this.#boss.work<Data>(queue, { localConcurrency, pollingIntervalSeconds: POLLING[queue], heartbeatRefreshSeconds }, async ([job]) => {
      if (job === undefined) return;
      await handler(job).catch((error: unknown) => {
        // What was lost is told already.
        if (!(error instanceof StoreError && error.code === "lost")) this.#trouble(error);
        // pg-boss stores what it is thrown.
        throw new Error("the job was not settled");
      });
      // Who has found something to do looks for more at once.
      this.#wake(queue);
    });
  }

  wakeWindows(): void {
    this.#wake(WINDOWS);
  }

  #wake(queue: string): void {
    for (const { id, name } of this.#boss.getWipData()) if (name === queue) this.#boss.notifyWorker(id);
  }

  /** Takes no more windows. Those in hand go on. */
  async leaveWindows(): Promise<void> {
    await this.#boss.offWork(WINDOWS, { wait: false });
  }

  /** After `leaveWindows`, resolves when none is in hand. */
  async windowsOver(): Promise<void> {
    await this.#boss.offWork(WINDOWS, { wait: true });
  }

  /** Takes nothing more, and waits until everything in hand is settled. */
  async stop(): Promise<void> {
    const left = Promise.all([this.#boss.offWork(WINDOWS, { wait: true }), this.#boss.offWork(PLANS, { wait: true })]);
    // What cannot be given back is others' when its time is over: a pool that was ended, or a database that does not answer, is not waited for.
    const isOver = new Promise((resolve) => setTimeout(resolve, this.#settings.leaseDuration).unref());
    await Promise.race([left, isOver]);
    left.catch(() => {});
    await Promise.race([this.#boss.stop({ graceful: false }), isOver]);
  }
}

/**
 * Gives back all jobs that were taken. For a database that only this process has: whoever took them is gone, and their
 * leases need not be waited for.
 */
async function giveBackAll(boss: PgBoss, database: Database, settings: Settings): Promise<void> {
  const { rows } = await database.query(`SELECT name, json_agg(id)::text AS ids FROM ${tableIn(settings)} WHERE state = 'active' GROUP BY name`);
  for (const { name, ids } of rows) await boss.fail(String(name), JSON.parse(String(ids)) as string[], null);
}

/** Where pg-boss keeps jobs. */
function tableIn({ schema }: Settings): string {
  return `${schema}_jobs.job`;
}

/** Does it again where other processes were in the way: what they have made is there the next time. */
async function again(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !/^(?:23505|40|42P0[67]|42710|55P03)/.test(codeOf(error) ?? "")) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100 * attempt * (0.5 + Math.random())));
  }
}

async function isDone(response: Promise<{ affected: number }>): Promise<boolean> {
  return (await response).affected === 1;
}
