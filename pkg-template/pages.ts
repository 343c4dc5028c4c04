// Lists, to be iterated by record or by page. A page is one call into the WebAssembly; a record is none.

import { Calls, INTERNAL, located } from "./calls.js";
import type { Pages as CorePages, Walk } from "./core/humansync.js";
import { stoppable } from "./iteration.js";
import type { Page, Pages as PublicPages } from "./types/pages.js";

class Pages<T> implements PublicPages<T> {
  static readonly #calls = new Calls(this, "Pages", (pages: Pages<unknown>) => pages.#core);
  readonly #core: CorePages;

  constructor(by: symbol, core: CorePages) {
    this.#core = Pages.#calls.constructed(by, core);
  }

  toArray(options?: { limit?: number | undefined }): Promise<T[]> {
    return Pages.#calls.promise(this, "toArray", async (core) => {
      const all: T[] = [];
      for await (const page of pagesIn<T>(core.walk(options))) {
        // One by one: so many as a page may have would not fit the stack as arguments.
        for (const record of page.records) all.push(record);
      }
      return all;
    });
  }

  first(): Promise<Page<T>> {
    return Pages.#calls.promise(this, "first", async (core) => {
      const walk = core.walk();
      try {
        return (await walk.next()) as Page<T>;
      } finally {
        walk.stop();
      }
    });
  }

  byPage(): AsyncIterable<Page<T>> {
    return Pages.#calls.direct(this, "byPage", (core) => ({
      [Symbol.asyncIterator]() {
        const walk = core.walk();
        return stoppable(pagesIn<T>(walk), () => walk.stop());
      },
    }));
  }

  [Symbol.asyncIterator](): AsyncGenerator<T, void> {
    return Pages.#calls.direct(this, Symbol.asyncIterator, (core) => {
      const walk = core.walk();
      return stoppable(recordsIn<T>(walk), () => walk.stop());
    });
  }
}

/** Over those of the WebAssembly. */
export function pagesOf<T>(core: CorePages): PublicPages<T> {
  return new Pages(INTERNAL, core);
}

/** Pages one by one; the walk is stopped however the loop ends. */
async function* pagesIn<T>(walk: Walk): AsyncGenerator<Page<T>, void> {
  try {
    for (let page = await walk.next(); page !== undefined; page = await walk.next()) yield page as Page<T>;
  } catch (error) {
    throw located(error, pagesIn);
  } finally {
    walk.stop();
  }
}

async function* recordsIn<T>(walk: Walk): AsyncGenerator<T, void> {
  for await (const page of pagesIn<T>(walk)) {
    for (const record of page.records) yield record;
  }
}
