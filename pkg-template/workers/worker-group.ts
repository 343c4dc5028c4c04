// The workers of one process: they plan, do windows, and tell how far everything is.

import { randomUUID } from "node:crypto";
import type { AppClient } from "../app-client.js";
import { HumansyncError, humansyncError, optionError } from "../core/errors.js";
import type { ClientEvent } from "../types/client-options.js";
import type { SyncReport } from "../types/sync.js";
import type { ParkedWindow, Workers, WorkerEvent, WorkerStatus } from "../types/workers.js";
import type { Database } from "./database.js";
import { kindOf, misfit } from "../stores/checks.js";
import { databaseFailure } from "./database-errors.js";
import { drained } from "./drain.js";
import { faultOf, withError } from "./faults.js";
import { Hold } from "./hold.js";
import { Jobs } from "./jobs.js";
import { SharedLimiter } from "./limiter.js";
import type { Settings } from "./options.js";
import { plan } from "./planner.js";
import { lowerSince } from "./plans.js";
import { pauseLeft, standing } from "./status.js";
import type { Telemetry } from "./telemetry.js";
import { walk } from "./walker.js";
import { Windows } from "./windows.js";

export interface GroupParts {
  readonly settings: Settings;
  readonly database: Database;
  readonly telemetry: Telemetry;
  readonly trouble: (error: unknown) => void;
  readonly tell: (event: ClientEvent | WorkerEvent) => void;
  /** Makes the client, with the limiter that it is to use. */
  readonly clientWith: (limiter: SharedLimiter, onEvent: (event: ClientEvent) => void) => AppClient;
}

/** What workers have once they are started. */
interface Started {
  readonly jobs: Jobs;
  readonly hold: Hold;
}

export class WorkerGroup implements Workers {
  readonly #parts: GroupParts;
  readonly #id = randomUUID();
  readonly #windows: Windows;
  readonly #limiter: SharedLimiter;
  readonly #client: AppClient;
  readonly #stop = new AbortController();
  readonly #sent = { requests: 0, retries: 0 };
  #jobs: Jobs | undefined;
  #starting: Promise<Started> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: GroupParts) {
    this.#parts = parts;
    const { settings, database, telemetry, trouble } = parts;
    const { schema, sharedConcurrency, leaseDuration } = settings;
    this.#windows = new Windows(schema, leaseDuration);
    this.#limiter = new SharedLimiter({ database, schema, id: this.#id, lanes: sharedConcurrency, trouble, paused: () => telemetry.count("pauses", 1) });
    this.#client = parts.clientWith(this.#limiter, (event) => {
      if (event.type === "request") this.#sent.requests++;
      if (event.type === "request" && event.attempt > 1) this.#sent.retries++;
      parts.tell(event);
    });
  }

  async start(): Promise<void> {
    await this.#started();
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#end();
    await this.#stopping;
  }

  async drain(): Promise<SyncReport> {
    this.#checkOpen();
    const { database, settings } = this.#parts;
    const draining = { database, settings, isStarted: this.#starting !== undefined, start: () => this.#started(), requests: () => ({ ...this.#sent }), signal: this.#stop.signal };
    return explained("The workers could not be drained", () => drained(draining));
  }

  async status(): Promise<WorkerStatus[]> {
    this.#checkOpen();
    const { database, settings } = this.#parts;
    const found = await explained("The workers' status could not be read", () => standing(database, settings));
    return found.map(({ pages: _, ...status }) => status);
  }

  async parked(): Promise<ParkedWindow[]> {
    this.#checkOpen();
    return explained("The parked windows could not be read", () => this.#windows.parked(this.#parts.database));
  }

  async retry(windows?: readonly { readonly id: string }[]): Promise<number> {
    this.#checkOpen();
    const { database, settings, trouble } = this.#parts;
    if (windows !== undefined && !Array.isArray(windows)) throw misfit("windows", "a list of parked windows", kindOf(windows));
    const ids = windows?.map((window, index) => {
      if (typeof window?.id === "string" && /^\d+$/.test(window.id)) return window.id;
      throw optionError(`windows[${index}]`, `\`windows[${index}]\` must be a parked window, with its \`id\``);
    });
    const jobs = this.#jobs ?? (await Jobs.open(database, settings, false, trouble));
    try {
      const given = await explained("The parked windows could not be given back", () =>
        database.transaction(async (tx) => {
          const given = await this.#windows.retry(ids, tx);
          await jobs.addWindows(given, tx);
          return given;
        }),
      );
      this.#jobs?.wakeWindows();
      return given.length;
    } finally {
      if (jobs !== this.#jobs) await jobs.stop();
    }
  }

  async pausedUntil(): Promise<Date | undefined> {
    this.#checkOpen();
    const { database, settings } = this.#parts;
    const left = await explained("The pause could not be read", () => pauseLeft(database, settings.schema));
    return left > 0 ? new Date(Date.now() + left) : undefined;
  }

  #started(): Promise<Started> {
    this.#checkOpen();
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #begin(): Promise<Started> {
    const { settings, database, telemetry, tell, trouble } = this.#parts;
    const stopping = this.#stop.signal;
    const jobs = await Jobs.open(database, settings, true, trouble);
    this.#jobs = jobs;
    const take = () => jobs.takeWindows((job) => walk(walking, job));
    const hold = new Hold({ jobs, client: this.#client, stopping, take, tell, trouble });
    const common = { database, settings, jobs, client: this.#client, telemetry, tell, stopping };
    const walking = { ...common, id: this.#id, windows: this.#windows, hold };
    try {
      await this.#limiter.open();
      await lowerSince(settings, database);
      // At once: there may be an earlier `since`. One that is not due plans nothing.
      await Promise.all(settings.types.map((type) => jobs.planNow(type)));
      await jobs.takePlans((job) => plan(common, job));
      await take();
    } catch (error) {
      this.#jobs = undefined;
      await jobs.stop().catch(trouble);
      await this.#limiter.close().catch(trouble);
      throw databaseFailure("The workers could not be started", error);
    }
    return { jobs, hold };
  }

  async #end(): Promise<void> {
    this.#stop.abort(humansyncError("stopped", "the workers are stopped"));
    await this.#starting?.catch(() => {});
    try {
      if (this.#jobs !== undefined) {
        await this.#jobs.stop();
        this.#client.close();
        await this.#limiter.close();
      } else this.#client.close();
    } catch (error) {
      // What could not be given back is free when its time is over.
      this.#parts.trouble(error);
    } finally {
      await this.#parts.database.close();
    }
  }

  #checkOpen(): void {
    if (this.#stopping !== undefined) throw humansyncError("stopped", "the workers are stopped; make new ones with createWorkers()");
  }
}

async function explained<T>(tried: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof HumansyncError ? error : databaseFailure(tried, error);
  }
}

/** Tells of something that failed and is tried again by itself. */
export function troubleTo(tell: (event: WorkerEvent) => void): (error: unknown) => void {
  return (error) => tell(withError({ type: "trouble" as const, fault: faultOf(error) }, error));
}
