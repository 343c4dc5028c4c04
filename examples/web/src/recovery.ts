// Recovers from failures: retries by itself if time or the network may resolve the failure, and otherwise waits for the
// person.

import { dismiss, notify } from "./ui/notices.ts";
import { type Failure, mends, told } from "./failures.ts";

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 120_000;
/** The longest delay of a timer. A longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Handles the failures of one kind of work, "reading" or "sending". */
export class Recovery {
  readonly #key: string;
  readonly #doing: () => string;
  readonly #again: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;
  #onOnline: (() => void) | undefined;
  /** The end of the client's own wait. */
  #waitsUntil = 0;

  /** `again` continues the work; `doing` names the current work. */
  constructor(key: "reading" | "sending", again: () => void, doing: () => string = () => key) {
    this.#key = key;
    this.#doing = doing;
    this.#again = again;
  }

  /** Shows a failure, and continues when it may be resolved. */
  from(failure: Failure): void {
    this.#stopWaiting();
    const { title, next, urgent } = told(failure, this.#doing());
    const now = { label: urgent ? "Try again" : "Try now", act: () => this.#goOn() };
    let until: number | undefined;
    if (failure.kind === "offline" && !navigator.onLine) {
      this.#onOnline = () => this.#goOn();
      addEventListener("online", this.#onOnline, { once: true });
    } else if (mends(failure)) {
      until = Math.max(failure.retryAt ?? 0, Date.now() + this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      this.#timer = setTimeout(() => this.#goOn(), Math.min(until - Date.now(), LONGEST_TIMER));
    }
    // There is no button to try now if the server asks to wait, because it would only ask again.
    notify(this.#key, { title, next, urgent, until, actions: failure.kind === "limited" ? [] : [now] });
  }

  /** Shows why, and for how long, the client waits before it retries. */
  waiting(reason: string, until: number): void {
    this.#waitsUntil = until;
    notify(this.#key, { ...reasonWords(reason, this.#doing()), until });
  }

  /** To be called when the server has answered. This ends the failure unless the client still waits. */
  answered(): void {
    if (Date.now() >= this.#waitsUntil) this.well();
  }

  /** Ends the failure: its notice is removed, and the next failure begins with a short wait. */
  well(): void {
    this.#stopWaiting();
    this.#waitsUntil = 0;
    this.#wait = FIRST_WAIT;
    dismiss(this.#key);
  }

  /** To be called when a new attempt begins: the notice is removed, but the next failure waits longer. */
  pause(): void {
    this.#stopWaiting();
    dismiss(this.#key);
  }

  #goOn(): void {
    this.pause();
    this.#again();
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    if (this.#onOnline) removeEventListener("online", this.#onOnline);
    this.#onOnline = undefined;
  }
}

/** The words for the reason of a retry in a client's event. */
function reasonWords(reason: string, doing: string): { title: string; next: string } {
  const next = `The client tries again by itself, and ${doing} goes on. Nothing is lost.`;
  const status = /\d{3}/.exec(reason)?.[0];
  if (status === "429") return { title: "The server asks to wait", next };
  if (status !== undefined) return { title: `The server is in trouble (${status})`, next };
  return navigator.onLine ? { title: "The server does not answer", next } : { title: "You are offline", next };
}
