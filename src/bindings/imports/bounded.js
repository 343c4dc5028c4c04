// Reads an answer's content up to a limit, which counts bytes after decompression: a few kilobytes of gzip may be gigabytes.

import { quietly } from "./quietly.js";

/**
 * The body of an answer: the platform's, node-fetch's, or a mock's.
 * @typedef {{ locked?: boolean } & Partial<AsyncIterable<Uint8Array> & { getReader(): ReadableStreamDefaultReader<Uint8Array> }>} Body
 */
/** @typedef {(answer: { body?: Body | null, bodyUsed?: boolean }, lower?: number) => Promise<string | null | undefined>} BoundedText */

/** Decodes what is whole, in one go, which is several times as fast as piece by piece. */
const utf8 = new TextDecoder();

/**
 * Makes a function that reads the text of an answer of any fetch-compatible function, up to `most` bytes or the lower limit that it is
 * called with. A longer answer is cancelled, and gives `null`. An answer without a stream to count, as mocks are, gives `undefined`.
 * @type {(most: number) => BoundedText}
 */
export function boundedReader(most) {
  return async function textOf({ body, bodyUsed }, lower = most) {
    if (bodyUsed === true || body?.locked === true) return undefined;
    const limit = Math.min(most, lower);
    if (typeof body?.getReader === "function") return textOfStream(body.getReader(), limit);
    return typeof body?.[Symbol.asyncIterator] === "function" ? textOfPieces(/** @type {AsyncIterable<Uint8Array>} */ (body), limit) : undefined;
  };
}

/**
 * Buffers in which responses are gathered, used again for later ones: a buffer for each response would be most of the garbage. Whoever
 * replaces `TextDecoder.prototype.decode` sees these buffers, and must not keep them.
 * @type {Uint8Array[]}
 */
const spare = [];
const SPARE = 4;
const SPARE_BYTES = 1 << 19;

/** Of the platform's streams, which not every browser can iterate. @type {(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number) => Promise<string | null>} */
async function textOfStream(reader, limit) {
  let whole = spare.pop() ?? new Uint8Array(1 << 16);
  let bytes = 0;
  let hasEnded = false;
  try {
    for (let item; !(item = await reader.read()).done; ) {
      const chunk = bytesOf(item.value);
      const end = bytes + chunk.byteLength;
      if (end > limit) return null;
      if (end > whole.length) {
        const larger = new Uint8Array(Math.max(2 * whole.length, end));
        larger.set(whole.subarray(0, bytes));
        whole = larger;
      }
      // A copy, as a stream may fill one buffer again and again.
      whole.set(chunk, bytes);
      bytes = end;
    }
    hasEnded = true;
  } finally {
    if (!hasEnded) quietly(() => reader.cancel());
  }
  const text = utf8.decode(whole.subarray(0, bytes));
  // Without what was in it, so that nothing of it stays for as long as the program runs.
  if (spare.length < SPARE && whole.length <= SPARE_BYTES) spare.push(whole.fill(0, 0, bytes));
  return text;
}

/** Bytes of any realm. A stream of the platform gives nothing else, but one that a program has made may give anything. @param {unknown} chunk */
function bytesOf(chunk) {
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (Object.prototype.toString.call(chunk) === "[object ArrayBuffer]") return new Uint8Array(/** @type {ArrayBuffer} */ (chunk));
  throw new TypeError("a piece of the answer's body is no bytes: a stream of a body gives Uint8Arrays");
}

/** Of a stream of Node, which node-fetch has. @type {(pieces: AsyncIterable<Uint8Array>, limit: number) => Promise<string | null>} */
async function textOfPieces(pieces, limit) {
  const decoder = new TextDecoder();
  let left = limit;
  let text = "";
  // Leaving this loop early ends the stream.
  for await (const piece of pieces) {
    left -= piece.byteLength;
    if (left < 0) return null;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
