// Pages: a list to be iterated, by record or by page. A page is one call into the WebAssembly; a record is none.

import { define, located } from "./classes.js";

/** Pages one by one; the walk is stopped however the loop ends. */
async function* pagesOf(walk) {
  try {
    for (let page = await walk.next(); page !== undefined; page = await walk.next()) yield page;
  } catch (error) {
    throw located(error, pagesOf);
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

async function toArray(pages, options) {
  const all = [];
  for await (const page of pagesOf(pages.walk(options))) {
    // One by one: so many as a page may have would not fit the stack as arguments.
    for (const record of page.records) all.push(record);
  }
  return all;
}

async function first(pages) {
  const walk = pages.walk();
  try {
    return await walk.next();
  } finally {
    walk.stop();
  }
}

function byPage(pages) {
  return {
    [Symbol.asyncIterator]() {
      const walk = pages.walk();
      return stoppable(walk, pagesOf(walk));
    },
  };
}

function byRecord(pages) {
  const walk = pages.walk();
  return stoppable(walk, recordsOf(walk));
}

/** Makes Pages over those of the WebAssembly. */
export const makePages = define("Pages", {
  promising: { toArray, first },
  plain: { byPage, [Symbol.asyncIterator]: byRecord },
});
