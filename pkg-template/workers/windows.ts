// The windows in the database: who has each, how far it is, and what became of it.
//
// A window that is taken gets a token that is one greater than the last one's. Everything that is written for it is
// written in a transaction that has locked its row and seen its own token in it: whoever has been too slow finds
// another's token, and writes nothing. A database that has forgotten its last commits may give a token a second time, or
// have an older checkpoint than what was read goes on from. So the holder and the checkpoint are compared as well.

import type { BatchType } from "../types/batch.js";
import type { SyncWindow } from "../types/sync.js";
import type { ParkedWindow, WorkerFault } from "../types/workers.js";
import { type Queryable, type Row, iso } from "./database.js";

/** A window in the hands of this process. */
export interface Claim {
  readonly id: string;
  readonly token: string;
  readonly holder: string;
  readonly window: SyncWindow;
  readonly checkpoint: string | undefined;
  /** Turns in a row in which it has not got on, this one included. */
  readonly claims: number;
  readonly failures: number;
}

export class Windows {
  readonly #table: string;
  /** How long a transaction may be idle before the server ends it. */
  readonly #idle: string;

  constructor(schema: string, leaseDuration: number) {
    this.#table = `${schema}.work_windows`;
    this.#idle = `${leaseDuration}ms`;
  }

  /** Takes a window from whoever had it; undefined if there is nothing to do in it. */
  async claim(id: string, holder: string, tx: Queryable): Promise<Claim | undefined> {
    const { rows } = await tx.query(
      `UPDATE ${this.#table} SET token = token + 1, holder = $2, state = 'running', claims = claims + 1, changed_at = now()
       WHERE id = $1 AND state IN ('waiting', 'running')
       RETURNING id::text, token::text, ${WINDOW}, checkpoint, claims, failures`,
      [id, holder],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
      id: String(row["id"]),
      token: String(row["token"]),
      holder,
      window: windowOf(row),
      checkpoint: (row["checkpoint"] as string | null) ?? undefined,
      claims: Number(row["claims"]),
      failures: Number(row["failures"]),
    };
  }

  /**
   * Whether the window is still this claim's, and its checkpoint the one from which the claim goes on; it stays so while
   * `tx` lasts. A process that stops in the middle does not keep the row locked: the server ends its transaction.
   */
  async holds({ id, token, holder }: Claim, checkpoint: string | undefined, tx: Queryable): Promise<boolean> {
    const { rows } = await tx.query(
      `SELECT set_config('idle_in_transaction_session_timeout', $5, true) FROM ${this.#table}
       WHERE id = $1 AND token = $2 AND holder = $3 AND checkpoint IS NOT DISTINCT FROM $4 AND state = 'running' FOR UPDATE`,
      [id, token, holder, checkpoint ?? null, this.#idle],
    );
    return rows.length === 1;
  }

  /** A delta is written. The last one ends the window. */
  async advance({ id }: Claim, { checkpoint, records, isLast }: { checkpoint: string; records: number; isLast: boolean }, tx: Queryable): Promise<void> {
    await tx.query(
      `UPDATE ${this.#table} SET checkpoint = $2, records = records + $3, pages = pages + 1, claims = 0, state = $4, changed_at = now() WHERE id = $1`,
      [id, checkpoint, records, isLast ? "done" : "running"],
    );
  }

  async finish({ id }: Claim, tx: Queryable): Promise<void> {
    await tx.query(`UPDATE ${this.#table} SET state = 'done', changed_at = now() WHERE id = $1`, [id]);
  }

  /** As if it had not been taken. */
  async giveBack({ id }: Claim, tx: Queryable): Promise<void> {
    await tx.query(`UPDATE ${this.#table} SET state = 'waiting', holder = NULL, claims = greatest(claims - 1, 0), changed_at = now() WHERE id = $1`, [id]);
  }

  /** It has failed once more, and is to be tried again, or parked. */
  async fail({ id }: Claim, fault: WorkerFault, isParked: boolean, tx: Queryable): Promise<void> {
    await tx.query(
      `UPDATE ${this.#table} SET state = $2, holder = NULL, claims = greatest(claims - 1, 0), failures = failures + 1, fault = $3::jsonb, changed_at = now() WHERE id = $1`,
      [id, isParked ? "failed" : "waiting", JSON.stringify(fault)],
    );
  }

  /** It has taken too many processes down. */
  async abandon({ id }: Claim, fault: WorkerFault, tx: Queryable): Promise<void> {
    await tx.query(`UPDATE ${this.#table} SET state = 'failed', holder = NULL, fault = $2::jsonb, changed_at = now() WHERE id = $1`, [id, JSON.stringify(fault)]);
  }

  async parked(database: Queryable): Promise<ParkedWindow[]> {
    const { rows } = await database.query(
      `SELECT id::text, ${WINDOW}, greatest(failures, claims) AS attempts, fault::text FROM ${this.#table} WHERE state = 'failed' ORDER BY type, since`,
    );
    return rows.map((row) => ({
      id: String(row["id"]),
      window: windowOf(row),
      attempts: Number(row["attempts"]),
      error: faultIn(row["fault"]) ?? { name: "Error", code: undefined, message: "" },
    }));
  }

  /** Parked windows wait again: these ones, or all. Gives their ids. */
  async retry(ids: readonly string[] | undefined, tx: Queryable): Promise<string[]> {
    const { rows } = await tx.query(
      `UPDATE ${this.#table} SET state = 'waiting', claims = 0, failures = 0, fault = NULL, changed_at = now()
       WHERE state = 'failed' AND ($1::text IS NULL OR id::text = ANY (string_to_array($1, ',')))
       RETURNING id::text`,
      [ids === undefined ? null : ids.join(",")],
    );
    return rows.map(({ id }) => String(id));
  }
}

/** What `windowOf` reads. */
const WINDOW = `type, ${iso("since")} AS since, ${iso("before")} AS before, expected::text`;

function windowOf(row: Row): SyncWindow {
  const expected = row["expected"] as string | null;
  return { type: row["type"] as BatchType, since: row["since"] as string, before: row["before"] as string, expected: expected === null ? undefined : Number(expected) };
}

/** A fault as it is stored. */
export function faultIn(text: unknown): WorkerFault | undefined {
  if (typeof text !== "string") return undefined;
  const { name, code, message } = JSON.parse(text) as WorkerFault;
  return { name, code, message };
}
