// Iterating over pages and records. A page is one call into the WebAssembly; a record is none.

/** Pages one by one; the walk is stopped however the loop ends. */
async function* pagesOf(walk) {
  try {
    for (let page = await walk.next(); page !== undefined; page = await walk.next()) yield page;
  } finally {
    walk.stop();
  }
}

async function* recordsOf(walk) {
  for await (const page of pagesOf(walk)) {
    for (const record of page.records) yield record;
  }
}

/**
 * A generator answers `return()` only after the `next()` that is pending, which may be waiting for a retry: stopping the
 * walk first ends that wait.
 */
function stoppable(walk, generator) {
  const stopped = (method) => ({
    value(given) {
      walk.stop();
      return Reflect.apply(method, generator, [given]);
    },
    configurable: true,
    writable: true,
  });
  return Object.defineProperties(generator, {
    return: stopped(generator.return),
    throw: stopped(generator.throw),
  });
}

/** Makes `prototype` iterable, by record and by page; `walk` starts a new walk over the pages that it is called on. */
export function makeIterable(prototype, walk) {
  const methods = {
    byPage() {
      const pages = this;
      return {
        [Symbol.asyncIterator]() {
          const one = Reflect.apply(walk, pages, []);
          return stoppable(one, pagesOf(one));
        },
      };
    },
    [Symbol.asyncIterator]() {
      const one = Reflect.apply(walk, this, []);
      return stoppable(one, recordsOf(one));
    },
  };
  for (const key of Reflect.ownKeys(methods)) {
    Object.defineProperty(prototype, key, { value: methods[key], configurable: true, writable: true });
  }
}
