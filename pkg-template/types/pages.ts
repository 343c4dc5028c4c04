// Lists: walks over all pages of a query.

/**
 * A walk over all pages of a query. It is not a promise: iterate over it, or call `toArray()` or `first()`. Nothing is sent
 * before that, and each of these is a new walk. Leaving a loop early ends its requests.
 *
 * Every record that is in the list throughout is given once, however the list moves meanwhile.
 */
export interface Pages<T> extends AsyncIterable<T> {
  /** The same walk, page by page. */
  byPage(): AsyncIterable<Page<T>>;
  /** All records; with `limit`, at most so many, and no page more than they need. */
  toArray(options?: { limit?: number | undefined }): Promise<T[]>;
  /** The first page only. */
  first(): Promise<Page<T>>;
}

/** One page of a list. */
export interface Page<T> {
  readonly records: T[];
  /** Index of the first of these records in the list. */
  readonly offset: number;
  /** How many records the list has (X-Total-Count), where the server sends it and the browser may read it. */
  readonly totalCount: number | undefined;
  /** Targets of the Link header. */
  readonly links: Readonly<Partial<Record<"first" | "prev" | "next" | "last", string>>>;
  /** Position after this page, at most 500 characters, without a secret: to be passed with the same query, also after a
   *  restart. */
  readonly cursor: string;
}
