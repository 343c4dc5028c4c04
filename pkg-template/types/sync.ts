// Keeping types up to date: options, deltas, progress and reports.

import type { BatchRecord, BatchRecords, BatchType } from "./batch.js";
import type { CallOptions } from "./client-options.js";
import type { PersonRecord, PersonRecords, PersonType } from "./person-records.js";
import type { Store } from "./store.js";
import type { Instant } from "./time.js";

/** Where a store keeps the positions. */
export interface StoredPositions {
  /** Where positions are kept between runs. One store may serve several apps, and several people (see `account`). Either this or `from`. */
  store: Store;
  from?: undefined;
}

/** Where you keep the positions yourself. */
export interface OwnPositions<Type extends string> {
  store?: undefined;
  /**
   * For those who store positions themselves, in the transaction that stores the records: of each type, the `checkpoint` of the last delta
   * that was stored; `{}` the first time, and no entry for a type without one. The library stores nothing then, takes no lock, and
   * remembers no records: what the `overlap` reads again is delivered again. Either this or `store`.
   */
  from: { readonly [T in Type]?: string | undefined };
}

/** What a sync can be told besides where its positions are. */
export interface SyncSettings<Type extends string> extends CallOptions {
  /** Default: all types. */
  types?: readonly Type[] | undefined;
  /** Where the first run of a type begins. Default: of an app, 31 days ago by the server's clock; of one person, the beginning of
   *  everything. A later run with an earlier one delivers what lies between as well. */
  since?: Instant | undefined;
  /** Where the run ends: what was updated later is not asked for. Default: the server's clock at the start of the run. */
  until?: Instant | undefined;
  /** How far each run reaches back before the last one's end, for records that became visible late. Milliseconds, in whole
   *  seconds. Default 300 000. With a store, records already delivered unchanged are not delivered again. */
  overlap?: number | undefined;
  /** Records per page, 1 to 500. Default 500. */
  limit?: number | undefined;
  /** Only records of this source, by its name or id. Such a sync has positions of its own. */
  source?: string | undefined;
  /** Parameters that this library does not know, e.g. `{ time_series: "true" }`. A sync with other ones has other positions. */
  params?: Record<string, string> | undefined;
  /** Windows with more records than this are halved before they are walked, down to ten seconds. Default 50 000. */
  windowRecords?: number | undefined;
}

/** Options of a sync of these types: either with a `store` or with `from`. */
export type SyncOptionsOf<Type extends string> = SyncSettings<Type> & (StoredPositions | OwnPositions<Type>);

/** Options of `AppClient.sync` with a store. */
export interface SyncOptions extends SyncSettings<BatchType>, StoredPositions {}

/** Options of `HumanClient.sync`. */
export type PersonSyncOptions = SyncOptionsOf<PersonType> & {
  /** Separates people: a store, or checkpoints, of one are not those of another. A hash of it, never itself, is in keys and checkpoints.
   *  Needed as soon as a store serves more than one person: an access token does not say whose it is. */
  account?: string | undefined;
};

/**
 * Deltas in turn; of one type in the order of time, of several as they come. A delta's position is stored once the next one is asked for
 * (or `commit` is called), in the background while the next ones come: at most eight deltas are done and not stored. After a crash these
 * and the one in hand come again, and nothing is skipped. So write what is in a delta before asking for the next, by id and such that
 * twice does no harm. With `from`, store its `checkpoint` in the same transaction. The end of a run, and leaving it, wait until all is
 * stored that the consumer is done with.
 *
 * Each iteration is a run. Runs of one app or person that share a store go one after the other, in whichever process: the next one waits.
 * An error of one type does not keep the others from coming to their end; it is thrown then.
 *
 * `Sync` is one of an app, `Sync<PersonRecords>` one of a person.
 */
export interface Sync<Records extends BatchRecords | PersonRecords = BatchRecords> extends AsyncIterable<AnyDelta<Records>> {
  /** Runs to the end, with a handler that is awaited for every delta. */
  run(handler: (delta: AnyDelta<Records>) => void | Promise<void>, options?: SyncRunOptions<TypeOf<Records>>): Promise<SyncReport<TypeOf<Records>>>;
}

type TypeOf<Records> = keyof Records & string;

export interface SyncRunOptions<Type extends string = BatchType> {
  /** Called after each delta that is handled, and after each window. What it throws, or rejects with before the run has ended, ends
   *  the run. */
  onProgress?: ((progress: SyncProgress<Type>) => void) | undefined;
}

/** What deltas of an app and of one person have in common. */
export interface DeltaOf<Type extends string, R> {
  /** The type of its records. */
  readonly type: Type;
  /** The stretch of update time that was asked for, RFC 3339. It begins a second before what is delivered completely, as the server may leave
   *  that second out. Records updated after the server's clock come as well, though `before` ends there. */
  readonly window: { readonly since: string; readonly before: string };
  /** New and changed records, as the server sends them; to be written by id. With `from`, the last delta of a type may have none: it only
   *  moves the checkpoint. */
  readonly records: R[];
  /**
   * Where its type stands when this delta is done: what `from` takes. Text of at most 2000 characters. It belongs to its server, app or
   * account, type, `source` and `params`, and is refused elsewhere; it has a version and a checksum, and no secret, person or record.
   */
  readonly checkpoint: string;
  /** Stores its position now, and resolves when it is stored: for those who leave the loop after it. Rejects with a `StoreError` if the store
   *  fails; then it may be called again. With `from` there is nothing to store, and it does nothing. */
  commit(): Promise<void>;
}

/** A page's worth of what is new: up to 500 records of one type, of all users. */
export interface Delta<K extends BatchType = BatchType> extends DeltaOf<K, BatchRecord<K>> {
  /** The records by humanId, in the order they came. */
  byUser(): Map<string, BatchRecord<K>[]>;
}

/** The same of one person. It has no `byUser`: all records are of the person, and medical ones do not say so. */
export interface PersonDelta<K extends PersonType = PersonType> extends DeltaOf<K, PersonRecord<K>> {}

/** A delta of any type: `type` tells which records it has. `AnyDelta<PersonRecords>` is one of a person. */
export type AnyDelta<Records extends BatchRecords | PersonRecords = BatchRecords> = Records extends BatchRecords
  ? { [K in BatchType]: Delta<K> }[BatchType]
  : { [K in PersonType]: PersonDelta<K> }[PersonType];

export interface SyncProgress<Type extends string = BatchType> {
  type: Type;
  /** Records delivered in this run. */
  records: number;
  /** The same, and those that the window under way still has, where the server says how many (X-Total-Count). */
  expected: number | undefined;
  windowsDone: number;
  /** As far as can be told yet. */
  windows: number;
}

export interface SyncReport<Type extends string = BatchType> {
  /** Records delivered. */
  records: number;
  requests: number;
  /** Requests that were not a call's first. */
  retries: number;
  /** Per type: its records; up to when everything is delivered (RFC 3339), undefined where no position is known yet; and the pages that
   *  were asked for. The API advises to sync so often that one page is enough. */
  types: Partial<Record<Type, { records: number; until: string | undefined; pages: number }>>;
}

/**
 * A window of update time of one type: plain JSON, such as the payload of a job. `since` is the first second in it, `before` the one after its
 * last: RFC 3339, in whole seconds, less than 31 days apart.
 */
export interface SyncWindow {
  type: BatchType;
  since: string;
  before: string;
  /** How many records it had when it was planned, those of the second before it perhaps included; undefined where the server tells no totals.
   *  It is not checked against what comes. */
  expected?: number | undefined;
}

/** Options of `AppClient.plan`. */
export interface WindowPlanOptions extends CallOptions {
  /** Where the first window begins. A fraction of a second is cut off. */
  since: Instant;
  /** Where the last window ends at the latest. It never ends later than a minute before the server's clock, which is the default. */
  until?: Instant | undefined;
  /** What is done already, such as the windows of earlier plans, in any order. What else an element has is not looked at. */
  covered?: readonly { since: Instant; before: Instant }[] | undefined;
  /** The most records in a window. Default 50 000. */
  windowRecords?: number | undefined;
}

/** Options of `AppClient.missing`. */
export interface MissingOptions extends CallOptions {
  /** The `since` of your first sync, or earlier. Records that were updated before it are taken for missing. */
  since: Instant;
}

/** What identifies a record: an `id` may be unique for one person only. */
export interface KnownRecord {
  id: string;
  /** Not empty: a record that does not say whose it is cannot be told from others with its id. Leave it out. */
  humanId: string;
}

/** Options of `AppClient.window`. */
export interface SyncWindowOptions extends CallOptions {
  /** The checkpoint of the last delta of this window that was stored; without it the window is walked from its beginning. */
  checkpoint?: string | undefined;
}
