// Compressed sources, inflated by the platform as they come: gzip files, and the archive that a phone makes of its health
// data. How an archive is built, and what the export in it looks like, is for Rust to know.

import { OptionError } from "./errors.js";

/** So much is inflated at once: where an inflater fails, what came of that piece may be lost. */
const PIECE = 4096;
/** So many reads are under way before anything is written: a stream that fails forgets what nobody has asked for. */
const AHEAD = 32;
/** So many milliseconds without anything new, and an inflater has given all that it can. */
const QUIET = 20;

/** The text of a gzip file. `brokeOff` is called at its end if it should go on. */
export async function* gunzip(pieces, brokeOff) {
  const inflater = new Inflater("gzip");
  try {
    for await (const piece of pieces) {
      for (const part of parts(piece)) {
        await inflater.write(part);
        yield* inflater.take();
      }
      if (inflater.failed) break;
    }
    await inflater.end();
    yield* inflater.take();
    if (inflater.failed) brokeOff();
  } finally {
    inflater.abort();
  }
}

/**
 * The text of the Apple Health export in an archive; what is behind it is not read. `zip` is Rust's reader of archives.
 * `brokeOff` is called at the end of the text if it should go on.
 */
export async function* unzip(pieces, zip, brokeOff) {
  let entry;
  let damage;
  try {
    for await (const event of eventsOf(pieces, zip)) {
      if (event instanceof Damage) {
        damage = event.message;
      } else if (typeof event === "boolean") {
        entry = new Entry(event ? new Inflater("deflate-raw") : new Stored(), zip);
      } else if (event === null) {
        await entry?.end();
        if (entry?.isExport) break;
        entry = undefined;
      } else {
        for (const part of parts(event)) {
          await entry?.write(part);
          yield* entry?.take() ?? [];
        }
        if (entry?.failed && entry.isExport) break;
        if (entry?.failed || entry?.isExport === false) {
          zip.skip();
          entry.abort();
          entry = undefined;
        }
      }
    }
    await entry?.end();
    if (!entry?.isExport) throw new OptionError("source", damage ?? nothingIn(zip.entries));
    yield* entry.take();
    if (entry.failed || damage !== undefined) brokeOff();
  } finally {
    entry?.abort();
  }
}

/** What is wrong with an archive. */
class Damage {
  constructor(message) {
    this.message = message;
  }
}

/** What `zip` tells, and at the end what is wrong. Errors of the source itself are not among it. */
async function* eventsOf(pieces, zip) {
  for await (const piece of pieces) {
    zip.feed(piece);
    for (let event; (event = told(() => zip.next())) !== undefined; ) {
      yield event;
      if (event instanceof Damage) return;
    }
  }
  const damage = told(() => zip.finish());
  if (damage !== undefined) yield damage;
}

function told(ask) {
  try {
    return ask();
  } catch (message) {
    if (typeof message !== "string") throw message;
    return new Damage(message);
  }
}

function nothingIn(entries) {
  const found = entries === 1 ? "1 file" : `${entries} files`;
  return `\`source\` is a zip archive without an Apple Health export.xml: there ${entries === 1 ? "is" : "are"} ${found} in it`;
}

/** A file in an archive that may be the export: its beginning tells. */
class Entry {
  /** `undefined` until it is known. */
  isExport;
  #content;
  #zip;
  #head = new Uint8Array(0);
  #ready = [];

  constructor(content, zip) {
    this.#content = content;
    this.#zip = zip;
  }

  get failed() {
    return this.#content.failed;
  }

  async write(part) {
    await this.#content.write(part);
    this.#look();
  }

  async end() {
    await this.#content.end();
    this.#look();
  }

  /** The text that there is by now; none before it is known to be the export's. */
  take() {
    return this.isExport ? this.#ready.splice(0) : [];
  }

  abort() {
    this.#content.abort();
  }

  #look() {
    for (const chunk of this.#content.take()) {
      if (this.isExport) this.#ready.push(chunk);
      if (this.isExport !== undefined) continue;
      this.#head = joined(this.#head, chunk);
      this.isExport = this.#zip.isExport(this.#head);
      this.#ready = [this.#head];
    }
  }
}

/** Content as it is. */
class Stored {
  failed = false;
  #chunks = [];

  write(part) {
    this.#chunks.push(part);
  }

  take() {
    return this.#chunks.splice(0);
  }

  end() {}

  abort() {}
}

/** The platform's inflater, used so that all that comes before a failure comes out. */
class Inflater {
  failed = false;
  #chunks = [];
  #count = 0;
  #writer;
  #ended;

  constructor(format) {
    const { readable, writable } = inflation(format);
    this.#writer = writable.getWriter();
    const reader = readable.getReader();
    const reads = Array.from({ length: AHEAD }, () => this.#read(reader));
    this.#ended = Promise.all(reads).catch(() => (this.failed = true));
    // Each failure is told by reads and writes as well.
    for (const { closed } of [this.#writer, reader]) closed.catch(() => {});
  }

  async #read(reader) {
    for (let chunk; !(chunk = await reader.read()).done; this.#count++) this.#chunks.push(chunk.value);
  }

  /** Inflates `part`; what came of it may be there a little later. */
  async write(part) {
    if (!this.failed) await this.#writer.write(part).catch(() => this.#ended);
  }

  take() {
    return this.#chunks.splice(0);
  }

  /** After it everything is there, and `failed` tells whether it is whole. */
  async end() {
    // Node takes what is written before it inflates it, and gives nothing of what it has not inflated when a stream is closed
    // too early. Nothing tells when it is done but that no more comes.
    for (let before; before !== this.#count && !this.failed; ) {
      before = this.#count;
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
    this.#writer.close().catch(() => {});
    await this.#ended;
  }

  abort() {
    this.#writer.abort().catch(() => {});
  }
}

function inflation(format) {
  try {
    return new DecompressionStream(format);
  } catch {
    throw new OptionError(
      "source",
      "`source` is compressed, and this engine cannot inflate it: Chrome and Edge can from 103, Firefox from 113, " +
        "Safari from 16.4, Node from 20.12; elsewhere inflate it before",
    );
  }
}

/** `bytes` in small pieces, each with a buffer of its own: streams take no shared ones. */
function* parts(bytes) {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.slice(at, at + PIECE);
}

export function joined(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
