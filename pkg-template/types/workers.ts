// Workers: what they are made with, and what they tell.

import type { AppClientOptions } from "../app-client.js";
import type { BatchType } from "./batch.js";
import type { ClientEvent } from "./client-options.js";
import type { AnyDelta, SyncReport, SyncWindow } from "./sync.js";
import type { Instant } from "./time.js";

/**
 * What every transaction has at least. With a pool of `pg` it is the pool's client, without a `database` PGlite's
 * transaction.
 */
export interface Transaction {
  /** Values are bound as $1, $2 and so on. */
  query(text: string, values?: unknown[]): Promise<{ rows: { [column: string]: unknown }[] }>;
}

/** What is used of a pool of `pg`. */
export interface DatabasePool extends Transaction {
  /** A connection, which `release` gives back. */
  connect(): Promise<Transaction & { release(destroy?: boolean): void }>;
}

/** Options of `createWorkers`. Processes that share a schema should have the same, but for `concurrency`. */
export interface WorkersOptions<Tx = Transaction> {
  /**
   * A connection string, or a pool of `pg`, with room for at least `concurrency` + 3 connections. A pool of yours is
   * not closed by `stop`. Without one: PGlite, which is PostgreSQL in this one process, in `folder`; a `database` that is
   * undefined is refused, as a variable of the environment that is not set would be.
   */
  database?: string | DatabasePool | undefined;
  /**
   * Where PGlite keeps its files, if there is no `database`: of one process at a time. Without one: in memory, until
   * `stop`; one that is undefined is refused.
   */
  folder?: string | URL | undefined;
  /**
   * The schema for the tables of the workers, which is created; pg-boss has another beside it, `<schema>_jobs`. One app
   * has one schema. Lower case letters, digits and `_`, at most 40, and no word of SQL. Default `"humansync"`.
   */
  schema?: string | undefined;
  /**
   * What the workers' own AppClient is made with. `limiter` takes the place of the workers' own, which is then without
   * effect.
   */
  app: AppClientOptions;
  /** Default: all types. */
  types?: readonly BatchType[] | undefined;
  /**
   * From when on everything is brought. A later one, in another run, forgets nothing; an earlier one brings what lies
   * between as well. Written as for `AppClient.sync`, and not more than a day ahead of this machine's clock.
   */
  since: Instant;
  /** How often windows are planned, in milliseconds, at least 1000. Default 300 000. */
  every?: number | undefined;
  /**
   * How far each plan reaches back, for records that become visible some time after their `updatedAt`: so many
   * milliseconds, in whole seconds, before the moment at which a window was planned do not count as read, and are read
   * again. Default 300 000.
   */
  overlap?: number | undefined;
  /** The most records in a window, as in `AppClient.plan`. Default 50 000. */
  windowRecords?: number | undefined;
  /** Windows at once in this process, 1 to 64. Default 2. */
  concurrency?: number | undefined;
  /**
   * Requests in flight at once over all processes of this schema, 1 to 256. Where processes have different ones, the
   * smallest holds. Default 6.
   */
  sharedConcurrency?: number | undefined;
  /**
   * How long a window stays with a process that does not show any more that it is alive, in milliseconds, in whole
   * seconds, at least 10 000. Also the longest that `apply` may leave its transaction idle. Default 10 000.
   */
  leaseDuration?: number | undefined;
  /** How often a window may fail before it is parked, 1 to 100. Default 8. */
  attempts?: number | undefined;
  /**
   * Writes the records of a delta, inside the transaction that also moves the checkpoint: what is written through `tx`
   * is there together with the checkpoint, or not at all. What it throws rolls both back, and the delta comes again.
   *
   * **Write by id, and only what is newer** (`updatedAt`): a delta may come twice, and a worker that is slow may bring
   * an older version of a record after another one has brought a newer. Deltas of different windows come in any order
   * and at the same time. Do nothing with `tx` once the promise is settled, and neither begin nor end a transaction
   * with it.
   */
  apply: (delta: AnyDelta, tx: Tx) => Promise<void>;
  /** Told of everything that the client and the workers do. What it throws, or rejects with, is ignored. */
  onEvent?: ((event: ClientEvent | WorkerEvent) => void) | undefined;
}

/** Brings all users' data into a database, with any number of processes on any number of machines. */
export interface Workers {
  /** Begins to work: plans every so often, and takes windows. Resolves when it does. */
  start(): Promise<void>;
  /**
   * Finishes the delta under way, gives its windows back, so that others can take them at once, and closes everything.
   * They cannot be started again. Not to be awaited in `apply`, which it waits for.
   */
  stop(): Promise<void>;
  /**
   * Plans now, and waits until everything planned is done, by whichever process: for cron jobs and tests. Starts the
   * workers if they are not. `requests` and `retries` of its report are those of this process, everything else is of
   * all.
   *
   * Rejects with a HumansyncError of code `parked` if windows are parked when all others are done, also if they were
   * before; with that of the plan where a type cannot be planned after `attempts` attempts, or is refused (401, 403, 404);
   * with the AuthenticationError where the key is refused later; with one of code `stopped` if it is stopped; and with a
   * StoreError of code `unreachable` if it has to start the workers while the database is away. Once they are started,
   * it waits for the database.
   */
  drain(): Promise<SyncReport>;
  /** How far each type is. Also of workers that are not started. */
  status(): Promise<WorkerStatus[]>;
  /** The windows that have failed too often, and are left alone until `retry`. */
  parked(): Promise<ParkedWindow[]>;
  /** Gives parked windows back to be done, with all their attempts: these ones, or all. Resolves with how many. */
  retry(windows?: readonly { readonly id: string }[]): Promise<number>;
  /** Until when the server has asked for a pause; undefined if there is none. */
  pausedUntil(): Promise<Date | undefined>;
}

/** How far a type is. */
export interface WorkerStatus {
  type: BatchType;
  /** Up to when everything from `since` on is there, without a gap; undefined if that is nothing yet. RFC 3339. */
  until: string | undefined;
  windows: {
    /** To be done. */
    waiting: number;
    /** Being done by some process. */
    running: number;
    /** Parked. */
    failed: number;
  };
  /** Delivered to `apply` so far, and stored, each time that they were. */
  records: number;
  /** Why it could not be planned the last time. */
  planError: WorkerFault | undefined;
}

/** A window that has failed too often. */
export interface ParkedWindow {
  id: string;
  window: SyncWindow;
  /** How often it was tried. */
  attempts: number;
  /** What it failed with the last time. */
  error: WorkerFault;
}

/** What is kept of an error: nothing that could be a secret or a health value. */
export interface WorkerFault {
  name: string;
  code: string | undefined;
  /** Its own message, if it is an error of humansync; else one that only says where it came from. */
  message: string;
}

/**
 * What workers do. An `error` is the one that was thrown, whoever threw it: it is not enumerable, so that logs do not
 * include it.
 */
export type WorkerEvent =
  | {
      /** A window changes hands. */
      type: "window";
      window: SyncWindow;
      /**
       * `begun`: taken by this process. `done`: everything in it is stored. `lost`: another process has it now, or the
       * database has forgotten how far it was, and nothing more of it was written here. `returned`: given back by `stop`, or because of a trouble that is not of
       * this window. `failed`: it will be tried again, or is parked.
       */
      state: "begun" | "done" | "lost" | "returned" | "failed";
      /** Stored so far in this turn. */
      records: number;
      /** Of `failed`, and of `returned` for a trouble: what is kept of the error. */
      fault?: WorkerFault;
      /** Of `failed`: whether it is left alone now, until `retry`. */
      parked?: boolean;
      readonly error?: unknown;
    }
  | {
      /** A type was planned, or could not be. */
      type: "plan";
      of: BatchType;
      state: "done" | "failed";
      /** How many are new. */
      windows: number;
      fault?: WorkerFault;
      readonly error?: unknown;
    }
  | {
      /**
       * This process takes no windows for a while, because of a trouble that is of all: a refused key, a server that
       * does not answer.
       */
      type: "hold";
      until: Date;
      fault: WorkerFault;
      readonly error?: unknown;
    }
  | {
      /** Something failed that is tried again by itself, such as the connection to the database. */
      type: "trouble";
      fault: WorkerFault;
      readonly error?: unknown;
    };
