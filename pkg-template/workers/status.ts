// How far the workers of a schema are, as the tables tell it.

import type { WorkerStatus } from "../types/workers.js";
import { type Queryable, iso } from "./database.js";
import { inSeconds } from "./intervals.js";
import type { Settings } from "./options.js";
import { reachedIn } from "./plans.js";
import { faultIn } from "./windows.js";

/** A status, and how many pages its records came in. */
export interface Standing extends WorkerStatus {
  readonly pages: number;
}

export async function standing(database: Queryable, { schema, types, since }: Pick<Settings, "schema" | "types" | "since">): Promise<Standing[]> {
  const { rows } = await database.query(
    // What lies before the `since` of the tables is not planned yet. What is there is gapless from that one on.
    `SELECT type, ${iso(`CASE WHEN $1::timestamptz >= since THEN nullif(greatest(${reachedIn(schema)}, $1::timestamptz), $1::timestamptz) END`)} AS until, fault::text,
       (work_types.records + coalesce(windows.records, 0))::text AS records, (work_types.pages + coalesce(windows.pages, 0))::text AS pages,
       coalesce(waiting, 0)::int AS waiting, coalesce(running, 0)::int AS running, coalesce(failed, 0)::int AS failed
     FROM ${schema}.work_types LEFT JOIN (
       SELECT type AS of, sum(records) AS records, sum(pages) AS pages, count(*) FILTER (WHERE state = 'waiting') AS waiting,
         count(*) FILTER (WHERE state = 'running') AS running, count(*) FILTER (WHERE state = 'failed') AS failed
       FROM ${schema}.work_windows GROUP BY type) windows ON windows.of = type`,
    [inSeconds(since)],
  );
  return types.map((type) => {
    const row = rows.find((row) => row["type"] === type);
    return {
      type,
      until: (row?.["until"] as string | null | undefined) ?? undefined,
      windows: { waiting: Number(row?.["waiting"] ?? 0), running: Number(row?.["running"] ?? 0), failed: Number(row?.["failed"] ?? 0) },
      records: Number(row?.["records"] ?? 0),
      planError: faultIn(row?.["fault"]),
      pages: Number(row?.["pages"] ?? 0),
    };
  });
}

/** How long the pause of the server still is, in milliseconds; 0 if there is none. */
export async function pauseLeft(database: Queryable, schema: string): Promise<number> {
  const { rows } = await database.query(`SELECT coalesce(extract(epoch FROM pause_until - clock_timestamp()) * 1000, 0)::float8 AS rest FROM ${schema}.work_pace`);
  return Math.max(Number(rows[0]?.["rest"] ?? 0), 0);
}
