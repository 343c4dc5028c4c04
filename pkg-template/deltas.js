// Sync: deltas to be iterated, or handled one by one.

import { define, located } from "./classes.js";
import { OptionError } from "./core/errors.js";

/** Makes a Delta over a run of the WebAssembly and the delta's number in it. */
const adoptDelta = define("Delta", {
  promising: { commit: ({ run, number }) => run.commit(number) },
  plain: { byUser: ({ records }) => byUser(records) },
});

function makeDelta(run, [type, since, before, records, number]) {
  const delta = adoptDelta({ run, number, records });
  const members = { type, window: Object.freeze({ since, before }), records };
  for (const [key, value] of Object.entries(members)) Object.defineProperty(delta, key, { value, enumerable: true });
  return delta;
}

function byUser(records) {
  const users = new Map();
  for (const record of records) {
    // Every record of a batch query says whose it is; one that does not is not dropped.
    const user = String(record?.humanId ?? "");
    const own = users.get(user);
    if (own === undefined) users.set(user, [record]);
    else own.push(record);
  }
  return users;
}

/** Deltas one by one; the run is ended, and its lock given back, however the loop ends. */
async function* deltasOf(run) {
  try {
    for (let delta = await run.next(); delta !== undefined; delta = await run.next()) yield makeDelta(run, delta);
  } catch (error) {
    throw located(error, deltasOf);
  } finally {
    await run.stop();
  }
}

/** As with pages: what the generator waits for ends when it is left. */
function stoppable(run, generator) {
  const stopped = (method) => ({
    value(given) {
      const ended = run.stop();
      return Promise.resolve(Reflect.apply(method, generator, [given])).finally(() => ended);
    },
    configurable: true,
    writable: true,
  });
  return Object.defineProperties(generator, { return: stopped(generator.return), throw: stopped(generator.throw) });
}

async function run(sync, handler, options) {
  if (typeof handler !== "function") {
    throw new OptionError("handler", `\`handler\` must be a function that takes a delta; it is ${handler == null ? handler : `of type ${typeof handler}`}`);
  }
  const begun = sync.start(options);
  try {
    for await (const delta of deltasOf(begun)) await handler(delta);
    return begun.report();
  } finally {
    await begun.stop();
  }
}

/** Makes a Sync over one of the WebAssembly. */
export const makeSync = define("Sync", {
  promising: { run },
  plain: {
    [Symbol.asyncIterator](sync) {
      const begun = sync.start();
      return stoppable(begun, deltasOf(begun));
    },
  },
});
