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

/** What a listener of an upload throws ends it. An async one fails later: that is put into `failures`. */
export function tellUpload(listener, what, failures) {
  listener(what)?.then?.(undefined, (error) => failures.push(error));
}
