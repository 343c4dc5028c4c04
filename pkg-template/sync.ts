// Sync: runs over deltas, to be iterated, or handled one by one.

import { Calls, INTERNAL } from "./calls.js";
import type { Sync as CoreSync } from "./core/humansync.js";
import { optionError } from "./core/errors.js";
import { deltasOf } from "./deltas.js";
import { stoppable } from "./iteration.js";
import type { AnyDelta, SyncReport, SyncRunOptions, Sync as PublicSync } from "./types/sync.js";

class Sync implements PublicSync {
  static readonly #calls = new Calls(this, "Sync", (sync: Sync) => sync.#core);
  readonly #core: CoreSync;

  constructor(by: symbol, core: CoreSync) {
    this.#core = Sync.#calls.constructed(by, core);
  }

  run(handler: (delta: AnyDelta) => void | Promise<void>, options?: SyncRunOptions): Promise<SyncReport> {
    return Sync.#calls.promise(this, "run", async (core) => {
      if (typeof handler !== "function") {
        throw optionError("handler", `\`handler\` must be a function that takes a delta; it is ${handler == null ? handler : `of type ${typeof handler}`}`);
      }
      const run = core.start(options);
      try {
        for await (const delta of deltasOf(run)) await handler(delta);
        return run.report();
      } finally {
        await run.stop();
      }
    });
  }

  [Symbol.asyncIterator](): AsyncGenerator<AnyDelta, void> {
    return Sync.#calls.direct(this, Symbol.asyncIterator, (core) => {
      const run = core.start();
      return stoppable(deltasOf(run), () => run.stop());
    });
  }
}

/** Over one of the WebAssembly. */
export function syncOf(core: CoreSync): PublicSync {
  return new Sync(INTERNAL, core);
}
