// Calls of the caller's listeners.

/**
 * Tells of an event of a client. What the listener throws is its own: a call must not fail because somebody failed to log it.
 *
 * @param {(event: unknown) => any} listener
 * @param {unknown} event
 */
export function tellEvent(listener, event) {
  try {
    // An async listener fails by a promise.
    listener(event)?.then?.(undefined, () => {});
  } catch {
    // See above.
  }
}

/**
 * What a listener of progress throws ends what it is told of. An async one fails later: that is put into `failures`.
 *
 * @param {(what: unknown) => any} listener
 * @param {unknown} what
 * @param {unknown[]} failures
 */
export function tellProgress(listener, what, failures) {
  listener(what)?.then?.(undefined, (/** @type {unknown} */ error) => failures.push(error));
}
