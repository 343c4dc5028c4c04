// Locks of a server that many machines share: leases that their holder extends again and again, and that end by
// themselves where it cannot any more, as it is dead, stopped, or cut off from the server.
//
// A holder that is slow cannot know by itself that it has lost its lock: it may be stopped at any moment, even between
// a look at the clock and a write. So the server refuses its writes, by the lease that each is made with. The signal
// is how a holder that lives learns of it: when the server says that another one has come, or when it has said nothing
// for as long as the lease lasts.

import type { Lease } from "../types/store.js";
import { misfit } from "./checks.js";
import { type Held, type leasesOf, lost } from "./leases.js";
import type { serialQueue } from "./serial-queue.js";
import { ANSWER_TIME, within } from "./patience.js";
import { quietTimer } from "./timers.js";
import { causeOf } from "./server-causes.js";

/**
 * A lease as the server knows it. The holder's name is unique: of a server that has forgotten its latest tokens, two
 * holders may have one.
 */
export interface ServerHeld extends Held {
  readonly holder: string;
  /** How many writes have been made with it. Each has its number, as the server may come to an earlier one late. */
  writes: number;
  /** The keys of which an earlier write may still be on its way to the server. */
  readonly doubtful: Set<string>;
}

/** What a server does for locks. Times are in milliseconds, by its own clock. */
export interface LockServer {
  /**
   * Gives the lock to `holder`, if nobody else has it; its token then, and a time before the lease began, by this
   * machine's clock. Asked again after `answerTime` without an answer.
   */
  take(lock: string, holder: string, lasts: number, answerTime: number): Promise<{ token: number; since: number } | undefined>;
  /** Lets it last from now on. False where it is not, or no longer, the holder's. */
  extend(held: ServerHeld, lasts: number): Promise<boolean>;
  /** Lets the next one have it at once, if it is still the holder's. */
  free(held: ServerHeld): Promise<void>;
}

export const LEASE_DURATION = 15_000;

export function checkedLeaseDuration(value: unknown = LEASE_DURATION): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 100 && value <= 3_600_000) return value;
  throw misfit("leaseDuration", "a whole number of milliseconds from 100 to 3600000", typeof value === "number" ? "another number" : `of type ${typeof value}`);
}

/** Runs `work` under the lock. Within one program, those who wait for it go in order. */
export function underServerLock<T>(
  place: { server: LockServer; leases: ReturnType<typeof leasesOf<ServerHeld>>; leaseDuration: number; inTurn: ReturnType<typeof serialQueue> },
  lock: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { server, leases, leaseDuration, inTurn } = place;
  return inTurn(lock, async () => {
    const { held, since } = await taken(server, lock, leaseDuration);
    const { signal, stop } = keep(server, held, leaseDuration, since);
    try {
      return await work(leases.give(held, signal));
    } finally {
      stop();
      // Where the server does not hear of it, the lease ends by itself: nobody has to wait for longer.
      await within(answerTimeOf(leaseDuration), server.free(held)).catch(() => {});
    }
  });
}

/** Milliseconds between looks at a lock that another machine has. */
const FIRST_WAIT = 20;
const LONGEST_WAIT = 1000;

/** A lease that begins after its own time is of no use. */
function answerTimeOf(leaseDuration: number): number {
  return Math.min(leaseDuration, ANSWER_TIME);
}

async function taken(server: LockServer, lock: string, leaseDuration: number): Promise<{ held: ServerHeld; since: number }> {
  const holder = crypto.randomUUID();
  const longest = Math.min(LONGEST_WAIT, leaseDuration / 3);
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.5, longest)) {
    const given = await server.take(lock, holder, leaseDuration, answerTimeOf(leaseDuration));
    if (given !== undefined) return { held: { lock, token: given.token, holder, writes: 0, doubtful: new Set() }, since: given.since };
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  }
}

/** Extends a lease until `stop`; its signal aborts when it may be lost. */
function keep(server: LockServer, held: ServerHeld, leaseDuration: number, since: number): { signal: AbortSignal; stop: () => void } {
  const loss = new AbortController();
  let hasEnded = false;
  let lastFailure: unknown;
  let beat: Timer;
  let limit: Timer;

  function stop(): void {
    hasEnded = true;
    clearTimeout(beat);
    clearTimeout(limit);
  }

  function lose(cause?: unknown): void {
    stop();
    loss.abort(lost(cause));
  }

  /** It lasts from `since` on, which was before the server knew: this end never comes after that of the server. */
  function confirm(since: number): void {
    clearTimeout(limit);
    limit = quietly(since + leaseDuration, () => lose(lastFailure));
    beat = quietly(since + leaseDuration / 3, extend);
  }

  async function extend(): Promise<void> {
    const asked = performance.now();
    try {
      const isOurs = await server.extend(held, leaseDuration);
      if (hasEnded) return;
      if (!isOurs) return lose();
      confirm(asked);
    } catch (error) {
      if (hasEnded) return;
      lastFailure = causeOf(error);
      beat = quietly(performance.now() + leaseDuration / 12, extend);
    }
  }

  confirm(since);
  return { signal: loss.signal, stop };
}

type Timer = ReturnType<typeof setTimeout> | undefined;

/** Calls `run` at a time of `performance.now()`. Nobody is kept from ending by what it holds; its work does that. */
function quietly(time: number, run: () => void): Timer {
  return quietTimer(run, Math.max(0, time - performance.now()));
}
