// Deltas: what a sync gives one by one.

import { Calls, INTERNAL, located } from "./calls.js";
import type { Delta as CoreDelta, SyncRun } from "./core/humansync.js";
import type { BatchRecord, BatchType } from "./types/batch.js";
import type { PersonRecord, PersonType } from "./types/person-records.js";
import type { Delta as PublicDelta, PersonDelta as PublicPersonDelta } from "./types/sync.js";

/** One of a run, which knows it by its number. */
interface Place {
  readonly run: SyncRun;
  readonly delta: CoreDelta;
}

/** A class of deltas. */
export type DeltaKind<D> = new (by: symbol, place: Place) => D;

/** Gives `self` what can be read of a delta. */
function describe(self: object, [type, since, before, records, , checkpoint]: CoreDelta): void {
  const members = { type, window: Object.freeze({ since, before }), records, checkpoint };
  for (const [key, value] of Object.entries(members)) Object.defineProperty(self, key, { value, enumerable: true });
}

function commit({ run, delta: [, , , , number] }: Place): Promise<void> {
  return run.commit(number);
}

/** Of all users. */
export class Delta<K extends BatchType> implements PublicDelta<K> {
  static readonly #calls = new Calls(this, "Delta", (delta: Delta<BatchType>) => delta.#place);
  declare readonly type: K;
  declare readonly window: { readonly since: string; readonly before: string };
  declare readonly records: BatchRecord<K>[];
  declare readonly checkpoint: string;
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = Delta.#calls.constructed(by, place);
    describe(this, place.delta);
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
    return Delta.#calls.promise(this, "commit", commit);
  }
}

/** Of one person. */
export class PersonDelta<K extends PersonType> implements PublicPersonDelta<K> {
  static readonly #calls = new Calls(this, "PersonDelta", (delta: PersonDelta<PersonType>) => delta.#place);
  declare readonly type: K;
  declare readonly window: { readonly since: string; readonly before: string };
  declare readonly records: PersonRecord<K>[];
  declare readonly checkpoint: string;
  readonly #place: Place;

  constructor(by: symbol, place: Place) {
    this.#place = PersonDelta.#calls.constructed(by, place);
    describe(this, place.delta);
  }

  commit(): Promise<void> {
    return PersonDelta.#calls.promise(this, "commit", commit);
  }
}

/** All of a run, which are of one `kind`; it is ended, and its lock given back, however the loop ends. */
export async function* deltasOf<D>(run: SyncRun, kind: DeltaKind<D>): AsyncGenerator<D, void> {
  try {
    for (let delta = await run.next(); delta !== undefined; delta = await run.next()) yield new kind(INTERNAL, { run, delta });
  } catch (error) {
    throw located(error, deltasOf);
  } finally {
    await run.stop();
  }
}
