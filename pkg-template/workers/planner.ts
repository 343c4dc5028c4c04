// Planning: what is not read yet becomes windows, in one transaction with their jobs.
//
// What is covered is the union of the windows that are done, without their last minutes: a record may become visible a
// while after its `updatedAt`. So each window has a time `settled`, the server's clock when it was planned less the
// overlap, and what lies after that is planned again. One that nobody has begun when the next plan is made will be read
// later than that, and its `settled` moves along.

import type { AppClient } from "../app-client.js";
import type { BatchType } from "../types/batch.js";
import type { SyncWindow } from "../types/sync.js";
import type { WorkerEvent } from "../types/workers.js";
import { type Database, type Queryable, iso } from "./database.js";
import { planFaultOf, withError } from "./faults.js";
import { type Interval, union } from "./intervals.js";
import type { Jobs, PlanJob } from "./jobs.js";
import type { Settings } from "./options.js";
import type { Telemetry } from "./telemetry.js";

/** Windows in one statement. */
const BATCH = 1000;
/** The longest wait before a plan that failed is tried again. Seconds. */
const LONGEST_WAIT = 60;

export interface Planning {
  readonly database: Database;
  readonly settings: Settings;
  readonly jobs: Jobs;
  readonly client: AppClient;
  readonly telemetry: Telemetry;
  readonly tell: (event: WorkerEvent) => void;
  /** Aborts when the workers stop. */
  readonly stopping: AbortSignal;
}

/** Plans the type of a job, and sees to it that it is planned again. */
export async function plan(planning: Planning, job: PlanJob): Promise<void> {
  const { database, settings, jobs, client, telemetry, tell, stopping } = planning;
  const { type } = job.data;
  // One of an earlier version, or of processes with other types.
  if (!settings.types.includes(type)) return database.transaction((tx) => jobs.repeatPlan(job, LONGEST_WAIT, tx));
  const tables = new Plans(settings, type);
  const begun = await database.transaction(async (tx) => {
    if (!(await jobs.holdsPlan(job, tx))) return undefined;
    const begun = await tables.begin(tx);
    if (begun.isDue) return begun;
    await jobs.finishPlan(job, tx);
    await jobs.addPlan(type, settings.every / 1000, tx);
    return undefined;
  });
  if (begun === undefined) return;
  const signal = AbortSignal.any([job.signal, stopping]);
  try {
    const { since, windowRecords } = settings;
    const windows = await telemetry.span("plan", { type }, () => client.plan(type, { since, covered: begun.covered, windowRecords, signal }));
    const isStored = await database.transaction(async (tx) => {
      const ids = await tables.store(begun.number, windows, tx);
      if (ids === undefined) return false;
      await jobs.addWindows([...(await tables.withoutJobs(begun.number, jobs.table, tx)), ...ids], tx);
      await jobs.finishPlan(job, tx);
      await jobs.addPlan(type, settings.every / 1000, tx);
      return true;
    });
    if (!isStored) return;
    jobs.wakeWindows();
    tell({ type: "plan", of: type, state: "done", windows: windows.length });
  } catch (error) {
    if (job.signal.aborted) return;
    if (stopping.aborted) return database.transaction((tx) => jobs.repeatPlan(job, 0, tx));
    const fault = planFaultOf(error);
    tell(withError<WorkerEvent>({ type: "plan", of: type, state: "failed", windows: 0, fault }, error));
    await database.transaction(async (tx) => {
      const failures = await tables.fail(begun.number, JSON.stringify(fault), tx);
      await jobs.repeatPlan(job, Math.min(2 ** (failures - 1), LONGEST_WAIT), tx);
    });
  }
}

/** The tables of one type. */
class Plans {
  readonly #schema: string;
  readonly #settings: Settings;
  readonly #type: BatchType;

  constructor(settings: Settings, type: BatchType) {
    this.#schema = settings.schema;
    this.#settings = settings;
    this.#type = type;
  }

  /** Numbers the plan, folds what is done into what is covered, and says what does not have to be planned. */
  async begin(tx: Queryable): Promise<{ number: string; isDue: boolean; covered: Interval[] }> {
    const { since, every } = this.#settings;
    const { rows } = await tx.query(
      `INSERT INTO ${this.#schema}.work_types AS known (type, since, plans) VALUES ($1, $2::timestamptz, 1)
       ON CONFLICT (type) DO UPDATE SET plans = known.plans + 1
       RETURNING plans::text AS number, wanted_plan > stored_plan OR planned_at IS NULL OR planned_at < now() - $3 * interval '1 millisecond' AS due`,
      [this.#type, since.toISOString(), every / 2],
    );
    const { number, due } = rows[0] as { number: string; due: boolean };
    if (!due) return { number, isDue: false, covered: [] };
    await this.#reach(tx);
    // First, so that a window that is done between the two statements is in one of them.
    const { rows: open } = await tx.query(
      `SELECT ${iso("since")} AS since, ${iso("CASE WHEN token = 0 THEN before ELSE least(before, settled) END")} AS before
       FROM ${this.#schema}.work_windows WHERE type = $1 AND state <> 'done'`,
      [this.#type],
    );
    const covered = await this.#fold(tx);
    return { number, isDue: true, covered: union([...covered, ...(open as unknown as Interval[])]) };
  }

  /**
   * Remembers up to when all is there, before windows that are read once more hide it. An earlier `since` begins anew.
   */
  async #reach(tx: Queryable): Promise<void> {
    await tx.query(
      `UPDATE ${this.#schema}.work_types SET reached = CASE WHEN since <= $2::timestamptz THEN (${reachedIn(this.#schema)}) END,
         since = least(since, $2::timestamptz) WHERE type = $1`,
      [this.#type, this.#settings.since.toISOString()],
    );
  }

  /** Windows that are done become stretches that are covered: a row for each gapless one. */
  async #fold(tx: Queryable): Promise<Interval[]> {
    const { rows: done } = await tx.query(
      `DELETE FROM ${this.#schema}.work_windows WHERE type = $1 AND state = 'done'
       RETURNING ${iso("since")} AS since, ${iso("least(before, settled)")} AS before, records::text, pages::text`,
      [this.#type],
    );
    const { rows: before } = await tx.query(`SELECT ${iso("since")} AS since, ${iso("before")} AS before FROM ${this.#schema}.work_covered WHERE type = $1`, [this.#type]);
    const covered = union([...before, ...done] as unknown as Interval[]);
    if (done.length === 0) return covered;
    const sum = (column: string) => done.reduce((sum, row) => sum + Number(row[column]), 0);
    await tx.query(`UPDATE ${this.#schema}.work_types SET records = records + $2, pages = pages + $3 WHERE type = $1`, [this.#type, sum("records"), sum("pages")]);
    await tx.query(`DELETE FROM ${this.#schema}.work_covered WHERE type = $1`, [this.#type]);
    await tx.query(
      `INSERT INTO ${this.#schema}.work_covered (type, since, before)
       SELECT $1, since, before FROM jsonb_to_recordset($2::jsonb) AS given (since timestamptz, before timestamptz)`,
      [this.#type, JSON.stringify(covered)],
    );
    return covered;
  }

  /**
   * Stores the windows of the plan with this number, and gives their ids; undefined if a later plan has begun, and
   * nothing is stored.
   */
  async store(number: string, windows: readonly SyncWindow[], tx: Queryable): Promise<string[] | undefined> {
    const end = windows.at(-1)?.before;
    const { rows } = await tx.query(
      `UPDATE ${this.#schema}.work_types SET stored_plan = plans, planned_at = now(), planned = greatest(planned, $3::timestamptz), failures = 0, fault = NULL
       WHERE type = $1 AND plans = $2 RETURNING type`,
      [this.#type, number, end ?? null],
    );
    if (rows.length === 0) return undefined;
    if (end === undefined) return [];
    const settled = new Date(Date.parse(end) - this.#settings.overlap).toISOString();
    await tx.query(`UPDATE ${this.#schema}.work_windows SET settled = greatest(settled, $2::timestamptz) WHERE type = $1 AND state = 'waiting' AND token = 0`, [this.#type, settled]);
    const ids: string[] = [];
    for (let start = 0; start < windows.length; start += BATCH) {
      const { rows: added } = await tx.query(
        `INSERT INTO ${this.#schema}.work_windows (type, since, before, expected, settled, plan)
         SELECT $1, since, before, expected, $3::timestamptz, $4 FROM jsonb_to_recordset($2::jsonb) AS given (since timestamptz, before timestamptz, expected bigint)
         ORDER BY since RETURNING id::text`,
        [this.#type, JSON.stringify(windows.slice(start, start + BATCH)), settled, number],
      );
      ids.push(...added.map(({ id }) => String(id)));
    }
    return ids;
  }

  /** Windows of earlier plans whose job somebody has removed: they would wait for ever. */
  async withoutJobs(number: string, jobs: string, tx: Queryable): Promise<string[]> {
    const { rows } = await tx.query(
      `SELECT id::text FROM ${this.#schema}.work_windows windows
       WHERE type = $1 AND state IN ('waiting', 'running') AND plan < $2
         AND NOT EXISTS (SELECT 1 FROM ${jobs} jobs WHERE name = 'windows' AND jobs.state < 'completed' AND jobs.data ->> 'window' = windows.id::text)`,
      [this.#type, number],
    );
    return rows.map(({ id }) => String(id));
  }

  /** Gives how often it has failed in a row. */
  async fail(number: string, fault: string, tx: Queryable): Promise<number> {
    const { rows } = await tx.query(
      `UPDATE ${this.#schema}.work_types SET failures = failures + 1, failed_plan = plans, fault = $3::jsonb WHERE type = $1 AND plans = $2 RETURNING failures`,
      [this.#type, number, fault],
    );
    return Number(rows[0]?.["failures"] ?? 1);
  }
}

/** Up to when all is there of a row of work_types: to the first window that is not done. It never goes back. */
export function reachedIn(schema: string): string {
  return `greatest(reached, least(planned, (SELECT min(open.since) FROM ${schema}.work_windows open WHERE open.type = work_types.type AND open.state <> 'done')))`;
}
