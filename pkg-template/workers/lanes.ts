// The lanes of an App Key as rows of the database, and what a process asks of them.
//
// Who takes, keeps and gives back lanes asks in one statement, which also looks at the pause. It never waits for a row
// that another one has locked, and what one process asks is asked one after the other: so there are no deadlocks.
//
// Fairness. Of the processes that have lanes or wait for some, each has its share: as many lanes as there would be for
// it if all had the same number. A process that waits and has less than its share is hungry, and is in a queue by the
// time since when it is. Lanes that are free belong to those who are ahead in it. A process that has more than its
// share gives lanes back while others are hungry, once it has had its turn with them. Two that look at the same moment
// may not see each other's changes: that costs a moment, and never a lane, as a row has one holder.

import { serialQueue } from "../stores/serial-queue.js";
import type { Queryable } from "./database.js";

/** How long a lane stays with a process that shows no sign of life. Milliseconds. */
const LEASE = 6_000;
/** How long a process is hungry after it has said so, and when it says so again. */
const HUNGRY = 1_000;
const HUNGRY_STILL = 300;

export interface LanesOptions {
  readonly database: Queryable;
  readonly schema: string;
  /** Of this process. */
  readonly id: string;
  /** How many there are for all, as far as this process is concerned. */
  readonly lanes: number;
}

/** What a process tells of its lanes, by their numbers. */
export interface Offer {
  /** Those that a request has. */
  readonly busy: readonly number[];
  /** Those that nobody here needs. */
  readonly unused: readonly number[];
  /** Those that requests here would have again: its turn with them is not over, or it is. */
  readonly fresh: readonly number[];
  readonly old: readonly number[];
  /** How many lanes those who wait here need, with `fresh` and `old`. */
  readonly wanted: number;
}

export interface Answer {
  /** How long nobody may send, in milliseconds. */
  readonly pause: number;
  /** Of `fresh` and `old`. */
  readonly kept: readonly number[];
  readonly taken: readonly number[];
  /** How many other processes are hungry. */
  readonly hungry: number;
  /** How many of them are ahead of this process, if it is hungry itself. */
  readonly ahead: number | undefined;
}

export class Lanes {
  readonly #options: LanesOptions;
  readonly #inTurn = serialQueue();

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** Shows that this process is there, and still has these lanes. */
  async beat(own: readonly number[]): Promise<void> {
    const { schema, id, lanes } = this.#options;
    if (own.length > 0) {
      await this.#ask(
        `UPDATE ${schema}.work_lanes lanes SET expires_at = ${since(LEASE)} FROM (
           SELECT lane FROM ${schema}.work_lanes WHERE holder = $1 AND lane = ANY (${numbersIn("$2")}) ORDER BY lane FOR UPDATE SKIP LOCKED) held
         WHERE lanes.lane = held.lane`,
        [id, own.join(",")],
      );
    }
    await this.#ask(
      `WITH gone AS (SELECT id FROM ${schema}.work_processes WHERE seen_at < ${since(-3_600_000)} AND id <> $1 FOR UPDATE SKIP LOCKED),
         forgotten AS (DELETE FROM ${schema}.work_processes WHERE id IN (SELECT id FROM gone))
       INSERT INTO ${schema}.work_processes (id, lanes, seen_at) VALUES ($1, $2, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET lanes = excluded.lanes, seen_at = excluded.seen_at`,
      [id, lanes],
    );
  }

  async exchange({ busy, unused, fresh, old, wanted }: Offer): Promise<Answer> {
    const { id, lanes } = this.#options;
    const lists = [busy, unused, fresh, old].map((numbers) => numbers.join(","));
    const [row = {}] = await this.#ask(this.#exchange(), [id, lanes, ...lists, wanted]);
    return {
      pause: Number(row["pause"] ?? 0),
      kept: numbersOf(row["kept"]),
      taken: numbersOf(row["taken"]),
      hungry: Number(row["hungry"] ?? 0),
      ahead: row["hungers"] === true ? Number(row["ahead"] ?? 0) : undefined,
    };
  }

  /** Lets nobody send for so many milliseconds, by the database's clock, as those of machines differ. */
  async pause(milliseconds: number): Promise<void> {
    const { database, schema } = this.#options;
    // Not after what else is asked: it is to be seen at once.
    await database.query(`UPDATE ${schema}.work_pace SET pause_until = greatest(pause_until, clock_timestamp() + $1 * interval '1 millisecond')`, [milliseconds]);
  }

  /** Gives everything back. */
  async leave(): Promise<void> {
    const { schema, id } = this.#options;
    await this.#ask(
      `UPDATE ${schema}.work_lanes lanes SET holder = NULL, expires_at = NULL FROM (
         SELECT lane FROM ${schema}.work_lanes WHERE holder = $1 ORDER BY lane FOR UPDATE SKIP LOCKED) held
       WHERE lanes.lane = held.lane`,
      [id],
    );
    await this.#ask(`DELETE FROM ${schema}.work_processes WHERE id = $1`, [id]);
  }

  #ask(text: string, values: unknown[]): Promise<Awaited<ReturnType<Queryable["query"]>>["rows"]> {
    return this.#inTurn("", async () => (await this.#options.database.query(text, values)).rows);
  }

  /**
   * $1 process, $2 lanes, $3 busy, $4 unused, $5 fresh, $6 old, $7 wanted.
   *
   * `share` is every process's, and `most` what it may have while others are hungry: one more, where the lanes
   * cannot be divided equally.
   */
  #exchange(): string {
    const { schema } = this.#options;
    const [busy, unused, fresh, old] = ["$3", "$4", "$5", "$6"].map(numbersIn);
    const hungers = `hungry_at > ${since(-HUNGRY)}`;
    const isFree = "(holder IS NULL OR expires_at < clock_timestamp())";
    return `WITH pause AS (SELECT coalesce(greatest(0, extract(epoch FROM pause_until - clock_timestamp()) * 1000), 0)::float8 AS rest FROM ${schema}.work_pace),
      present AS MATERIALIZED (SELECT id, lanes, hungry_at, hungry_since, coalesce(${hungers}, false) AS hungers FROM ${schema}.work_processes WHERE seen_at > ${since(-LEASE)}),
      bound AS (SELECT least($2::int, min(lanes)) AS lanes FROM present),
      users AS (SELECT id FROM present WHERE hungers OR id = $1 UNION SELECT holder FROM ${schema}.work_lanes WHERE holder IS NOT NULL AND expires_at > clock_timestamp()),
      shares AS (SELECT lanes / users AS share, (lanes + users - 1) / users AS most FROM bound, (SELECT greatest(1, count(*))::int AS users FROM users) counted),
      others AS MATERIALIZED (
        SELECT count(*)::int AS hungry, (count(*) FILTER (WHERE hungry_since < coalesce((SELECT hungry_since FROM present WHERE id = $1 AND hungers), 'infinity')))::int AS ahead
        FROM present WHERE hungers AND id <> $1),
      mine AS MATERIALIZED (
        SELECT lane, lane = ANY (${fresh}) AS fresh, lane = ANY (${unused}) OR lane >= (SELECT lanes FROM bound) AS unused FROM ${schema}.work_lanes
        WHERE holder = $1 AND lane = ANY (${unused} || ${fresh} || ${old}) ORDER BY lane FOR UPDATE SKIP LOCKED),
      ranked AS (SELECT lane, fresh, row_number() OVER (ORDER BY fresh DESC, lane) AS rank, count(*) OVER () AS count FROM mine WHERE NOT unused),
      given AS MATERIALIZED (
        SELECT lane FROM mine WHERE unused
        UNION ALL SELECT lane FROM ranked, others, shares WHERE NOT fresh AND cardinality(${busy}) + rank > share AND rank > count - hungry),
      back AS (UPDATE ${schema}.work_lanes lanes SET holder = NULL, expires_at = NULL FROM given WHERE lanes.lane = given.lane),
      keeping AS MATERIALIZED (SELECT lane FROM mine WHERE lane NOT IN (SELECT lane FROM given)),
      kept AS (UPDATE ${schema}.work_lanes lanes SET expires_at = ${since(LEASE)} FROM keeping WHERE lanes.lane = keeping.lane RETURNING lanes.lane),
      held AS (SELECT cardinality(${busy}) + count(*)::int AS count, count(*)::int AS again FROM keeping),
      room AS (
        SELECT greatest(0, least($7::int - again, CASE WHEN hungry > 0 THEN most - held.count ELSE $7::int END,
          (SELECT count(*)::int FROM ${schema}.work_lanes, bound WHERE ${isFree} AND lane < lanes) - ahead)) AS lanes
        FROM held, others, shares, pause WHERE rest = 0),
      free AS MATERIALIZED (
        SELECT lane FROM ${schema}.work_lanes
        WHERE ${isFree} AND lane < (SELECT lanes FROM bound) AND NOT lane = ANY (${busy} || ${unused} || ${fresh} || ${old})
        ORDER BY lane LIMIT (SELECT coalesce(max(lanes), 0) FROM room) FOR UPDATE SKIP LOCKED),
      taken AS (UPDATE ${schema}.work_lanes lanes SET holder = $1, expires_at = ${since(LEASE)} FROM free WHERE lanes.lane = free.lane RETURNING lanes.lane),
      outcome AS (
        SELECT rest, string_agg(taken.lane::text, ',') AS taken, rest = 0 AND again + count(taken.lane) < $7::int AND held.count + count(taken.lane) < most AS hungers
        FROM pause CROSS JOIN held CROSS JOIN shares LEFT JOIN taken ON true GROUP BY rest, again, held.count, most),
      told AS (
        UPDATE ${schema}.work_processes SET
          hungry_at = CASE WHEN outcome.hungers THEN clock_timestamp() END,
          hungry_since = CASE WHEN outcome.hungers THEN CASE WHEN ${hungers} THEN hungry_since ELSE clock_timestamp() END END
        FROM outcome WHERE id = $1 AND CASE WHEN outcome.hungers THEN coalesce(hungry_at < ${since(-HUNGRY_STILL)}, true) ELSE hungry_at IS NOT NULL END)
      SELECT rest AS pause, taken, hungers, hungry, ahead, (SELECT string_agg(lane::text, ',') FROM kept) AS kept FROM outcome, others`;
  }
}

/** So many milliseconds from now on. */
function since(milliseconds: number): string {
  return `clock_timestamp() + interval '${milliseconds} milliseconds'`;
}

/** A parameter with numbers as a list of them. Not every pool binds lists in the same way. */
function numbersIn(parameter: string): string {
  return `string_to_array(${parameter}, ',')::int[]`;
}

function numbersOf(text: unknown): number[] {
  return typeof text === "string" && text !== "" ? text.split(",").map(Number) : [];
}
