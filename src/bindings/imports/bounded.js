// Reading an answer's content up to a bound. What counts are the bytes as they come out of their compression: a few kilobytes
// of gzip may be gigabytes.

/**
 * An answer as far as it can be read bit by bit: of the platform, of node-fetch, or of a mock.
 *
 * @typedef {object} Readable
 * @property {Body | null} [body]
 * @property {boolean} [bodyUsed]
 *
 * @typedef {{ locked?: boolean } & Partial<AsyncIterable<Uint8Array> & { getReader(): ReadableStreamDefaultReader<Uint8Array> }>} Body
 */

/**
 * A function that reads the text of an answer of any fetch-compatible function, up to `most` bytes or the lower bound that it is
 * called with. An answer that has more is cancelled, and gives `null`. One without a stream that could be counted, as mocks
 * are, gives `undefined`.
 *
 * @param {number} most
 */
export function boundedReader(most) {
  /**
   * @param {Readable} answer
   * @param {number} [lower]
   * @returns {Promise<string | null | undefined>}
   */
  return async function textOf({ body, bodyUsed }, lower = most) {
    const chunks = bodyUsed === true || body?.locked === true ? undefined : chunksOf(body);
    if (chunks === undefined) return undefined;
    const decoder = new TextDecoder();
    let left = Math.min(most, lower);
    let text = "";
    // Whoever leaves this loop early ends the stream.
    for await (const chunk of chunks) {
      left -= chunk.byteLength;
      if (left < 0) return null;
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  };
}

/**
 * Of the platform's streams, and of those of Node, which node-fetch has.
 *
 * @param {Body | null | undefined} body
 */
function chunksOf(body) {
  if (typeof body?.getReader === "function") return chunksFrom(body.getReader());
  return typeof body?.[Symbol.asyncIterator] === "function" ? /** @type {AsyncIterable<Uint8Array>} */ (body) : undefined;
}

/**
 * Not every browser can iterate a stream.
 *
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 */
async function* chunksFrom(reader) {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Where the stream has ended, this does nothing.
    reader.cancel().catch(() => {});
  }
}
