// From a failure back to work: by itself when time or the network may mend it, else when a person has done their part.

import { dismiss, notify } from "./ui/notices.ts";
import { type Failure, mends, told } from "./trouble.ts";

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 120_000;
/** A timer that is set for longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Sees one kind of work, "reading" or "sending", through its failures. */
export class Recovery {
  readonly #key: string;
  readonly #doing: () => string;
  readonly #again: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;
  #onOnline: (() => void) | undefined;
  /** Until when the client waits by itself. */
  #waitsUntil = 0;

  /** `again` goes on from where the work stands; `doing` says what that is just now. */
  constructor(key: "reading" | "sending", again: () => void, doing: () => string = () => key) {
    this.#key = key;
    this.#doing = doing;
    this.#again = again;
  }

  /** Tells what is wrong, and goes on when it may be mended. */
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
    // Who sends earlier than the server asked for is told to wait again.
    notify(this.#key, { title, next, urgent, until, actions: failure.kind === "limited" ? [] : [now] });
  }

  /** While the client waits to try again by itself: tells why, and for how long. */
  waiting(reason: string, until: number): void {
    this.#waitsUntil = until;
    notify(this.#key, { ...reasonWords(reason, this.#doing()), until });
  }

  /** The server has answered: it goes well again, unless that was asked before the client began to wait. */
  answered(): void {
    if (Date.now() >= this.#waitsUntil) this.well();
  }

  /** It goes well: nothing is told any more, and the next failure waits shortly again. */
  well(): void {
    this.#stopWaiting();
    this.#waitsUntil = 0;
    this.#wait = FIRST_WAIT;
    dismiss(this.#key);
  }

  /** A new try begins: nothing is told of the one before, but the next failure waits longer. */
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

/** Why a client tries again, as its event says it. */
function reasonWords(reason: string, doing: string): { title: string; next: string } {
  const next = `The client tries again by itself, and ${doing} goes on. Nothing is lost.`;
  const status = /\d{3}/.exec(reason)?.[0];
  if (status === "429") return { title: "The server asks to wait", next };
  if (status !== undefined) return { title: `The server is in trouble (${status})`, next };
  return navigator.onLine ? { title: "The server does not answer", next } : { title: "You are offline", next };
}
