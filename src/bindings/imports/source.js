// Reads samples from whatever the caller gives, as pieces that Rust pulls: bytes as they are, or objects in packed form.

import { feedOfBlob } from "./blob.js";
import { optionError } from "./errors.js";
import { Packer } from "./objects.js";
import { quietly } from "./quietly.js";

/** The longest piece of bytes. */
const PIECE = 1 << 20;
/** After so many milliseconds of work the event loop has a turn: a page stays responsive, and a signal can be aborted. */
const TURN = 50;

/** What can be read once, and was read: a stream, or an iterator that is its own iterable. @type {WeakSet<object>} */
const USED = new WeakSet();

const TAKEN = "an iterable of samples, a ReadableStream, Blob, Response, ArrayBuffer or Uint8Array of bytes, or a text";

/**
 * What comes one by one: `next` as iterators have it, with any value, and `cancel` to stop early.
 * @typedef {{ isAsync: boolean, isStream: boolean, next: () => any, cancel: () => void }} Items
 */
/** @typedef {import("./blob.js").Feed} Feed */

/** Throws an OptionError where no samples can be read from `source`. @param {unknown} source */
export function openSource(source) {
  const { items, feed } = inputOf(source);
  return new Source(items, feed);
}

/** Pieces in turn, and how far reading has got. */
class Source {
  /** Whether the pieces are packed objects; known with the first piece. */
  packed = false;
  bytesRead = 0;
  /** @type {number | undefined} */
  bytesTotal;
  #items;
  #feed;
  /** @type {AsyncGenerator<Uint8Array, void> | undefined} */
  #pieces;
  #turn = performance.now();

  /** @param {Items | undefined} items @param {Feed | undefined} feed */
  constructor(items, feed) {
    this.#items = items;
    this.#feed = feed;
    this.bytesTotal = feed?.total;
  }

  /** The next piece, `undefined` at the end. It is valid until the next call. */
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

  /** Releases the source, also while a piece is awaited. */
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
      this.#feed = feedOfItems(this.#items, undefined, first);
    }
    return this.#counted();
  }

  async *#counted() {
    for (let given; (given = await /** @type {Feed} */ (this.#feed).next()) !== undefined; ) {
      const chunk = viewOf(given);
      // Nothing but `undefined` ends the source, and nothing is skipped.
      if (chunk === undefined) throw unfit(`\`source\` gave ${nameOf(given)} where bytes were expected: a Uint8Array, another view, or a buffer`);
      const { length } = chunk;
      for (let at = 0; at < length; at += PIECE) {
        const piece = chunk.subarray(at, Math.min(at + PIECE, length));
        this.bytesRead += piece.length;
        // The length that a server reported may have been that of another form.
        if (this.bytesRead > Number(this.bytesTotal)) this.bytesTotal = undefined;
        yield piece;
        // Such a chunk has become shorter, which must not end the source.
        if (chunk.length !== length) throw unfit("`source` has a buffer that was given to somebody else, or resized, while it was read");
      }
    }
  }
}

/** Items whose first decides how they are read, or certainly bytes. @type {(source: any) => { items?: Items | undefined, feed?: Feed }} */
function inputOf(source) {
  if (typeof source === "string") return { feed: feedOfItems(itemsOf(slicesOf(source)), source === "" ? 0 : undefined) };
  const bytes = viewOf(source);
  if (bytes !== undefined) return { feed: feedOfItems(itemsOf([bytes]), bytes.length) };
  if (isBlob(source)) return { feed: feedOfBlob(source, PIECE) };
  if (isResponse(source)) return { feed: feedOfResponse(source) };
  if (!isIterable(source)) throw unfit(`\`source\` must be ${TAKEN}; it is ${nameOf(source)}`);
  return { items: itemsOf(source) };
}

/** Says what kind of value came, but not which. @param {any} value */
function nameOf(value) {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  if (typeof value.then === "function") return "a promise; await it first";
  return Array.isArray(value) ? "an array" : isBlob(value) ? "a Blob" : "an object that is none of these";
}

/** @param {string} message */
function unfit(message) {
  return optionError("source", message);
}

// Other realms and polyfills have classes of their own, so values are recognized by what they can do.

/** Bytes, or a text, of which bytes are made. @param {unknown} value */
function bytesOf(value) {
  return typeof value === "string" ? value : viewOf(value);
}

/** A view of this realm, whatever realm the bytes are from; `undefined` where `value` has no bytes. @param {unknown} value */
function viewOf(value) {
  const isView = ArrayBuffer.isView(value);
  if (!isView && !isBuffer(value)) return undefined;
  try {
    // A view beyond the end of a buffer that was resized has no bytes; this throws then.
    if (isView && value.byteLength === 0 && !(Object.prototype.toString.call(value) === "[object DataView]")) Uint8Array.prototype.values.call(value);
    return isView ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : fixedView(/** @type {ArrayBuffer} */ (value));
  } catch {
    throw unfit("`source` has a buffer that is detached or too short: it was given to somebody else, or resized");
  }
}

/** A view whose length is that of now, also where the buffer is resized. @param {ArrayBuffer} buffer */
function fixedView(buffer) {
  return new Uint8Array(buffer, 0, buffer.byteLength);
}

/** Getters that work only on buffers, those of another realm included; a name could be borrowed. */
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

/** @param {any} value */
function isReadableStream(value) {
  return typeof value?.getReader === "function";
}

/** @param {any} value */
function isIterable(value) {
  return isReadableStream(value) || typeof value?.[Symbol.asyncIterator] === "function" || typeof value?.[Symbol.iterator] === "function";
}

/** @param {Response} response */
function feedOfResponse(response) {
  const { body, headers, ok, status } = response;
  if (!ok) throw unfit(`\`source\` is a Response with status ${status}: its body is not what was asked for`);
  if (response.bodyUsed || body?.locked) throw unfit("`source` is a Response whose body is already used");
  if (body === null || body === undefined) return feedOfItems(itemsOf([]), 0);
  if (!isIterable(body)) throw unfit("`source` is a Response whose body cannot be read as a stream");
  // The length of a compressed body is not the length of what is read.
  const length = headers?.get?.("content-encoding") ? null : headers?.get?.("content-length");
  return feedOfItems(itemsOf(body), /^\d+$/.test(length ?? "") ? Number(length) : undefined);
}

/** The items of an iterable, an async iterable, or a stream of the platform or of Node. @type {(source: any) => Items} */
function itemsOf(source) {
  const isReadable = isReadableStream(source);
  if (isReadable && source.locked) throw unfit("`source` is a ReadableStream that is locked: somebody else reads it");
  const isAsync = isReadable || typeof source[Symbol.asyncIterator] === "function";
  const isStream = isReadable || (isAsync && typeof source.pipe === "function");
  if (USED.has(source)) throw unfit("`source` was read before, and can be read only once: open it again");
  /** @type {ReturnType<typeof iterate> | undefined} */
  let iterator;
  let open = true;
  return {
    isAsync,
    isStream,
    next() {
      if (!open) return { done: true };
      const opened = (iterator ??= iterate());
      try {
        const item = opened.next();
        return isAsync ? Promise.resolve(item).then(seen, failed) : seen(item);
      } catch (error) {
        return failed(error);
      }
    },
    cancel() {
      if (!open) return;
      open = false;
      // A stream is cancelled also where nothing was read of it.
      quietly(() => (isReadable ? (iterator ??= iterate()) : iterator)?.return?.());
      // A stream of Node hears of the above only once its next chunk is there.
      if (isStream) quietly(() => source.destroy?.());
      if (isReadable) quietly(() => iterator?.release?.());
    },
  };

  /** @returns {{ next: () => any, return?: () => any, release?: () => void }} */
  function iterate() {
    if (isStream) USED.add(source);
    if (!isReadable) {
      const opened = source[isAsync ? Symbol.asyncIterator : Symbol.iterator]();
      if (opened === source) USED.add(source);
      return opened;
    }
    const reader = source.getReader();
    return { next: () => reader.read(), return: () => reader.cancel(), release: () => reader.releaseLock() };
  }

  function close() {
    if (open && isReadable) quietly(() => iterator?.release?.());
    open = false;
  }

  /** @param {any} item */
  function seen(item) {
    if (typeof item !== "object" || item === null) throw new TypeError("an iterator must give objects");
    if (item.done) close();
    return item;
  }

  /** @type {(error: unknown) => never} */
  function failed(error) {
    close();
    throw error;
  }
}

/** Of a unit at most three bytes come, so that each slice is one piece. @param {string} text */
function* slicesOf(text) {
  for (let at = 0; at < text.length; at += PIECE / 4) yield text.slice(at, at + PIECE / 4);
}

const LONE = /\p{Surrogate}/u;
const NO_TEXT = 0xff;

/** Turns texts into bytes, one after the other: a character may lie in two of them. */
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
    return Uint8Array.from(ready.split(LONE).flatMap((part, at) => [...(at > 0 ? [NO_TEXT] : []), ...utf8.encode(part)]));
  };
}

/** The bytes of items, of which the first may have been read already. @type {(items: Items, total?: number, first?: IteratorResult<unknown>) => Feed} */
function feedOfItems(items, total, first) {
  const encode = encoder();
  let ahead = first;
  return {
    total,
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

/** Pieces of packed objects, at least one. @type {(items: Items, first: IteratorResult<unknown>) => AsyncGenerator<Uint8Array, void>} */
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
 * A turn of the event loop. Timers would wait: in nested calls, and for a second in a page that is not visible.
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
