// The records that a consumer has, from whatever it gives: read once, in chunks, of which only what is missing is kept.

import { optionError } from "./errors.js";
import { quietly } from "./quietly.js";
import { keysOf } from "./records.js";
import { nextTurn } from "./turn.js";

/** Records in a chunk. */
const CHUNK = 1000;
/** After so many milliseconds of work the event loop has a turn, so that a signal can be aborted. */
const TURN = 50;

/** What identifies a record. @typedef {{ id: string, humanId: string }} KnownRecord */

/** Throws an OptionError where no records can be read from `known`. @param {any} known */
export function openKnown(known) {
  const isAsync = typeof known?.[Symbol.asyncIterator] === "function";
  if (!isAsync && (typeof known !== "object" || typeof known?.[Symbol.iterator] !== "function")) {
    throw optionError("known", "`known` must be an iterable or async iterable of { id, humanId }, such as an array or a generator");
  }
  return new Known(known, isAsync);
}

/** Chunks in turn, and what is kept of them. */
class Known {
  /** What is kept. They are copies: a consumer may give the same object again with another record in it. @type {KnownRecord[]} */
  kept = [];
  #source;
  #isAsync;
  /** @type {any} */
  #iterator;
  #isOpen = true;
  /** How many records came. */
  #count = 0;
  /** @type {KnownRecord[]} */
  #chunk = [];
  #turn = performance.now();

  /** @param {any} source @param {boolean} isAsync */
  constructor(source, isAsync) {
    this.#source = source;
    this.#isAsync = isAsync;
  }

  /** The next chunk, as their keys and persons, each with a zero after it; `undefined` at the end. */
  async next() {
    if (performance.now() - this.#turn >= TURN) {
      await nextTurn();
      this.#turn = performance.now();
    }
    this.#chunk = [];
    try {
      while (this.#isOpen && this.#chunk.length < CHUNK) {
        this.#iterator ??= this.#iterate();
        const item = this.#isAsync ? await this.#iterator.next() : this.#iterator.next();
        if (typeof item !== "object" || item === null) throw new TypeError("an iterator must give objects");
        if (item.done) this.#isOpen = false;
        else this.#chunk.push(this.#read(item.value));
      }
    } catch (error) {
      this.cancel();
      throw error;
    }
    return this.#chunk.length > 0 ? keysOf(this.#chunk, true) : undefined;
  }

  /** Keeps the records of the last chunk at these indices. @param {Uint32Array} indices */
  keep(indices) {
    for (const index of indices) this.kept.push(/** @type {KnownRecord} */ (this.#chunk[index]));
  }

  /** Goes over what was kept, and keeps nothing of it yet. */
  narrow() {
    this.#source = this.kept;
    this.#isAsync = false;
    this.#iterator = undefined;
    this.#isOpen = true;
    this.#count = 0;
    this.kept = [];
  }

  /** Tells the consumer that no more is needed, unless all of it was read; also while a record is awaited. */
  cancel() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    quietly(() => (this.#iterator ??= this.#iterate()).return?.());
  }

  #iterate() {
    return this.#source[this.#isAsync ? Symbol.asyncIterator : Symbol.iterator]();
  }

  /** A copy of a record, checked. @param {any} record @returns {KnownRecord} */
  #read(record) {
    const name = `known[${this.#count}]`;
    const { id, humanId } = record ?? {};
    // Ids may be unique for each person only, so one without its person would be found nowhere, and reported as missing.
    if (typeof id !== "string" || typeof humanId !== "string" || humanId === "") {
      throw optionError(name, `\`${name}\` must have \`id\` and \`humanId\`, both texts, and neither of them empty: \`id\` alone may be that of several people's records, so leave records without \`humanId\` out`);
    }
    const known = { id, humanId };
    // Without an id that tells it from others, a record would be known by its content, which is not here.
    if (id === "" || id.includes("\ufffd")) {
      throw optionError(name, `\`${name}\` has an id that is empty or damaged (U+FFFD), so it cannot be looked for; leave the record out`);
    }
    this.#count += 1;
    return known;
  }
}
