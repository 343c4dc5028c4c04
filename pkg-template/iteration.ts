// Iterating over what the WebAssembly gives one by one.

/**
 * `generator`, which `stop` ends also while it waits: by itself it answers `return()` only after the `next()` that is
 * pending, which may be waiting for a retry. What `stop` promises is waited for.
 */
export function stoppable<T>(generator: AsyncGenerator<T, void>, stop: () => void | Promise<void>): AsyncGenerator<T, void> {
  const stopped = <Given>(method: (given: Given) => Promise<IteratorResult<T, void>>) => ({
    value(given: Given) {
      const ended = stop();
      return Promise.resolve(Reflect.apply(method, generator, [given])).finally(() => ended);
    },
    configurable: true,
    writable: true,
  });
  return Object.defineProperties(generator, { return: stopped(generator.return), throw: stopped(generator.throw) });
}
