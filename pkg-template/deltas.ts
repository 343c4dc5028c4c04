// Deltas: what a sync gives one by one.

import { Calls, INTERNAL, located } from "./calls.js";
import type { Delta as CoreDelta, SyncRun } from "./core/humansync.js";
import type { BatchRecord, BatchType } from "./types/batch.js";
import type { AnyDelta, Delta as PublicDelta } from "./types/sync.js";

/** One of a run, which knows it by its number. */
class Delta<K extends BatchType> implements PublicDelta<K> {
  static readonly #calls = new Calls(this, "Delta", (delta: Delta<BatchType>) => delta.#place);
  declare readonly type: K;
  declare readonly window: { readonly since: string; readonly before: string };
  declare readonly records: BatchRecord<K>[];
  readonly #place: { readonly run: SyncRun; readonly delta: CoreDelta };

  constructor(by: symbol, place: { readonly run: SyncRun; readonly delta: CoreDelta }) {
    this.#place = Delta.#calls.constructed(by, place);
    const [type, since, before, records] = place.delta;
    const members = { type, window: Object.freeze({ since, before }), records };
    for (const [key, value] of Object.entries(members)) Object.defineProperty(this, key, { value, enumerable: true });
  }

  byUser(): Map<string, BatchRecord<K>[]> {
    return Delta.#calls.direct(this, "byUser", ({ delta: [, , , records] }) => {
      const users = new Map<string, BatchRecord<K>[]>();
      for (const record of records as BatchRecord<K>[]) {
        // Every record of a batch query says whose it is; one that does not is not dropped.
        const humanId: unknown = record?.humanId ?? "";
        const user = typeof humanId === "string" ? humanId : JSON.stringify(humanId);
        const own = users.get(user);
        if (own === undefined) users.set(user, [record]);
        else own.push(record);
      }
      return users;
    });
  }

  commit(): Promise<void> {
    return Delta.#calls.promise(this, "commit", ({ run, delta: [, , , , number] }) => run.commit(number));
  }
}

/** All of a run; it is ended, and its lock given back, however the loop ends. */
export async function* deltasOf(run: SyncRun): AsyncGenerator<AnyDelta, void> {
  try {
    for (let delta = await run.next(); delta !== undefined; delta = await run.next()) yield new Delta(INTERNAL, { run, delta }) as AnyDelta;
  } catch (error) {
    throw located(error, deltasOf);
  } finally {
    await run.stop();
  }
}
