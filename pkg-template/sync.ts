// Sync: runs over deltas, to be iterated, or handled one by one.

import { Calls, INTERNAL } from "./calls.js";
import type { HumanClient as CoreHumanClient, Sync as CoreSync } from "./core/humansync.js";
import { optionError } from "./core/errors.js";
import { Delta, type DeltaKind, PersonDelta, deltasOf } from "./deltas.js";
import { stoppable } from "./iteration.js";
import type { BatchRecords, BatchType } from "./types/batch.js";
import type { PersonRecords } from "./types/person-records.js";
import type { AnyDelta, PersonSyncOptions, Sync as PublicSync, SyncReport, SyncRunOptions } from "./types/sync.js";

/** A sync, and the class of its deltas. */
interface Place<D> {
  readonly core: CoreSync;
  readonly kind: DeltaKind<D>;
}

class Sync<Records extends BatchRecords | PersonRecords> implements PublicSync<Records> {
  static readonly #calls = new Calls(this, "Sync", (sync: Sync<BatchRecords | PersonRecords>) => sync.#place as Place<never>);
  readonly #place: Place<AnyDelta<Records>>;

  constructor(by: symbol, place: Place<AnyDelta<Records>>) {
    this.#place = Sync.#calls.constructed(by, place as Place<never>);
  }

  run(
    handler: (delta: AnyDelta<Records>) => void | Promise<void>,
    options?: SyncRunOptions<keyof Records & string>,
  ): Promise<SyncReport<keyof Records & string>> {
    return Sync.#calls.promise(this, "run", async ({ core, kind }) => {
      if (typeof handler !== "function") {
        throw optionError("handler", `\`handler\` must be a function that takes a delta; it is ${handler == null ? handler : `of type ${typeof handler}`}`);
      }
      const run = core.start(options);
      try {
        for await (const delta of deltasOf(run, kind)) await handler(delta);
        return run.report();
      } finally {
        await run.stop();
      }
    });
  }

  [Symbol.asyncIterator](): AsyncGenerator<AnyDelta<Records>, void> {
    return Sync.#calls.direct(this, Symbol.asyncIterator, ({ core, kind }) => iterated(core, kind));
  }
}

/** A run as an iteration. */
function iterated<D>(core: CoreSync, kind: DeltaKind<D>): AsyncGenerator<D, void> {
  const run = core.start();
  return stoppable(deltasOf(run, kind), () => run.stop());
}

/** Of an app, over one of the WebAssembly. */
export function syncOf(core: CoreSync): PublicSync {
  return new Sync<BatchRecords>(INTERNAL, { core, kind: Delta as DeltaKind<AnyDelta> });
}

/** Of one person. */
export function personSyncOf(client: CoreHumanClient, options: PersonSyncOptions): PublicSync<PersonRecords> {
  return new Sync<PersonRecords>(INTERNAL, { core: client.sync(options), kind: PersonDelta as DeltaKind<AnyDelta<PersonRecords>> });
}

/** The deltas of one window. */
export function windowOf<K extends BatchType>(core: CoreSync): AsyncIterable<Delta<K>> {
  return { [Symbol.asyncIterator]: () => iterated(core, Delta<K>) };
}
