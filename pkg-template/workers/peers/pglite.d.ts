// What is used of @electric-sql/pglite. Its own declarations need those of Emscripten.

interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: { [column: string]: unknown }[] }>;
}
export class PGlite implements Queryable {
  static create(options: { dataDir?: string }): Promise<PGlite>;
  query(text: string, values?: unknown[]): Promise<{ rows: { [column: string]: unknown }[] }>;
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
