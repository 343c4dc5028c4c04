// Reads one list page by page to its end. It can be cancelled, and continues after a failure where it stopped.

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
  /** The number of all records, if the server reports it. */
  total: number | undefined;
  done = false;
  cancelled = false;
  #cursor: string | undefined;
  #abort: AbortController | undefined;

  constructor(kind: Kind, days: Days | undefined) {
    this.kind = kind;
    this.days = days;
  }

  /** Reads from the current position, and calls `onPage` after each page. Ends early when it is cancelled. */
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

  /** Whether more records may follow. */
  get open(): boolean {
    return !this.done && !this.cancelled;
  }

  /** Aborts the current run; the next `run` continues from its position. */
  suspend(): void {
    this.#abort?.abort();
  }

  /** Ends reading for good. */
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
