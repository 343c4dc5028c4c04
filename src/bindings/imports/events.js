// Events of a client, told to its listener. What the listener throws is its own: a call must not fail because somebody
// failed to log it.

function tell(listener, event) {
  try {
    // An async listener fails by a promise.
    listener(event)?.then?.(undefined, () => {});
  } catch {
    // See above.
  }
}

export function tellRequest(listener, id, method, path, attempt) {
  tell(listener, { type: "request", id, method, path, attempt });
}

export function tellResponse(listener, id, status, durationMs, requestId) {
  tell(listener, { type: "response", id, status, durationMs, ...(requestId !== undefined && { requestId }) });
}

export function tellRetry(listener, id, attempt, delayMs, reason) {
  tell(listener, { type: "retry", id, attempt, delayMs, reason: typeof reason === "number" ? `status ${reason}` : reason });
}

export function tellWarning(listener, code, message) {
  tell(listener, { type: "warning", code, message });
}

export function tellCountShort(listener, given, total) {
  const message =
    `the list gave ${given} records, and X-Total-Count says that there are at least ${total}, also after it was gone over again; all ` +
    "that came was delivered, but two records of one person with the same id are taken for one. Read the list again later, and if it stays so, " +
    "ask the API's operator which of the two is wrong";
  tellWarning(listener, "count-short", message);
}

/** What a listener of an upload throws ends it. An async one fails later: that is put into `failures`. */
export function tellUpload(listener, what, failures) {
  listener(what)?.then?.(undefined, (error) => failures.push(error));
}
