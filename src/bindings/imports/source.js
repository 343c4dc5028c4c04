// What samples are read from, whatever it is, as pieces that Rust pulls: bytes as they are, or objects in packed form.

import { feedOfBlob } from "./blob.js";
import { optionError } from "./errors.js";
import { Packer } from "./objects.js";

/** The longest piece of bytes. */
const PIECE = 1 << 20;
/** After so many milliseconds of work the event loop has a turn: a page stays alive, and a signal can be aborted. */
const TURN = 50;

const TAKEN = "an iterable of samples, a ReadableStream, Blob, Response, ArrayBuffer or Uint8Array of bytes, or a text";

/**
 * What comes one by one, and how to stop early. What iterators give is given as it came.
 *
 * @typedef {object} Items
 * @property {boolean} isAsync
 * @property {boolean} isStream
 * @property {() => any} next
 * @property {() => void} cancel
 *
 * @typedef {import("./blob.js").Feed} Feed
 */

/**
 * Opens `source`, or throws an OptionError where it is nothing that samples can be read from.
 *
 * @param {unknown} source
 */
export function openSource(source) {
  const { items, feed } = inputOf(source);
  return new Source(items, feed);
}

/** Pieces in turn, and how far reading has got. */
class Source {
  /** Once the first piece is there: whether the pieces are packed objects. */
  packed = false;
  bytesRead = 0;
  /** @type {number | undefined} */
  bytesTotal;
  /** @type {Items | undefined} */
  #items;
  /** @type {Feed | undefined} */
  #feed;
  /** @type {AsyncGenerator<Uint8Array, void> | undefined} */
  #pieces;
  #turn = performance.now();

  /**
   * @param {Items | undefined} items
   * @param {Feed | undefined} feed
   */
  constructor(items, feed) {
    this.#items = items;
    this.#feed = feed;
    this.bytesTotal = feed?.total;
  }

  /** The next piece, `undefined` at the end. It holds until the next call. */
  async next() {
    await this.pause();
    try {
      this.#pieces ??= await this.#open();
      return (await this.#pieces.next()).value;
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  /** Gives the event loop a turn, if it had none for a while. */
  async pause() {
    if (performance.now() - this.#turn < TURN) return;
    await turn();
    this.#turn = performance.now();
  }

  /** Lets go of the source, also while a piece is waited for. */
  cancel() {
    this.#feed?.cancel();
    this.#items?.cancel();
  }

  async #open() {
    if (this.#items !== undefined) {
      const first = await this.#items.next();
      if (isBlob(first.value)) throw unfit("`source` is a list of files; give one of them");
      this.packed = first.done ? !this.#items.isStream : bytesOf(first.value) === undefined;
      if (this.packed) return packed(this.#items, first);
      this.#feed = feedOfItems(this.#items, first);
    }
    return this.#counted();
  }

  async *#counted() {
    for (let given; (given = await /** @type {Feed} */ (this.#feed).next()) !== undefined; ) {
      const chunk = viewOf(given);
      // Nothing else is an end, and nothing is passed over.
      if (chunk === undefined) throw unfit(`\`source\` gave ${nameOf(given)} where bytes were expected: a Uint8Array, another view, or a buffer`);
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        this.bytesRead += piece.length;
        // What a server told of the length may have been that of another form.
        if (this.bytesRead > Number(this.bytesTotal)) this.bytesTotal = undefined;
        yield piece;
      }
    }
  }
}

/**
 * What `source` gives: items that are looked at first, or bytes for certain.
 *
 * @param {any} source
 * @returns {{ items?: Items, feed?: Feed }}
 */
function inputOf(source) {
  if (typeof source === "string") return { feed: feedOfText(source) };
  const bytes = viewOf(source);
  if (bytes !== undefined) return { feed: feedOfBytes(bytes) };
  if (isBlob(source)) return { feed: feedOfBlob(source, PIECE) };
  if (isResponse(source)) return inputOfResponse(source);
  const items = itemsOf(source);
  if (items === undefined) throw unfit(`\`source\` must be ${TAKEN}; it is ${nameOf(source)}`);
  return { items };
}

/**
 * Says what kind of value came, and not which.
 *
 * @param {any} value
 */
function nameOf(value) {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  if (typeof value.then === "function") return "a promise; await it first";
  return Array.isArray(value) ? "an array" : isBlob(value) ? "a Blob" : "an object that is none of these";
}

/** @param {string} message */
function unfit(message) {
  return optionError("source", message);
}

// Other realms and polyfills have classes of their own, so it is asked what a value can do, not what it is.

/**
 * Bytes, or a text, of which bytes are made.
 *
 * @param {unknown} value
 */
function bytesOf(value) {
  return typeof value === "string" ? value : viewOf(value);
}

/**
 * A view of this realm, whatever realm the bytes are from; `undefined` where it is none of bytes.
 *
 * @param {unknown} value
 */
function viewOf(value) {
  const isView = ArrayBuffer.isView(value);
  if (!isView && !isBuffer(value)) return undefined;
  try {
    return isView ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(/** @type {ArrayBuffer} */ (value));
  } catch {
    throw unfit("`source` has a buffer that is detached: it was given to somebody else");
  }
}

/** What only a buffer answers, also one of another realm: a name can be borrowed. */
const LENGTHS = [globalThis.ArrayBuffer, globalThis.SharedArrayBuffer].flatMap((type) =>
  type === undefined ? [] : [/** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(type.prototype, "byteLength")).get],
);

/** @param {unknown} value */
function isBuffer(value) {
  if (typeof value !== "object" || value === null) return false;
  return LENGTHS.some((length) => {
    try {
      return typeof /** @type {Function} */ (length).call(value) === "number";
    } catch {
      return false;
    }
  });
}

/** @param {any} value */
function isBlob(value) {
  return typeof value?.slice === "function" && typeof value.arrayBuffer === "function" && typeof value.size === "number";
}

/** @param {any} value */
function isResponse(value) {
  return typeof value?.status === "number" && typeof value.arrayBuffer === "function" && "body" in value;
}

/** @param {Response} response */
function inputOfResponse(response) {
  const { body, headers, ok, status } = response;
  if (!ok) throw unfit(`\`source\` is a Response with status ${status}: its body is not what was asked for`);
  if (response.bodyUsed || body?.locked) throw unfit("`source` is a Response whose body is already used");
  // The length of a compressed body is not the length of what is read.
  const length = headers?.get?.("content-encoding") ? null : headers?.get?.("content-length");
  const total = /^\d+$/.test(length ?? "") ? Number(length) : undefined;
  if (body === null || body === undefined) return { feed: feedOfBytes(new Uint8Array(0)) };
  const items = itemsOf(body);
  if (items === undefined) throw unfit("`source` is a Response whose body cannot be read as a stream");
  return { feed: { ...feedOfItems(items), total } };
}

/**
 * Whatever comes one by one: `next()` as iterators have it, and `cancel()` for who stops early.
 *
 * @param {any} source
 * @returns {Items | undefined}
 */
function itemsOf(source) {
  if (typeof source?.getReader === "function") return itemsOfStream(source);
  const isAsync = typeof source?.[Symbol.asyncIterator] === "function";
  const isStream = isAsync && typeof source.pipe === "function";
  if (!isAsync && typeof source?.[Symbol.iterator] !== "function") return undefined;
  /** @type {Partial<Iterator<unknown> & AsyncIterator<unknown>> | undefined} */
  let iterator;
  let open = true;
  return {
    isAsync,
    isStream,
    next() {
      if (!open) return { done: true };
      const opened = (iterator ??= isAsync ? source[Symbol.asyncIterator]() : source[Symbol.iterator]());
      try {
        const item = opened.next();
        if (isAsync) return Promise.resolve(item).then(seen, failed);
        return seen(item);
      } catch (error) {
        return failed(error);
      }
    },
    cancel() {
      if (!open) return;
      open = false;
      quietly(() => iterator?.return?.());
      // A stream of Node hears of the above only once its next chunk is there.
      if (isStream) quietly(() => source.destroy?.());
    },
  };

  /** @param {any} item */
  function seen(item) {
    if (typeof item !== "object" || item === null) throw new TypeError("an iterator must give objects");
    if (item.done) open = false;
    return item;
  }
  /**
   * @param {unknown} error
   * @returns {never}
   */
  function failed(error) {
    open = false;
    throw error;
  }
}

/**
 * @param {ReadableStream} stream
 * @returns {Items}
 */
function itemsOfStream(stream) {
  if (stream.locked) throw unfit("`source` is a ReadableStream that is locked: somebody else reads it");
  /** @type {ReadableStreamDefaultReader | undefined} */
  let reader;
  let open = true;
  return {
    isAsync: true,
    isStream: true,
    async next() {
      if (!open) return { done: true };
      reader ??= stream.getReader();
      try {
        const item = await reader.read();
        if (item.done) close();
        return item;
      } catch (error) {
        close();
        throw error;
      }
    },
    cancel() {
      if (!open) return;
      quietly(() => (reader ??= stream.getReader()).cancel());
      close();
    },
  };

  function close() {
    if (open) quietly(() => /** @type {ReadableStreamDefaultReader} */ (reader).releaseLock());
    open = false;
  }
}

/**
 * What goes wrong while letting go of something is nobody's concern.
 *
 * @param {() => any} act
 */
function quietly(act) {
  try {
    act()?.then?.(undefined, () => {});
  } catch {
    // See above.
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {Feed}
 */
function feedOfBytes(bytes) {
  /** @type {Uint8Array | undefined} */
  let left = bytes;
  return {
    total: bytes.length,
    async next() {
      const all = left;
      left = undefined;
      return all;
    },
    cancel() {
      left = undefined;
    },
  };
}

/**
 * @param {string} text
 * @returns {Feed}
 */
function feedOfText(text) {
  const encode = encoder();
  let at = 0;
  return {
    total: text === "" ? 0 : undefined,
    async next() {
      if (at >= text.length) return undefined;
      // At most three bytes come of a unit.
      const bytes = encode(text.slice(at, at + PIECE / 4), at + PIECE / 4 >= text.length);
      at += PIECE / 4;
      return bytes;
    },
    cancel() {
      at = text.length;
    },
  };
}

const LONE = /\p{Surrogate}/u;
const NO_TEXT = Uint8Array.of(0xff);

/** Texts in turn as bytes: a character may lie in two of them. */
function encoder() {
  const utf8 = new TextEncoder();
  let half = "";
  return (/** @type {string} */ text, isLast = false) => {
    const whole = half + text;
    const last = whole.charCodeAt(whole.length - 1);
    half = !isLast && last >= 0xd800 && last < 0xdc00 ? whole.slice(-1) : "";
    const ready = whole.slice(0, whole.length - half.length);
    if (!LONE.test(ready)) return utf8.encode(ready);
    // Half a character would become another one: a byte that no text has spoils its sample instead.
    const parts = ready.split(LONE).map((part) => utf8.encode(part));
    return parts.reduce((before, part) => joined(joined(before, NO_TEXT), part));
  };
}

/**
 * @param {Items} items
 * @param {IteratorResult<unknown>} [first] where it has been read
 * @returns {Feed}
 */
function feedOfItems(items, first) {
  const encode = encoder();
  let ahead = first;
  return {
    async next() {
      const item = ahead ?? (await items.next());
      ahead = undefined;
      if (item.done) {
        const rest = encode("", true);
        return rest.length > 0 ? rest : undefined;
      }
      const bytes = bytesOf(item.value);
      if (bytes === undefined) throw unfit(`\`source\` gave bytes at first, and then ${nameOf(item.value)}; give bytes or texts alone`);
      return typeof bytes === "string" ? encode(bytes) : bytes;
    },
    cancel: items.cancel,
  };
}

/**
 * Pieces of packed objects, at least one.
 *
 * @param {Items} items
 * @param {IteratorResult<unknown>} first
 */
async function* packed(items, first) {
  const packer = new Packer();
  let until = performance.now() + TURN;
  for (let item = first; !item.done; item = items.isAsync ? await items.next() : items.next()) {
    const isFull = packer.add(item.value);
    // Reading the clock takes longer than an object does, unless that is waited for.
    if (isFull || ((items.isAsync || (packer.rows & 63) === 0) && performance.now() >= until)) {
      yield packer.take();
      until = performance.now() + TURN;
    }
  }
  yield packer.take();
}

/**
 * A turn of the event loop. Timers would wait: in nested calls, and for a second in a page that is not seen.
 *
 * @returns {Promise<void>}
 */
function turn() {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  if (typeof MessageChannel !== "function") return new Promise((resolve) => setTimeout(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/**
 * @param {Uint8Array} first
 * @param {Uint8Array} second
 */
function joined(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
