// Keeping types up to date: options, deltas, progress and reports.

import type { BatchRecord, BatchType } from "./batch.js";
import type { CallOptions } from "./client-options.js";
import type { Store } from "./store.js";
import type { Instant } from "./time.js";

/** Options of `AppClient.sync`. */
export interface SyncOptions extends CallOptions {
  /** Default: all types. */
  types?: readonly BatchType[] | undefined;
  /** Where positions are kept between runs. One store may serve several apps. */
  store: Store;
  /** Where the first run of a type begins; without it 31 days ago, by the server's clock. A later run with an earlier one
   *  delivers what lies between as well. */
  since?: Instant | undefined;
  /** Where the run ends: what was updated later is not asked for. Default: the server's clock at the start of the run. */
  until?: Instant | undefined;
  /** How far each run reaches back before the last one's end, for records that became visible late. Milliseconds, in whole
   *  seconds. Default 300 000. Records already delivered unchanged are not delivered again. */
  overlap?: number | undefined;
}

/**
 * Deltas in turn; of one type in the order of time, of several as they come. A delta's position is stored when the next one is asked for
 * (or `commit` is called): a consumer that dies in between gets it again, and nothing is skipped. So write what is in a delta
 * before asking for the next, by id and such that twice does no harm.
 *
 * Each iteration is a run. Runs of one app that share a store go one after the other, in whichever process: the next one waits.
 * An error of one type does not keep the others from coming to their end; it is thrown then.
 */
export interface Sync extends AsyncIterable<AnyDelta> {
  /** Runs to the end, with a handler that is awaited for every delta. */
  run(handler: (delta: AnyDelta) => void | Promise<void>, options?: SyncRunOptions): Promise<SyncReport>;
}

export interface SyncRunOptions {
  /** Called after each delta that is handled, and after each window. What it throws, or rejects with before the run has ended, ends
   *  the run. */
  onProgress?: ((progress: SyncProgress) => void) | undefined;
}

/** A page's worth of what is new: up to 500 records of one type. */
export interface Delta<K extends BatchType = BatchType> {
  /** The type of its records. */
  readonly type: K;
  /** The stretch of update time that it is of, RFC 3339. Records updated after the server's clock come as well, though `before` ends there. */
  readonly window: { readonly since: string; readonly before: string };
  /** New and changed records, as the server sends them; to be written by id. */
  readonly records: BatchRecord<K>[];
  /** The records by humanId, in the order they came. */
  byUser(): Map<string, BatchRecord<K>[]>;
  /** Stores its position now: for those who leave the loop after it. */
  commit(): Promise<void>;
}

/** A delta of any type: `type` tells which records it has. */
export type AnyDelta = { [K in BatchType]: Delta<K> }[BatchType];

export interface SyncProgress {
  type: BatchType;
  /** Records delivered in this run. */
  records: number;
  /** The same, and those that the window under way still has, where the server says how many (X-Total-Count). */
  expected: number | undefined;
  windowsDone: number;
  /** As far as can be told yet. */
  windows: number;
}

export interface SyncReport {
  /** Records delivered. */
  records: number;
  requests: number;
  /** Requests that were not a call's first. */
  retries: number;
  /** Per type, its records, and up to when everything is delivered (RFC 3339); undefined where no position is stored yet. */
  types: Partial<Record<BatchType, { records: number; until: string | undefined }>>;
}
