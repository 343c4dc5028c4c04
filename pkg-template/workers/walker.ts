// Doing a window: its deltas, each in a transaction that also moves the checkpoint, and what becomes of it in the end.

import type { AppClient } from "../app-client.js";
import type { AnyDelta } from "../types/sync.js";
import type { Transaction, WorkerEvent, WorkerFault } from "../types/workers.js";
import type { Database, Queryable } from "./database.js";
import { databaseError, isAborted } from "./database-errors.js";
import { ApplyFailure, type Blame, blameOf, faultOf, withError } from "./faults.js";
import type { Hold } from "./hold.js";
import type { Jobs, WindowJob } from "./jobs.js";
import type { Settings } from "./options.js";
import type { Telemetry } from "./telemetry.js";
import type { Claim, Windows } from "./windows.js";

export interface Walking {
  /** Of this process. */
  readonly id: string;
  readonly database: Database;
  readonly settings: Settings;
  readonly jobs: Jobs;
  readonly windows: Windows;
  readonly client: AppClient;
  readonly hold: Hold;
  readonly telemetry: Telemetry;
  readonly tell: (event: WorkerEvent) => void;
  /** Aborts when the workers stop: the delta under way is finished, and the window given back. */
  readonly stopping: AbortSignal;
}

/** A window that fails is tried again after 1, 2, 4 … seconds, and no more than these. */
const LONGEST_WAIT = 300;
/** One of a type that this process does not do waits for another one. Seconds. */
const ELSEWHERE = 30;
/** After a trouble of the database. Seconds. */
const PASSING = 1;

/** Another process has the window, or the database has forgotten how far this one was. */
class Lost {}
/** The workers stop. */
class Stopped {}

/** Does the window of a job, and settles the job. Where it rejects, the window is still to be done. */
export async function walk(walking: Walking, job: WindowJob): Promise<void> {
  const claim = await claimed(walking, job);
  if (claim === undefined) return;
  const { telemetry, tell } = walking;
  const { window } = claim;
  const turn = new Turn(walking, job, claim);
  tell({ type: "window", window, state: "begun", records: 0 });
  try {
    await telemetry.span("window", { type: window.type, since: window.since, before: window.before }, () => turn.run());
    tell({ type: "window", window, state: "done", records: turn.records });
  } catch (error) {
    await turn.end(error);
  }
}

/** The attempt at the job is another process's by now: nothing of the transaction is to be. */
class Outdated {}

async function claimed(walking: Walking, job: WindowJob): Promise<Claim | undefined> {
  const { id, database, settings, jobs, windows } = walking;
  let abandoned: Claim | undefined;
  const claim = await database
    .transaction(async (tx) => {
      // The window first and then the job, as everywhere, so that nobody waits in a circle.
      const claim = await windows.claim(job.data.window, id, tx);
      if (!(await jobs.holdsWindow(job, tx))) throw new Outdated();
      if (claim === undefined) await jobs.finishWindow(job, tx);
      else if (!settings.types.includes(claim.window.type)) {
        await windows.giveBack(claim, tx);
        await jobs.repeatWindow(job, ELSEWHERE, tx);
      } else if (claim.claims > settings.attempts) {
        await windows.abandon(claim, lostIn(settings), tx);
        await jobs.finishWindow(job, tx);
        abandoned = claim;
      } else return claim;
      return undefined;
    })
    .catch((error: unknown) => {
      if (error instanceof Outdated) return undefined;
      throw error;
    });
  if (abandoned !== undefined) walking.tell({ type: "window", window: abandoned.window, state: "failed", records: 0, fault: lostIn(settings), parked: true });
  return claim;
}

function lostIn({ attempts }: Settings): WorkerFault {
  return { name: "HumansyncError", code: "processes-lost", message: `${attempts} processes in a row ended in this window before it got on` };
}

/** A window in the hands of this process, until it is done, lost, failed or given back. */
class Turn {
  readonly #walking: Walking;
  readonly #job: WindowJob;
  readonly #claim: Claim;
  readonly #begun = performance.now();
  /** Of the last delta that is stored: the one that is in hand goes on from it. */
  #checkpoint: string | undefined;
  /** Stored in this turn. */
  records = 0;

  constructor(walking: Walking, job: WindowJob, claim: Claim) {
    this.#walking = walking;
    this.#job = job;
    this.#claim = claim;
    this.#checkpoint = claim.checkpoint;
  }

  /** Walks to the end. The next page is asked for while a delta is applied. */
  async run(): Promise<void> {
    const { client, stopping } = this.#walking;
    const { window, checkpoint } = this.#claim;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#job.signal, stopping, ended.signal]);
    const deltas = client.window(window, { ...(checkpoint !== undefined && { checkpoint }), signal })[Symbol.asyncIterator]();
    try {
      let coming = watched(deltas.next());
      for (;;) {
        const { value: delta, done } = await coming.result;
        if (done === true) return await this.#finish();
        coming = watched(deltas.next());
        if (await this.#store(delta as AnyDelta, coming)) return;
        this.#checkTurn();
      }
    } finally {
      ended.abort();
      await deltas.return?.().catch(() => {});
    }
  }

  /** Tells whether it was the last one: if that is known by then, the window is done in the same transaction. */
  async #store(delta: AnyDelta, coming: Watched<IteratorResult<unknown>>): Promise<boolean> {
    const { database, settings, windows, jobs, telemetry, hold } = this.#walking;
    const claim = this.#claim;
    const records = delta.records.length;
    const { type, window } = delta;
    const isLast = await telemetry.span("delta", { type, records, since: window.since, before: window.before }, () =>
      database.transaction(async (tx) => {
        if (!(await windows.holds(claim, this.#checkpoint, tx))) throw new Lost();
        if (records > 0) await applied(settings, delta, tx);
        const isLast = coming.settled?.done === true;
        await windows.advance(claim, { checkpoint: delta.checkpoint, records, isLast }, tx);
        if (isLast) await jobs.finishWindow(this.#job, tx);
        return isLast;
      }),
    );
    this.#checkpoint = delta.checkpoint;
    this.records += records;
    telemetry.count("records", records, { type });
    hold.over();
    return isLast;
  }

  async #finish(): Promise<void> {
    const { database, windows, jobs } = this.#walking;
    await database.transaction(async (tx) => {
      if (!(await windows.holds(this.#claim, this.#checkpoint, tx))) throw new Lost();
      await windows.finish(this.#claim, tx);
      await jobs.finishWindow(this.#job, tx);
    });
  }

  #checkTurn(): void {
    if (this.#job.signal.aborted) throw new Lost();
    if (this.#walking.stopping.aborted) throw new Stopped();
  }

  /** What becomes of a window whose walk has ended too soon. */
  async end(error: unknown): Promise<void> {
    const { hold, stopping } = this.#walking;
    if (error instanceof Lost || this.#job.signal.aborted) return this.#lose();
    if (error instanceof Stopped || stopping.aborted) return this.#giveBack(0);
    let blame: Blame = blameOf(error);
    if (blame === "server") blame = (await hold.isServerUp()) ? "window" : "app";
    if (blame === "window") return this.#fail(error);
    if (blame === "database") return this.#giveBack(PASSING, error);
    await hold.begin(error, this.#begun);
    // A database that cannot write does not take it back either: then it is free when the lease is over.
    return this.#giveBack(0, error);
  }

  #lose(): never {
    this.#tell({ type: "window", window: this.#claim.window, state: "lost", records: this.records });
    // If the job is this process's all the same, somebody has to do it.
    throw databaseError("lost", "A window is another process's, or the database has forgotten how far it was");
  }

  async #giveBack(seconds: number, error?: unknown): Promise<void> {
    await this.#settle(async (tx) => {
      await this.#walking.windows.giveBack(this.#claim, tx);
      await this.#walking.jobs.repeatWindow(this.#job, seconds, tx);
    });
    this.#tell({ type: "window", window: this.#claim.window, state: "returned", records: this.records, ...(error !== undefined && { fault: faultOf(error) }) }, error);
  }

  async #fail(error: unknown): Promise<void> {
    const { settings, windows, jobs } = this.#walking;
    const failures = this.#claim.failures + 1;
    const isParked = failures >= settings.attempts;
    const fault = faultOf(error);
    await this.#settle(async (tx) => {
      await windows.fail(this.#claim, fault, isParked, tx);
      if (isParked) await jobs.finishWindow(this.#job, tx);
      else await jobs.repeatWindow(this.#job, Math.min(2 ** (failures - 1), LONGEST_WAIT), tx);
    });
    this.#tell({ type: "window", window: this.#claim.window, state: "failed", records: this.records, fault, parked: isParked }, error);
  }

  async #settle(work: (tx: Queryable) => Promise<void>): Promise<void> {
    const { database, windows } = this.#walking;
    const isHeld = await database.transaction(async (tx) => {
      if (!(await windows.holds(this.#claim, this.#checkpoint, tx))) return false;
      await work(tx);
      return true;
    });
    if (!isHeld) this.#lose();
  }

  #tell(event: WorkerEvent, error?: unknown): void {
    this.#walking.tell(error === undefined ? event : withError(event, error));
  }
}

async function applied(settings: Settings, delta: AnyDelta, tx: Queryable): Promise<void> {
  try {
    await settings.apply(delta, tx as Transaction);
  } catch (error) {
    throw new ApplyFailure(error, await isAlive(tx));
  }
}

/** Whether the transaction still answers, be it that it has failed. */
async function isAlive(tx: Queryable): Promise<boolean> {
  try {
    await tx.query("SELECT 1");
    return true;
  } catch (error) {
    return isAborted(error);
  }
}

/** A promise of which one can see what it has come to. */
interface Watched<T> {
  readonly result: Promise<T>;
  readonly settled: T | undefined;
}

function watched<T>(result: Promise<T>): Watched<T> {
  const seen: { result: Promise<T>; settled: T | undefined } = { result, settled: undefined };
  result.then(
    (value) => {
      seen.settled = value;
    },
    () => {}, // whoever awaits it is told
  );
  return seen;
}
