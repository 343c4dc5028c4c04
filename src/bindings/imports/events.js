// Events of a client, told to its listener. What the listener throws is its own: a call must not fail because somebody
// failed to log it.

/** @typedef {(event: object) => any} Listener */

/**
 * @param {Listener} listener
 * @param {object} event
 */
function tell(listener, event) {
  try {
    // An async listener fails by a promise.
    listener(event)?.then?.(undefined, () => {});
  } catch {
    // See above.
  }
}

/**
 * @param {Listener} listener
 * @param {number} id
 * @param {string} method
 * @param {string} path
 * @param {number} attempt
 */
export function tellRequest(listener, id, method, path, attempt) {
  tell(listener, { type: "request", id, method, path, attempt });
}

/**
 * @param {Listener} listener
 * @param {number} id
 * @param {number} status
 * @param {number} durationMs
 * @param {string | undefined} requestId
 */
export function tellResponse(listener, id, status, durationMs, requestId) {
  tell(listener, { type: "response", id, status, durationMs, ...(requestId !== undefined && { requestId }) });
}

/**
 * @param {Listener} listener
 * @param {number} id
 * @param {number} attempt
 * @param {number} delayMs
 * @param {string | number} reason a status, or words
 */
export function tellRetry(listener, id, attempt, delayMs, reason) {
  tell(listener, { type: "retry", id, attempt, delayMs, reason: typeof reason === "number" ? `status ${reason}` : reason });
}

/**
 * @param {Listener} listener
 * @param {string} code
 * @param {string} message
 */
export function tellWarning(listener, code, message) {
  tell(listener, { type: "warning", code, message });
}

/**
 * @param {Listener} listener
 * @param {number} given
 * @param {number} total
 */
export function tellCountShort(listener, given, total) {
  const message =
    `the list gave ${given} records, and X-Total-Count says that there are at least ${total}, also after it was gone over again; all ` +
    "that came was delivered, but two records of one person with the same id are taken for one. Read the list again later, and if it stays so, " +
    "ask the API's operator which of the two is wrong";
  tellWarning(listener, "count-short", message);
}

/**
 * What a listener of an upload throws ends it. An async one fails later: that is put into `failures`.
 *
 * @param {(what: unknown) => any} listener
 * @param {unknown} what
 * @param {unknown[]} failures
 */
export function tellUpload(listener, what, failures) {
  listener(what)?.then?.(undefined, (/** @type {unknown} */ error) => failures.push(error));
}
