// One list, read to its end: page by page, cancelled at will, and gone on with after a failure where it stood.

import type { HumanClient, Page, QueryInit } from "humansync/slim/read";
import type { Any, Kind } from "./kinds.ts";

export interface Days {
  readonly startDate: string;
  readonly endDate: string;
}

export class Reading {
  readonly kind: Kind;
  readonly days: Days | undefined;
  readonly records: Any[] = [];
  /** How many there will be, where the server says so. */
  total: number | undefined;
  done = false;
  cancelled = false;
  #cursor: string | undefined;
  #abort: AbortController | undefined;

  constructor(kind: Kind, days: Days | undefined) {
    this.kind = kind;
    this.days = days;
  }

  /** Reads on from where it stands, and calls `onPage` after each page. Ends early when it is cancelled. */
  async run(client: HumanClient, onPage: () => void): Promise<void> {
    const abort = new AbortController();
    this.#abort?.abort();
    this.#abort = abort;
    const query: QueryInit = { ...this.days, cursor: this.#cursor, signal: abort.signal };
    try {
      for await (const page of this.kind.list(client, query).byPage()) {
        if (abort.signal.aborted) return;
        this.#take(page);
        onPage();
      }
      this.done = true;
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  }

  /** Whether there is more to come, now or later. */
  get open(): boolean {
    return !this.done && !this.cancelled;
  }

  /** Ends what is under way; `run` goes on from there. */
  suspend(): void {
    this.#abort?.abort();
  }

  /** Ends it for good. */
  cancel(): void {
    if (!this.done) this.cancelled = true;
    this.suspend();
  }

  #take(page: Page<Any>): void {
    this.records.push(...page.records);
    this.total = page.totalCount ?? this.total;
    this.#cursor = page.cursor;
  }
}
