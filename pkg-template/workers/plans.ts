// The plans of one type in the database: what they begin from, and what they leave.

import { randomUUID } from "node:crypto";
import type { BatchType } from "../types/batch.js";
import type { SyncWindow } from "../types/sync.js";
import { type Queryable, iso } from "./database.js";
import { type Interval, gapIn, inSeconds, later, union } from "./intervals.js";
import type { Settings } from "./options.js";
import { FIRST, SHORTEST, type Slice, nextLength } from "./slices.js";

/** Windows in one statement. */
const BATCH = 1000;

/** What a plan begins from. */
export interface Begun {
  readonly number: string;
  /**
   * Only this plan has it. A database that forgets its last commits may give a number twice, and what is covered in one
   * of the two worlds need not be so in the other.
   */
  readonly planner: string;
  /** From when on everything is to be there. */
  readonly since: string;
  /** What is read, or planned: a union. */
  readonly covered: readonly Interval[];
  /**
   * The database's clock. What the server's clock alone has passed does not count as read for good: if it is wrong for
   * once, what comes later would be missed.
   */
  readonly clock: string;
  /** How long a slice is, in seconds; undefined before the first one. */
  readonly usual: number | undefined;
}

export class Plans {
  readonly #schema: string;
  readonly #settings: Settings;
  readonly #type: BatchType;

  constructor(settings: Settings, type: BatchType) {
    this.#schema = settings.schema;
    this.#settings = settings;
    this.#type = type;
  }

  /**
   * Numbers the plan, folds what is done into what is covered, and says what does not have to be planned. Undefined if
   * it is not time for a plan yet.
   */
  async begin(tx: Queryable): Promise<Begun | undefined> {
    const { since, every } = this.#settings;
    const planner = randomUUID();
    const { rows } = await tx.query(
      `INSERT INTO ${this.#schema}.work_types AS known (type, since, plans, planner) VALUES ($1, $2::timestamptz, 1, $4)
       ON CONFLICT (type) DO UPDATE SET plans = known.plans + 1, planner = excluded.planner
       RETURNING plans::text AS number, slice, ${iso("least(since, $2::timestamptz)")} AS since, ${iso("now()")} AS clock,
         wanted_plan > complete_plan OR planned_at IS NULL OR planned_at NOT BETWEEN now() - $3 * interval '1 millisecond' AND now() OR since > $2::timestamptz AS due`,
      [this.#type, inSeconds(since), every / 2, planner],
    );
    const { number, due, slice, since: earliest, clock } = rows[0] as { number: string; due: boolean; slice: number | null; since: string; clock: string };
    if (!due) return undefined;
    await this.#reach(tx);
    // First, so that a window that is done between the two statements is in one of them.
    const open = await this.#open(tx);
    const covered = union([...open, ...(await this.#fold(tx))]);
    return { number, planner, since: earliest, covered, clock, usual: slice ?? undefined };
  }

  /**
   * Remembers up to when all is there, before windows that are read once more hide it. An earlier `since` begins anew.
   */
  async #reach(tx: Queryable): Promise<void> {
    await tx.query(
      `UPDATE ${this.#schema}.work_types SET reached = CASE WHEN since <= $2::timestamptz THEN (${reachedIn(this.#schema)}) END,
         planned = CASE WHEN since <= $2::timestamptz THEN planned END, since = least(since, $2::timestamptz) WHERE type = $1`,
      [this.#type, inSeconds(this.#settings.since)],
    );
  }

  /** What is planned and not done, as gapless stretches: of hundreds of thousands of windows, a few. */
  async #open(tx: Queryable): Promise<Interval[]> {
    const { rows } = await tx.query(
      `SELECT ${iso("min(since)")} AS since, ${iso("max(before)")} AS before FROM (
         SELECT since, before, count(*) FILTER (WHERE begins) OVER (ORDER BY since) AS stretch FROM (
           SELECT since, before, since > max(before) OVER (ORDER BY since ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS begins FROM (
             SELECT since, CASE WHEN token = 0 THEN before ELSE least(before, settled) END AS before
             FROM ${this.#schema}.work_windows WHERE type = $1 AND state <> 'done') open
           WHERE since < before) marked) numbered
       GROUP BY stretch`,
      [this.#type],
    );
    return rows as unknown as Interval[];
  }

  /** Windows that are done become stretches that are covered: a row for each gapless one. */
  async #fold(tx: Queryable): Promise<Interval[]> {
    const { rows: done } = await tx.query(
      `DELETE FROM ${this.#schema}.work_windows WHERE type = $1 AND state = 'done'
       RETURNING ${iso("since")} AS since, ${iso("least(before, settled)")} AS before, records::text, pages::text`,
      [this.#type],
    );
    const { rows: before } = await tx.query(`SELECT ${iso("since")} AS since, ${iso("before")} AS before FROM ${this.#schema}.work_covered WHERE type = $1`, [this.#type]);
    const covered = union([...before, ...done] as unknown as Interval[]);
    if (done.length === 0) return covered;
    const sum = (column: string) => done.reduce((sum, row) => sum + Number(row[column]), 0);
    await tx.query(`UPDATE ${this.#schema}.work_types SET records = records + $2, pages = pages + $3 WHERE type = $1`, [this.#type, sum("records"), sum("pages")]);
    await tx.query(`DELETE FROM ${this.#schema}.work_covered WHERE type = $1`, [this.#type]);
    await tx.query(
      `INSERT INTO ${this.#schema}.work_covered (type, since, before)
       SELECT $1, since, before FROM jsonb_to_recordset($2::jsonb) AS given (since timestamptz, before timestamptz)`,
      [this.#type, JSON.stringify(covered)],
    );
    return covered;
  }

  /**
   * Stores the windows of a slice, the server's clock being closed up to `closed` at least. Gives their ids, and whether
   * there is more to plan: a slice that is not filled has reached the server's clock. Undefined if a later plan has
   * begun, or the database has forgotten this one: nothing is stored then.
   */
  async store(begun: Begun, slice: Slice, { windows, closed }: { windows: readonly SyncWindow[]; closed: string | undefined }, tx: Queryable): Promise<{ ids: string[]; isMore: boolean } | undefined> {
    const planned = gapIn(union([...begun.covered, ...windows]), begun.since);
    const isMore = planned >= slice.before && slice.before <= begun.clock;
    const { rows } = await tx.query(
      `UPDATE ${this.#schema}.work_types SET planned = $4::timestamptz, failures = 0, fault = NULL, slice = CASE WHEN $5 THEN $6 ELSE slice END,
         complete_plan = CASE WHEN $5 THEN complete_plan ELSE plans END, planned_at = CASE WHEN $5 THEN NULL ELSE now() END
       WHERE type = $1 AND plans = $2 AND planner = $3 RETURNING type`,
      [this.#type, begun.number, begun.planner, earlier(planned, begun.clock), isMore, nextLength(slice.length, windows.length)],
    );
    if (rows.length === 0) return undefined;
    if (closed === undefined) return { ids: [], isMore };
    const settled = later(earlier(closed, begun.clock), -this.#settings.overlap / 1000);
    await tx.query(
      `UPDATE ${this.#schema}.work_windows SET settled = $2::timestamptz WHERE type = $1 AND settled < before AND settled < $2::timestamptz AND state = 'waiting' AND token = 0`,
      [this.#type, settled],
    );
    return { ids: await this.#insert(begun.number, windows, settled, tx), isMore };
  }

  async #insert(number: string, windows: readonly SyncWindow[], settled: string, tx: Queryable): Promise<string[]> {
    const ids: string[] = [];
    for (let start = 0; start < windows.length; start += BATCH) {
      const { rows: added } = await tx.query(
        `INSERT INTO ${this.#schema}.work_windows (type, since, before, expected, settled, plan)
         SELECT $1, since, before, expected, $3::timestamptz, $4 FROM jsonb_to_recordset($2::jsonb) AS given (since timestamptz, before timestamptz, expected bigint)
         ORDER BY since RETURNING id::text`,
        [this.#type, JSON.stringify(windows.slice(start, start + BATCH)), settled, number],
      );
      ids.push(...added.map(({ id }) => String(id)));
    }
    return ids;
  }

  /** Windows of earlier plans whose job somebody has removed: they would wait for ever. */
  async withoutJobs(number: string, jobs: string, tx: Queryable): Promise<string[]> {
    const { rows } = await tx.query(
      `SELECT id::text FROM ${this.#schema}.work_windows windows
       WHERE type = $1 AND state IN ('waiting', 'running') AND plan < $2
         AND NOT EXISTS (SELECT 1 FROM ${jobs} jobs WHERE name = 'windows' AND jobs.state < 'completed' AND jobs.data ->> 'window' = windows.id::text)`,
      [this.#type, number],
    );
    return rows.map(({ id }) => String(id));
  }

  /** Gives how often it has failed in a row. The next slice is half as long. */
  async fail({ number, planner }: Begun, fault: string, tx: Queryable): Promise<number> {
    const { rows } = await tx.query(
      `UPDATE ${this.#schema}.work_types SET failures = failures + 1, failed_plan = plans, fault = $4::jsonb, slice = greatest(coalesce(slice, ${FIRST}) / 2, ${SHORTEST})
       WHERE type = $1 AND plans = $2 AND planner = $3 RETURNING failures`,
      [this.#type, number, planner, fault],
    );
    return Number(rows[0]?.["failures"] ?? 1);
  }
}

/** An earlier `since` is known to all processes from now on: whichever makes the next plan begins there. */
export async function lowerSince({ schema, types, since }: Settings, tx: Queryable): Promise<void> {
  await tx.query(
    `UPDATE ${schema}.work_types SET since = $2::timestamptz, reached = NULL, planned = NULL, planned_at = NULL
     WHERE type = ANY (string_to_array($1, ',')) AND since > $2::timestamptz`,
    [types.join(","), inSeconds(since)],
  );
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/**
 * Up to when all is there of a row of work_types: to the first window that is not done, of those that are planned without
 * a gap. It never goes back. (`greatest` and `least` pass over NULL.)
 */
export function reachedIn(schema: string): string {
  return `greatest(reached, CASE WHEN planned IS NOT NULL THEN
    least(planned, (SELECT min(open.since) FROM ${schema}.work_windows open WHERE open.type = work_types.type AND open.state <> 'done')) END)`;
}
