// A limiter of the user, as Rust calls it.

import { optionError } from "./errors.js";
import { quietly } from "./quietly.js";

/**
 * @typedef {object} Limiter
 * @property {(signal: AbortSignal) => unknown} enter
 * @property {(until: Date) => unknown} pause
 */

/** A place that is waited for, or held. */
export class Entry {
  #wait = new AbortController();
  /** @type {(() => unknown) | undefined} */
  #giveBack;
  #isOver = false;

  /** @param {Limiter} limiter */
  constructor(limiter) {
    /** Resolves when a request may be sent. @type {Promise<void>} */
    this.entered = this.#enter(limiter);
    this.entered.catch(() => {});
  }

  /** @param {Limiter} limiter */
  async #enter(limiter) {
    const giveBack = await limiter.enter(this.#wait.signal);
    if (typeof giveBack !== "function") {
      throw optionError("limiter", `\`limiter\` must resolve \`enter\` to a function that gives the place back; it gave something of type ${typeof giveBack}`);
    }
    // It came too late: nobody waits for it any more.
    if (this.#isOver) quietly(/** @type {() => unknown} */ (giveBack));
    else this.#giveBack = /** @type {() => unknown} */ (giveBack);
  }

  /** Gives the place back, or ends the wait for it. */
  leave() {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#giveBack) quietly(this.#giveBack);
    else this.#wait.abort();
  }
}

/** Tells of a pause until `until`, in milliseconds since 1970. @type {(limiter: Limiter, until: number) => Promise<unknown>} */
export async function pauseUntil(limiter, until) {
  return limiter.pause(new Date(until));
}
