// Planning: what is not read yet becomes windows, slice by slice, each in one transaction with their jobs.
//
// What is covered is the union of the windows that are done, without their last minutes: a record may become visible a
// while after its `updatedAt`. So each window has a time `settled`, the server's clock when it was planned less the
// overlap, and what lies after that is planned again. One that nobody has begun when the next plan is made will be read
// later than that, and its `settled` moves along.
//
// While there is more to plan, the next slice follows at once, behind those of other types that wait: large first syncs
// take turns.

import type { AppClient } from "../app-client.js";
import type { WorkerEvent } from "../types/workers.js";
import type { Database } from "./database.js";
import { databaseError } from "./database-errors.js";
import { planFaultOf, withError } from "./faults.js";
import type { Jobs, PlanJob } from "./jobs.js";
import type { Settings } from "./options.js";
import { Plans } from "./plans.js";
import { sliceOf, windowsIn } from "./slices.js";
import type { Telemetry } from "./telemetry.js";

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

/** A later plan has begun, or the database has forgotten this one. */
class Outdated {}

/** Plans a slice of the type of a job, and sees to it that it is planned again. */
export async function plan(planning: Planning, job: PlanJob): Promise<void> {
  const { database, settings, jobs, client, telemetry, tell, stopping } = planning;
  const { type } = job.data;
  // One of an earlier version, or of processes with other types.
  if (!settings.types.includes(type)) return database.transaction((tx) => jobs.repeatPlan(job, LONGEST_WAIT, tx));
  const plans = new Plans(settings, type);
  const begun = await database.transaction(async (tx) => {
    if (!(await jobs.holdsPlan(job, tx))) return undefined;
    const begun = await plans.begin(tx);
    if (begun !== undefined) return begun;
    await jobs.finishPlan(job, tx);
    await jobs.addPlan(type, settings.every / 1000, tx);
    return undefined;
  });
  if (begun === undefined) return;
  const signal = AbortSignal.any([job.signal, stopping]);
  try {
    const slice = sliceOf(begun, settings.overlap / 1000);
    const { windowRecords } = settings;
    const found = windowsIn(slice, await telemetry.span("plan", { type }, () => client.plan(type, { ...slice.request, windowRecords, signal })));
    const isStored = await database.transaction(async (tx) => {
      const stored = await plans.store(begun, slice, found, tx);
      if (stored === undefined) return false;
      const { ids, isMore } = stored;
      await jobs.addWindows(isMore ? ids : [...(await plans.withoutJobs(begun.number, jobs.table, tx)), ...ids], tx);
      await jobs.finishPlan(job, tx);
      await jobs.addPlan(type, isMore ? 0 : settings.every / 1000, tx);
      return true;
    });
    if (!isStored) throw new Outdated();
    jobs.wakeWindows();
    tell({ type: "plan", of: type, state: "done", windows: found.windows.length });
  } catch (error) {
    // If the job is this process's all the same, somebody has to do it.
    if (error instanceof Outdated || job.signal.aborted) throw databaseError("lost", "A plan is another process's, or the database has forgotten it");
    if (stopping.aborted) return database.transaction((tx) => jobs.repeatPlan(job, 0, tx));
    const fault = planFaultOf(error);
    tell(withError<WorkerEvent>({ type: "plan", of: type, state: "failed", windows: 0, fault }, error));
    await database.transaction(async (tx) => {
      const failures = await plans.fail(begun, JSON.stringify(fault), tx);
      await jobs.repeatPlan(job, Math.min(2 ** (failures - 1), LONGEST_WAIT), tx);
    });
  }
}
