// Reads files, and every other Blob, with no more memory than two pieces take.

import { optionError } from "./errors.js";
import { quietly } from "./quietly.js";

/**
 * Gives bytes: a chunk of any length each time, `undefined` at the end.
 * @typedef {object} Feed
 * @property {number | undefined} [total] how many, where that is known
 * @property {() => Promise<unknown>} next
 * @property {() => void} cancel
 */
/** @typedef {{ total: number, next: () => Promise<ArrayBufferLike | ArrayBufferView | null | undefined>, cancel: () => void }} Pieces */

/** A Blob's bytes in pieces of at most `size`, and exactly as many as it claims to have. @type {(blob: Blob, size: number) => Feed} */
export function feedOfBlob(blob, size) {
  const reader = byteReader(blob);
  const pieces = reader === undefined ? slicesOf(blob, size) : piecesFrom(reader, blob.size, size);
  const { total } = pieces;
  let left = total;
  return {
    total,
    async next() {
      const piece = await pieces.next().catch((error) => {
        throw isOfFile(error) ? unreadable(total, error) : error;
      });
      if (piece === undefined && left > 0) {
        throw optionError("source", `\`source\` is a Blob of ${total} bytes, and gave ${total - left}: it was changed or cut off; choose the file again`);
      }
      left -= piece?.byteLength ?? 0;
      return piece;
    },
    cancel() {
      left = 0;
      pieces.cancel();
    },
  };
}

/** What a host throws when its file is no longer the one that was chosen. @param {any} error */
function isOfFile(error) {
  return ["NotReadableError", "NotFoundError"].includes(error?.name);
}

/** @type {(size: number, cause: unknown) => Error} */
function unreadable(size, cause) {
  const error = optionError("source", `\`source\` is a Blob of ${size} bytes that cannot be read any more: its file was changed, moved or deleted; choose the file again`);
  error.cause = cause;
  return error;
}

/** Reads into buffers that it is given: new ones for each piece would pile up until they are collected, a whole Blob of them. @param {Blob} blob */
function byteReader(blob) {
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/** Reads into two buffers in turn; the next piece is requested ahead. @type {(reader: ReadableStreamBYOBReader, total: number, size: number) => Pieces} */
function piecesFrom(reader, total, size) {
  const ask = (/** @type {ArrayBuffer} */ buffer) => {
    const asked = reader.read(new Uint8Array(buffer));
    // It may fail while nobody waits for it; `next` reports that all the same.
    asked.catch(() => {});
    return asked;
  };
  /** @type {ReturnType<typeof ask> | undefined} */
  let ahead;
  /** @type {ArrayBufferView<ArrayBuffer> | undefined} */
  let last;
  return {
    total,
    async next() {
      const asked = ahead ?? ask(new ArrayBuffer(size));
      // The piece before is no longer needed.
      ahead = ask(last?.buffer ?? new ArrayBuffer(size));
      const { done, value } = await asked;
      last = value;
      return done ? undefined : (value ?? null);
    },
    cancel() {
      quietly(() => reader.cancel());
    },
  };
}

/** For a Blob whose stream does not fill buffers that it is given. @type {(blob: Blob, size: number) => Pieces} */
function slicesOf(blob, size) {
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
