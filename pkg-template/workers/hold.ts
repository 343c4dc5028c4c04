// Troubles that are of all windows, such as a refused key or a server that does not answer: this process takes no
// windows for a while, so that they do not use up their attempts.

import type { AppClient } from "../app-client.js";
import { ApiError, AuthenticationError, RateLimitError } from "../core/errors.js";
import type { WorkerEvent } from "../types/workers.js";
import { faultOf, withError } from "./faults.js";
import type { Jobs } from "./jobs.js";

/** Milliseconds: the first wait, which doubles each time that nothing was better, and the longest. */
const FIRST = 2_000;
const LONGEST = 300_000;
/** The longest that the server's own wish is followed without asking again. */
const LONGEST_ASKED = 3_600_000;
/** A user that there is not: the smallest thing that one can ask a server that is up. */
const NOBODY = "0".repeat(32);

interface HoldParts {
  readonly jobs: Jobs;
  readonly client: AppClient;
  readonly stopping: AbortSignal;
  /** Takes windows again. */
  readonly take: () => Promise<void>;
  readonly tell: (event: WorkerEvent) => void;
  readonly trouble: (error: unknown) => void;
}

export class Hold {
  readonly #jobs: Jobs;
  readonly #client: AppClient;
  readonly #stopping: AbortSignal;
  readonly #take: () => Promise<void>;
  readonly #tell: (event: WorkerEvent) => void;
  readonly #trouble: (error: unknown) => void;
  #times = 0;
  /** Of the last time that the key was refused: when the window was taken, and the error. */
  #refusal: { readonly begun: number; readonly error: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ jobs, client, stopping, take, tell, trouble }: HoldParts) {
    this.#jobs = jobs;
    this.#trouble = trouble;
    this.#client = client;
    this.#stopping = stopping;
    this.#take = take;
    this.#tell = tell;
    stopping.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Takes no windows for a while; a second trouble in that time is the same one. The window was taken when `performance.now()` was `begun`. */
  async begin(error: unknown, begun: number): Promise<void> {
    if (error instanceof AuthenticationError) this.#refusal = { begun, error };
    if (this.#timer !== undefined || this.#stopping.aborted) return;
    const asked = error instanceof RateLimitError && error.retryAt !== undefined ? error.retryAt.getTime() - Date.now() : 0;
    const wait = Math.max(Math.min(FIRST * 2 ** this.#times++, LONGEST), Math.min(asked, LONGEST_ASKED));
    const until = new Date(Date.now() + wait);
    this.#timer = setTimeout(() => void this.#end(), wait);
    this.#tell(withError({ type: "hold" as const, until, fault: faultOf(error) }, error));
    await this.#jobs.leaveWindows();
  }

  /** The error of a key that was refused to a window taken since then, by `performance.now()`. */
  refusedSince(time: number): unknown {
    return this.#refusal !== undefined && this.#refusal.begun >= time ? this.#refusal.error : undefined;
  }

  /** Something went well. */
  over(): void {
    this.#times = 0;
  }

  /** Whether the server answers anything at all: if so, an error that it gives is of what was asked for. */
  async isServerUp(): Promise<boolean> {
    try {
      await this.#client.user(NOBODY, { signal: this.#stopping });
      return true;
    } catch (error) {
      // What a server that is up says of a user that there is not. A 403 may be of somebody in front of it.
      return error instanceof ApiError && [400, 404, 410, 422].includes(error.status);
    }
  }

  async #end(): Promise<void> {
    try {
      // Those in hand first, so that there are never more at once than may be.
      await this.#jobs.windowsOver();
      this.#timer = undefined;
      if (!this.#stopping.aborted) await this.#take();
    } catch (error) {
      this.#trouble(error);
    }
  }
}
