// Reads an answer's content up to a limit, which counts bytes after decompression: a few kilobytes of gzip may be gigabytes.

import { quietly } from "./quietly.js";

/**
 * The body of an answer: the platform's, node-fetch's, or a mock's.
 * @typedef {{ locked?: boolean } & Partial<AsyncIterable<Uint8Array> & { getReader(): ReadableStreamDefaultReader<Uint8Array> }>} Body
 */
/** @typedef {(answer: { body?: Body | null, bodyUsed?: boolean }, lower?: number) => Promise<string | null | undefined>} BoundedText */

/**
 * Makes a function that reads the text of an answer of any fetch-compatible function, up to `most` bytes or the lower limit that it is
 * called with. A longer answer is cancelled, and gives `null`. An answer without a stream to count, as mocks are, gives `undefined`.
 * @type {(most: number) => BoundedText}
 */
export function boundedReader(most) {
  return async function textOf({ body, bodyUsed }, lower = most) {
    const chunks = bodyUsed === true || body?.locked === true ? undefined : chunksOf(body);
    if (chunks === undefined) return undefined;
    const decoder = new TextDecoder();
    let left = Math.min(most, lower);
    let text = "";
    // Leaving this loop early ends the stream.
    for await (const chunk of chunks) {
      left -= chunk.byteLength;
      if (left < 0) return null;
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  };
}

/** Of the platform's streams, and of those of Node, which node-fetch has. @param {Body | null | undefined} body */
function chunksOf(body) {
  if (typeof body?.getReader === "function") return chunksFrom(body.getReader());
  return typeof body?.[Symbol.asyncIterator] === "function" ? /** @type {AsyncIterable<Uint8Array>} */ (body) : undefined;
}

/** Not every browser can iterate a stream. @param {ReadableStreamDefaultReader<Uint8Array>} reader */
async function* chunksFrom(reader) {
  try {
    for (let item; !(item = await reader.read()).done; ) yield item.value;
  } finally {
    // Where the stream has ended, this does nothing.
    quietly(() => reader.cancel());
  }
}
