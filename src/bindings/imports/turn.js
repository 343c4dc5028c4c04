// A turn of the host's loop.

/**
 * Resolves when the host has had a chance to read what has arrived: in Node, `setImmediate` comes right after that.
 *
 * @returns {Promise<void>}
 */
export function nextTurn() {
  return new Promise((resolve) => (typeof setImmediate === "function" ? setImmediate(resolve) : setTimeout(resolve)));
}
