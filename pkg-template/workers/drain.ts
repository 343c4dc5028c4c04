// Waiting until everything is done that a plan from now on finds.

import { humansyncError } from "../core/errors.js";
import type { BatchType } from "../types/batch.js";
import type { SyncReport } from "../types/sync.js";
import type { WorkerFault } from "../types/workers.js";
import type { Database } from "./database.js";
import { patiently } from "./database-errors.js";
import { isRefusal } from "./faults.js";
import type { Hold } from "./hold.js";
import { inSeconds } from "./intervals.js";
import type { Jobs } from "./jobs.js";
import type { Settings } from "./options.js";
import { type Standing, standing } from "./status.js";
import { faultIn } from "./windows.js";

/** Between two looks. Milliseconds. */
const POLLING = 100;

export interface Draining {
  readonly database: Database;
  readonly settings: Settings;
  /** Whether the workers of this process are started already. */
  readonly isStarted: boolean;
  /** Starts them if they are not. Called after the first look, so that all that they store is in the report. */
  readonly start: () => Promise<{ readonly jobs: Jobs; readonly hold: Pick<Hold, "refusedSince"> }>;
  readonly requests: () => { requests: number; retries: number };
  readonly signal: AbortSignal;
}

/** How far a type is since a plan was asked for. */
interface Progress {
  readonly type: BatchType;
  /** Of the last plan that has reached the server's clock, if it is no earlier than what was asked for. */
  readonly plan: string | undefined;
  /** Whether a window of it, or of an earlier one, is to be done. */
  readonly isOpen: boolean;
  /** Of a plan that was asked for. */
  readonly failures: number;
  readonly fault: WorkerFault | undefined;
}

export async function drained(draining: Draining): Promise<SyncReport> {
  const { database, settings, signal } = draining;
  const began = performance.now();
  const look = () => patiently(signal, () => standing(database, settings));
  // While the database is away, workers that are started wait for it. Those that are not cannot be started.
  const before = draining.isStarted ? await look() : await standing(database, settings);
  const sent = draining.requests();
  const { jobs, hold } = await draining.start();
  const wanted = await patiently(signal, () => ask(draining, jobs));
  for (const goals = new Map<BatchType, string>(); ; await pause(signal)) {
    const progress = await patiently(signal, () => progressOf(draining, wanted, goals));
    for (const { type, plan, failures, fault } of progress) {
      if (plan !== undefined && !goals.has(type)) goals.set(type, plan);
      if (fault !== undefined && !goals.has(type) && (isRefusal(fault) || failures >= settings.attempts)) {
        throw humansyncError(fault.code ?? "plan", `${type} could not be planned: ${fault.message}`);
      }
    }
    // A drain does not wait for somebody to give another key.
    const refusal = hold.refusedSince(began);
    if (refusal !== undefined) throw refusal;
    if (progress.every(({ type, isOpen }) => goals.has(type) && !isOpen)) break;
  }
  const after = await look();
  const parked = after.reduce((sum, { windows }) => sum + windows.failed, 0);
  if (parked > 0) {
    throw humansyncError("parked", `${parked === 1 ? "1 window is" : `${parked} windows are`} parked: everything else is done; parked() says why, and retry() gives them back`);
  }
  return reportOf(before, after, sent, draining.requests());
}

/** Wants each type planned up to the server's clock, and says from which number on a plan counts. */
async function ask({ database, settings }: Draining, jobs: Jobs): Promise<Map<BatchType, string>> {
  const wanted = new Map<BatchType, string>();
  for (const type of settings.types) {
    const { rows } = await database.query(
      `INSERT INTO ${settings.schema}.work_types AS known (type, since, wanted_plan) VALUES ($1, $2::timestamptz, 1)
       ON CONFLICT (type) DO UPDATE SET wanted_plan = known.plans + 1 RETURNING wanted_plan::text`,
      [type, inSeconds(settings.since)],
    );
    wanted.set(type, String(rows[0]?.["wanted_plan"]));
    await jobs.planNow(type);
  }
  return wanted;
}

async function progressOf({ database, settings }: Draining, wanted: ReadonlyMap<BatchType, string>, goals: ReadonlyMap<BatchType, string>): Promise<Progress[]> {
  const goal = settings.types.map((type) => ({ type, wanted: wanted.get(type), goal: goals.get(type) }));
  const { rows } = await database.query(
    `SELECT types.type, CASE WHEN complete_plan >= given.wanted THEN complete_plan::text END AS plan,
       CASE WHEN failed_plan >= given.wanted THEN failures ELSE 0 END AS failures, CASE WHEN failed_plan >= given.wanted THEN fault::text END AS fault,
       EXISTS (SELECT 1 FROM ${settings.schema}.work_windows windows
               WHERE windows.type = types.type AND state IN ('waiting', 'running') AND plan <= coalesce(given.goal, complete_plan)) AS open
     FROM ${settings.schema}.work_types types JOIN jsonb_to_recordset($1::jsonb) AS given (type text, wanted bigint, goal bigint) ON given.type = types.type`,
    [JSON.stringify(goal)],
  );
  return rows.map((row) => ({
    type: row["type"] as BatchType,
    plan: (row["plan"] as string | null) ?? undefined,
    isOpen: row["open"] === true,
    failures: Number(row["failures"]),
    fault: faultIn(row["fault"]),
  }));
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, POLLING));
  signal.throwIfAborted();
}

function reportOf(before: readonly Standing[], after: readonly Standing[], sent: Sent, now: Sent): SyncReport {
  const types: SyncReport["types"] = {};
  let records = 0;
  for (const [index, { type, until, records: known, pages }] of after.entries()) {
    const own = known - (before[index]?.records ?? 0);
    types[type] = { records: own, until, pages: pages - (before[index]?.pages ?? 0) };
    records += own;
  }
  return { records, requests: now.requests - sent.requests, retries: now.retries - sent.retries, types };
}

type Sent = ReturnType<Draining["requests"]>;
