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

/** Of the platform's streams, which not every browser can iterate. @type {(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number) => Promise<string | null>} */
async function textOfStream(reader, limit) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let bytes = 0;
  let hasEnded = false;
  try {
    for (let item; !(item = await reader.read()).done; ) {
      const chunk = bytesOf(item.value);
      bytes += chunk.byteLength;
      if (bytes > limit) return null;
      // A copy, as a stream may fill one buffer again and again.
      chunks.push(chunk.slice());
    }
    hasEnded = true;
  } finally {
    if (!hasEnded) quietly(() => reader.cancel());
  }
  return utf8.decode(chunks.length === 1 ? chunks[0] : joined(chunks, bytes));
}

/** @type {(chunks: Uint8Array[], bytes: number) => Uint8Array} */
function joined(chunks, bytes) {
  const whole = new Uint8Array(bytes);
  let end = 0;
  for (const chunk of chunks) {
    whole.set(chunk, end);
    end += chunk.byteLength;
  }
  return whole;
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
