// Calls the caller's listeners.

/**
 * Reports an event of a client. Errors of the listener are ignored: a call must not fail because its log did.
 * @type {(listener: (event: unknown) => any, event: unknown) => void}
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
 * Reports progress. What the listener throws ends the call that it belongs to; what an async one rejects with later is put into `failures`.
 * @type {(listener: (what: unknown) => any, what: unknown, failures: unknown[]) => void}
 */
export function tellProgress(listener, what, failures) {
  listener(what)?.then?.(undefined, (/** @type {unknown} */ error) => failures.push(error));
}
