// Files, and whatever else is a Blob, read with no more memory than two pieces take.

import { optionError } from "./errors.js";

/**
 * Gives bytes: a chunk of any length each time, `undefined` at the end.
 *
 * @typedef {object} Feed
 * @property {number | undefined} [total] how many, where that is known
 * @property {() => Promise<unknown>} next
 * @property {() => void} cancel
 */

/**
 * A Blob's bytes in pieces of at most `size`, and not one fewer than it says that it has.
 *
 * @param {Blob} blob
 * @param {number} size
 * @returns {Feed}
 */
export function feedOfBlob(blob, size) {
  const feed = piecesOf(blob, size);
  let left = feed.total;
  return {
    ...feed,
    async next() {
      const piece = await feed.next().catch((error) => {
        throw isOfFile(error) ? unreadable(feed.total, error) : error;
      });
      if (piece === undefined && left > 0) {
        throw optionError("source", `\`source\` is a Blob of ${feed.total} bytes, and gave ${feed.total - left}: it was changed or cut off; choose the file again`);
      }
      left -= piece?.byteLength ?? 0;
      return piece;
    },
    cancel() {
      left = 0;
      feed.cancel();
    },
  };
}

/**
 * What a host throws whose file is no longer the one that was chosen: another, or none.
 *
 * @param {any} error
 */
function isOfFile(error) {
  return ["NotReadableError", "NotFoundError"].includes(error?.name);
}

/**
 * @param {number} size
 * @param {unknown} cause
 */
function unreadable(size, cause) {
  const error = optionError("source", `\`source\` is a Blob of ${size} bytes that cannot be read any more: its file was changed, moved or deleted; choose the file again`);
  error.cause = cause;
  return error;
}

/**
 * Reads into two buffers in turn; the next piece is asked for ahead.
 *
 * @param {Blob} blob
 * @param {number} size
 */
function piecesOf(blob, size) {
  const reader = byteReader(blob);
  if (reader === undefined) return feedOfSlices(blob, size);
  /** @type {ReturnType<typeof reader.read> | undefined} */
  let ahead;
  /** @type {ArrayBufferView<ArrayBuffer> | undefined} */
  let last;
  const ask = (/** @type {ArrayBuffer} */ buffer) => {
    const asked = reader.read(new Uint8Array(buffer));
    // It may fail while nobody waits for it; who waits is told all the same.
    asked.catch(() => {});
    return asked;
  };
  return {
    total: blob.size,
    async next() {
      const asked = ahead ?? ask(new ArrayBuffer(size));
      // What was given before is no longer needed.
      ahead = ask(last?.buffer ?? new ArrayBuffer(size));
      const { done, value } = await asked;
      last = value;
      return done ? undefined : (value ?? null);
    },
    cancel() {
      reader.cancel().catch(() => {});
    },
  };
}

/**
 * One that reads into buffers that it is given: new ones for every piece would wait for the collector, a Blob's length of them.
 *
 * @param {Blob} blob
 */
function byteReader(blob) {
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/**
 * The same where a Blob's stream cannot do that.
 *
 * @param {Blob} blob
 * @param {number} size
 */
function feedOfSlices(blob, size) {
  let at = 0;
  return {
    total: blob.size,
    async next() {
      return at < blob.size ? ((await blob.slice(at, (at += size)).arrayBuffer()) ?? null) : undefined;
    },
    cancel() {
      at = Infinity;
    },
  };
}
