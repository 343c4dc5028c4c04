// What samples are read from, whatever it is, as pieces that Rust pulls: bytes as they are, or objects in packed form.

import { feedOfBlob } from "./blob.js";
import { OptionError } from "./errors.js";
import { Packer } from "./objects.js";
import { gunzip, joined, unzip } from "./unzip.js";

/** The longest piece of bytes. */
const PIECE = 1 << 20;
/** After so many milliseconds of work the event loop has a turn: a page stays alive, and a signal can be aborted. */
const TURN = 50;

const TAKEN = "an iterable of samples, a ReadableStream, Blob, Response, ArrayBuffer or Uint8Array of bytes, or a text";
const FIRST = { zip: [0x50, 0x4b, 0x03, 0x04], emptyZip: [0x50, 0x4b, 0x05, 0x06], gzip: [0x1f, 0x8b] };
const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/**
 * Opens `source`, or throws an OptionError where it is nothing that samples can be read from. `unzipper` is used if it
 * turns out to be an archive.
 */
export function openSource(source, format, unzipper) {
  const { items, feed } = inputOf(source);
  return new Source(items, feed, format, unzipper);
}

/** Pieces in turn, and how far reading has got. */
class Source {
  /** Once the first piece is there: whether the pieces are packed objects, and the format that is known of text. */
  packed = false;
  format;
  /** Once the end is there: whether it was compressed and broke off. */
  brokenOff = false;
  bytesRead = 0;
  bytesTotal;
  #items;
  #feed;
  #unzipper;
  #pieces;
  #turn = performance.now();

  constructor(items, feed, format, unzipper) {
    this.#items = items;
    this.#feed = feed;
    this.#unzipper = unzipper;
    this.format = format;
    this.bytesTotal = feed?.total;
  }

  /** The next piece, `undefined` at the end. It holds until the next call. */
  async next() {
    if (performance.now() - this.#turn >= TURN) {
      await turn();
      this.#turn = performance.now();
    }
    try {
      this.#pieces ??= await this.#open();
      const { done, value } = await this.#pieces.next();
      // An archive is not read to its end.
      if (done) this.cancel();
      return value;
    } catch (error) {
      this.cancel();
      throw error;
    }
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
    return this.#unpacked(this.#counted());
  }

  async *#counted() {
    for (let chunk; (chunk = await this.#feed.next()) !== undefined; ) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        this.bytesRead += piece.length;
        // What a server told of the length may have been that of another form.
        if (this.bytesRead > this.bytesTotal) this.bytesTotal = undefined;
        yield piece;
      }
    }
  }

  /** The text in `pieces`: they may be compressed. */
  async #unpacked(pieces) {
    const brokeOff = () => (this.brokenOff = true);
    const [head, all] = await withHead(pieces);
    if (begins(head, FIRST.zip) || begins(head, FIRST.emptyZip)) {
      if ((this.format ?? "apple-health") !== "apple-health") {
        throw unfit(`\`source\` is a zip archive: only an Apple Health export is looked for in one, and \`format\` is "${this.format}"`);
      }
      this.format = "apple-health";
      return unzip(all, this.#unzipper, brokeOff);
    }
    if (begins(head, FIRST.gzip)) {
      // An inflater may come to a piece later.
      const [inner, text] = await withHead(gunzip(this.#feed.reuses ? kept(all) : all, brokeOff));
      return plain(inner, text);
    }
    return plain(head, all);
  }
}

/** Pieces that stay as they are when the next one is read. */
async function* kept(pieces) {
  for await (const piece of pieces) yield piece.slice();
}

/** Bytes that are text by themselves. */
function plain(head, pieces) {
  if (UTF_16.some((mark) => begins(head, mark))) throw unfit("`source` is a text in UTF-16; save it as UTF-8");
  return pieces;
}

/** Enough of the beginning to tell what it is, and everything. */
async function withHead(pieces) {
  let head = new Uint8Array(0);
  let done = false;
  while (head.length < 4 && !done) {
    const piece = await pieces.next();
    done = piece.done;
    if (done) break;
    // A short one is joined with what is read next, when it no longer holds.
    head = head.length > 0 ? joined(head, piece.value) : piece.value.length < 4 ? piece.value.slice() : piece.value;
  }
  async function* all() {
    if (head.length > 0) yield head;
    yield* pieces;
  }
  return [head, all()];
}

function begins(bytes, first) {
  return first.every((byte, index) => bytes[index] === byte);
}

/** What `source` gives: items that are looked at first, or bytes for certain. */
function inputOf(source) {
  if (typeof source === "string") return { feed: feedOfText(source) };
  const bytes = bytesOf(source);
  if (bytes !== undefined) return { feed: feedOfBytes(bytes) };
  if (isBlob(source)) return { feed: feedOfBlob(source, PIECE) };
  if (isResponse(source)) return inputOfResponse(source);
  const items = itemsOf(source);
  if (items === undefined) throw unfit(`\`source\` must be ${TAKEN}; it is ${nameOf(source)}`);
  return { items };
}

/** Says what kind of value came, and not which. */
function nameOf(value) {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return typeof value.then === "function" ? "a promise; await it first" : "an object that is none of these";
}

function unfit(message) {
  return new OptionError("source", message);
}

// Other realms and polyfills have classes of their own, so it is asked what a value can do, not what it is.

/** A view of this realm, of bytes that are there; texts in pieces are bytes to be. */
function bytesOf(value) {
  if (typeof value === "string") return value;
  const isView = ArrayBuffer.isView(value);
  if (!isView && !/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value))) return undefined;
  try {
    return isView ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
  } catch {
    throw unfit("`source` has a buffer that is detached: it was given to somebody else");
  }
}

function isBlob(value) {
  return typeof value?.slice === "function" && typeof value.arrayBuffer === "function" && typeof value.size === "number";
}

function isResponse(value) {
  return typeof value?.status === "number" && typeof value.arrayBuffer === "function" && "body" in value;
}

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

/** Whatever comes one by one: `next()` as iterators have it, and `cancel()` for who stops early. */
function itemsOf(source) {
  if (typeof source?.getReader === "function") return itemsOfStream(source);
  const isAsync = typeof source?.[Symbol.asyncIterator] === "function";
  const isStream = isAsync && typeof source.pipe === "function";
  if (!isAsync && typeof source?.[Symbol.iterator] !== "function") return undefined;
  let iterator;
  let open = true;
  return {
    isAsync,
    isStream,
    next() {
      if (!open) return { done: true };
      iterator ??= isAsync ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
      try {
        const item = iterator.next();
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

  function seen(item) {
    if (typeof item !== "object" || item === null) throw new TypeError("an iterator must give objects");
    if (item.done) open = false;
    return item;
  }
  function failed(error) {
    open = false;
    throw error;
  }
}

function itemsOfStream(stream) {
  if (stream.locked) throw unfit("`source` is a ReadableStream that is locked: somebody else reads it");
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
    if (open) quietly(() => reader.releaseLock());
    open = false;
  }
}

/** What goes wrong while letting go of something is nobody's concern. */
function quietly(act) {
  try {
    act()?.then?.(undefined, () => {});
  } catch {
    // See above.
  }
}

/** Feeds give bytes: `next()` a chunk of any length or `undefined`, `total` where it is known. */
function feedOfBytes(bytes) {
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
  return (text, isLast) => {
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

function feedOfItems(items, first) {
  const encode = encoder();
  return {
    async next() {
      const item = first ?? (await items.next());
      first = undefined;
      if (item.done) {
        const rest = encode("", true);
        return rest.length > 0 ? rest : undefined;
      }
      const bytes = bytesOf(item.value);
      if (bytes === undefined) throw unfit("`source` gave bytes at first, and then something else");
      return typeof bytes === "string" ? encode(bytes) : bytes;
    },
    cancel: items.cancel,
  };
}

/** Pieces of packed objects, at least one. */
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

/** A turn of the event loop. Timers would wait: in nested calls, and for a second in a page that is not seen. */
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
