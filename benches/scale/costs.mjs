// What `bench scale --measure` found.

/** Where it was. PostgreSQL was on the same machine, with fsync off, so that the disk's time is not in it. */
export const MACHINE = "two cores of an AMD EPYC at 2.6 GHz, Node 22, PostgreSQL 15";

/** What a page of 500 heart rate readings costs: medians of five rounds of 201 pages. */
export const COSTS = {
  /** The processor's time of the worker for a page: fetch, JSON.parse, the walk. */
  readMs: 2.6,
  /** The processor's time of the worker for the upsert of a page in one statement. */
  writeMs: 2.8,
  /** The processor's time of PostgreSQL for a page of which all records are new, and for one that comes again. */
  databaseFreshMs: 7.2,
  databaseAgainMs: 6.4,
  /** What PostgreSQL writes to its log for them, in bytes. */
  logFreshBytes: 354_000,
  logAgainBytes: 29_000,
  /** What a row takes on the disk, with its index: twice the JSON. */
  rowBytes: 591,
  /** gzip's share of a page, where the server compresses it. */
  gzipShare: 0.2,
  /** Transactions a second of a worker process that has nothing to do: it looks for windows and plans. */
  idleTransactions: 22,
};

/**
 * A first sync by the worker of examples/deploy: of so many readings, from the sandbox that far away, on the same two
 * cores, which others used as well. Seconds by one process and by two, medians of five runs.
 */
export const REAL_RUN = { records: 200_000, days: 20, latency: 0.2, seconds: { 1: 18.1, 2: 19.5 } };
