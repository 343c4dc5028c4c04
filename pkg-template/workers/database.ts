// What the workers need of a database: the same of PostgreSQL and of PGlite.

import type { Db } from "pg-boss";

export interface Row {
  [column: string]: unknown;
}

/** A database, or a transaction of it. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

export interface Database extends Queryable {
  /** One transaction: committed when `work` resolves, rolled back when it rejects. `tx` is what users are given. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** For pg-boss. */
  readonly backend: "postgres" | "pglite";
  readonly jobs: Db;
  /** Closes what was opened here, and nothing of the user's. */
  close(): Promise<void>;
}

/** Holds until the end of the transaction; of one process at a time. $1 is the schema. */
export const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('humansync workers ' || $1, 0))";

/** A transaction in the shape in which pg-boss takes it. */
export function jobsIn(tx: Queryable): Db {
  return { executeSql: (text, values) => tx.query(text, values) };
}

/** A time as RFC 3339, in whole seconds: a pool may parse dates in its own way. */
export function iso(expression: string): string {
  return `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
