// What is used of pg-boss 12. Its own declarations need those of pg, which is an optional peer as well.

export interface Db {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: { [column: string]: unknown }[] }>;
}

/**
 * A job that was fetched, of this attempt: with its `retryCount`, a call does nothing once another attempt has begun.
 */
export interface Job<Data = object> {
  readonly id: string;
  readonly retryCount: number;
  readonly data: Data;
  /** Aborts when the attempt is not this worker's any more. */
  readonly signal: AbortSignal;
}
export type JobAttempt = Pick<Job, "id" | "retryCount">;

interface InTransaction {
  db?: Db;
}
interface QueueOptions {
  policy?: "standard" | "stately";
  heartbeatSeconds?: number;
  expireInSeconds?: number;
  retentionSeconds?: number;
  deleteAfterSeconds?: number;
  retryLimit?: number;
  retryDelay?: number;
}
interface JobOptions extends InTransaction {
  id?: string;
  singletonKey?: string;
  startAfter?: number;
}
interface WorkOptions {
  localConcurrency?: number;
  pollingIntervalSeconds?: number;
  heartbeatRefreshSeconds?: number;
}

export class PgBoss {
  constructor(options: object);
  on(event: "error", listener: (error: Error) => void): this;
  start(options?: { attempts?: number }): Promise<this>;
  stop(options?: { graceful?: boolean }): Promise<void>;
  createQueue(name: string, options?: QueueOptions): Promise<void>;
  updateQueue(name: string, options?: Omit<QueueOptions, "policy">): Promise<void>;
  insert(name: string, jobs: readonly { data: object }[], options?: InTransaction): Promise<string[] | null>;
  send(name: string, data: object | null, options?: JobOptions): Promise<string | null>;
  upsert(name: string, data: object | null, options?: JobOptions): Promise<object>;
  update(name: string, data: object | null | undefined, options?: JobOptions): Promise<object>;
  work<Data>(name: string, options: WorkOptions, handler: (jobs: Job<Data>[]) => Promise<void>): Promise<string>;
  offWork(name: string, options?: { wait?: boolean }): Promise<void>;
  notifyWorker(id: string): void;
  getWipData(): { id: string; name: string }[];
  /** These give how many jobs they have changed, though its own declarations do not say so. */
  touch(name: string, job: JobAttempt, options?: InTransaction): Promise<Affected>;
  complete(name: string, job: JobAttempt, data: object | null, options?: InTransaction): Promise<Affected>;
  fail(name: string, job: JobAttempt | string[], data: object | null, options?: InTransaction): Promise<Affected>;
}

interface Affected {
  affected: number;
}

export function fromPglite(database: object): Db;
