// A turn of the host's event loop.

/** Resolves when the host could read what has arrived: in Node, `setImmediate` comes right after that. @type {() => Promise<void>} */
export function nextTurn() {
  return new Promise((resolve) => (typeof setImmediate === "function" ? setImmediate(resolve) : setTimeout(resolve)));
}
