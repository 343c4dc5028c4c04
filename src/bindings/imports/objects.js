// Packs objects into columns that Rust reads, without a call and without a text for each sample. A sample that fits into no
// column is written field by field, so that Rust reports about it the same as in JSON.
//
// A piece, little-endian, the columns always ROWS long:
//
//   u32 rows, u32 length of the dates
//   f64 value     of each row
//   u32 kind      of each row: its number, in the order in which kinds came; ODD where the row is among the rest
//   u8 × 2        of each row: how long its start and its end are in the dates; ABSENT; INSTANT where it is among the rest
//   dates         one after the other, in ASCII
//   rest          row by row: of a new kind device_name, device_version and unit; of an instant an f64; of an odd row the
//                 six fields and the name of an unknown one, or NO_OBJECT, NO_TEXT or TOO_LONG alone
//
// A field in the rest is a tag, followed by a u32 with the length and UTF-8 after TEXT, and by an f64 after NUMBER.

import { isText, millisOf } from "./options.js";

const ROWS = 4096;
const VALUES_AT = 8;
const KINDS_AT = VALUES_AT + ROWS * 8;
const LENGTHS_AT = KINDS_AT + ROWS * 4;
const DATES_AT = LENGTHS_AT + ROWS * 2;

const ODD = 0xffff_ffff;
const INSTANT = 0xff;
const ABSENT = 0xfe;

const NOTHING = 0;
const NULL = 1;
const TEXT = 2;
const NUMBER = 3;
const OTHER = 4;
const NO_OBJECT = 5;
/** A text of the sample has half a surrogate pair, and cannot be written in UTF-8. */
const NO_TEXT = 6;
/** A text of the sample has more code units than any that can be sent. */
const TOO_LONG = 7;
const LONGEST_TEXT = 1 << 20;

/** The filling of a date that cannot be written in UTF-8, and of one that can, but is no date. */
const NO_TEXT_BYTE = 0xff;
const NO_DATE_BYTE = 0x3f;

/** The longest text among the dates; a proper date has 35 characters at most. */
const DATE_SIZE = 64;
/** The most that all dates, and the rest, may take: a piece is full when either is reached. */
const DATES_SIZE = ROWS * 80;
const REST_SIZE = 1 << 20;

/** @type {unknown[]} */
const UNITS = ["count", "count/min", "count/s"];

const utf8 = new TextEncoder();

/** A sample may have anything in any field. @typedef {Record<string, unknown>} Sample */

/** Collects samples into pieces. */
export class Packer {
  rows = 0;
  #bytes = new Uint8Array(DATES_AT + DATES_SIZE);
  #head = new Uint32Array(this.#bytes.buffer, 0, 2);
  #values = new Float64Array(this.#bytes.buffer, VALUES_AT, ROWS);
  #kinds = new Uint32Array(this.#bytes.buffer, KINDS_AT, ROWS);
  #lengths = new Uint8Array(this.#bytes.buffer, LENGTHS_AT, ROWS * 2);
  #dates = "";
  #rest = new Rest();
  #known = new Kinds();

  /** Adds a sample, whatever it is; returns whether the piece is full. @param {unknown} given */
  add(given) {
    const row = this.rows++;
    let kind = ODD;
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      this.#rest.tag(NO_OBJECT);
    } else {
      const sample = /** @type {Sample} */ (given);
      // Each field is read once: it may be a getter.
      const { device_name, device_version, start_date, end_date, unit, value } = sample;
      const start = dateOf(start_date);
      const end = end_date === undefined || end_date === null ? null : dateOf(end_date);
      const fits = typeof value === "number" && start !== undefined && end !== undefined && hasKnownKeys(sample);
      if (fits) kind = this.#known.numberOf(device_name, device_version ?? undefined, unit, this.#rest);
      if (kind !== ODD) {
        // It has a kind, so it fits.
        this.#values[row] = /** @type {number} */ (value);
        this.#addDate(row * 2, /** @type {string | number} */ (start));
        this.#addDate(row * 2 + 1, /** @type {string | number | null} */ (end));
      } else {
        const fields = [device_name, device_version, givenDate(start_date), givenDate(end_date), unit, value, unknownKeyOf(sample)];
        if (fields.some(isTooLong)) this.#rest.tag(TOO_LONG);
        else if (fields.every(isWritable)) for (const field of fields) this.#rest.field(field);
        else this.#rest.tag(NO_TEXT);
      }
    }
    this.#kinds[row] = kind;
    if (kind === ODD) this.#lengths.fill(ABSENT, row * 2, row * 2 + 2);
    return this.rows === ROWS || this.#dates.length > DATES_SIZE - 2 * DATE_SIZE || this.#rest.size > REST_SIZE;
  }

  /** All samples since the last call. The bytes are valid until the next one. */
  take() {
    const size = this.#dates.length;
    this.#head[0] = this.rows;
    this.#head[1] = size;
    const { read, written } = utf8.encodeInto(this.#dates, this.#bytes.subarray(DATES_AT));
    if (read !== size || written !== size) this.#writeDates();
    const columns = this.#bytes.subarray(0, DATES_AT + size);
    const rest = this.#rest.take();
    this.rows = 0;
    this.#dates = "";
    if (rest.length === 0) return columns;
    const piece = new Uint8Array(columns.length + rest.length);
    piece.set(columns);
    piece.set(rest, columns.length);
    return piece;
  }

  /** @param {number} at @param {string | number | null} date */
  #addDate(at, date) {
    if (typeof date === "string") {
      this.#lengths[at] = date.length;
      this.#dates += date;
    } else if (date === null) {
      this.#lengths[at] = ABSENT;
    } else {
      this.#lengths[at] = INSTANT;
      this.#rest.number(date);
    }
  }

  /** Writes dates one by one, as some are not ASCII: these are no dates anyway, and are replaced by a filling of the same length. */
  #writeDates() {
    const dates = this.#bytes.subarray(DATES_AT);
    let at = 0;
    for (const length of this.#lengths.subarray(0, this.rows * 2)) {
      if (length > DATE_SIZE) continue;
      const date = this.#dates.slice(at, at + length);
      if (/[^\0-\x7f]/.test(date)) dates.fill(isWritable(date) ? NO_DATE_BYTE : NO_TEXT_BYTE, at, at + length);
      else utf8.encodeInto(date, dates.subarray(at));
      at += length;
    }
  }
}

/** What samples have in common: device, version and unit. */
class Kinds {
  /** @type {Map<unknown, Map<unknown, Map<unknown, number>>>} */
  #numbers = new Map();
  #count = 0;
  // Most samples are of the same kind as the one before.
  #name = /** @type {unknown} */ (undefined);
  #version = /** @type {unknown} */ (undefined);
  #unit = /** @type {unknown} */ (undefined);
  #number = ODD;

  /**
   * The kind's number; a new kind is written to `rest` as well. ODD where no sample can be of this kind.
   * @type {(name: unknown, version: unknown, unit: unknown, rest: Rest) => number}
   */
  numberOf(name, version, unit, rest) {
    if (name === this.#name && version === this.#version && unit === this.#unit) return this.#number;
    const number = this.#numbers.get(name)?.get(version)?.get(unit) ?? this.#add(name, version, unit, rest);
    this.#name = name;
    this.#version = version;
    this.#unit = unit;
    this.#number = number;
    return number;
  }

  /** @type {(name: unknown, version: unknown, unit: unknown, rest: Rest) => number} */
  #add(name, version, unit, rest) {
    if (!isFilled(name) || !(version === undefined || isFilled(version)) || !UNITS.includes(unit)) return ODD;
    const versions = this.#numbers.get(name) ?? new Map();
    this.#numbers.set(name, versions);
    versions.set(version, (versions.get(version) ?? new Map()).set(unit, this.#count));
    for (const field of [name, version, unit]) rest.field(field);
    return this.#count++;
  }
}

/** @param {unknown} text */
function isFilled(text) {
  return text !== "" && isText(text) && !isTooLong(text);
}

/** @param {unknown} value */
function isTooLong(value) {
  return typeof value === "string" && value.length > LONGEST_TEXT;
}

/** Whether it can be written in UTF-8, if it is a text. @param {unknown} value */
function isWritable(value) {
  return typeof value !== "string" || isText(value);
}

/** Whether a sample has known keys only: first in a way that makes no array, but finds inherited keys as well. @param {Sample} sample */
function hasKnownKeys(sample) {
  for (const key in sample) if (!isKnown(key)) return unknownKeyOf(sample) === undefined;
  return true;
}

/** @param {string} key */
function isKnown(key) {
  switch (key) {
    case "device_name":
    case "device_version":
    case "start_date":
    case "end_date":
    case "unit":
    case "value":
      return true;
    default:
      return false;
  }
}

/** The first own key that is unknown; a key whose value is `undefined` counts as absent. @param {Sample} sample */
function unknownKeyOf(sample) {
  return Object.keys(sample).find((key) => !isKnown(key) && sample[key] !== undefined);
}

/** A date that fits into the columns: a text or milliseconds. @param {unknown} given */
function dateOf(given) {
  if (typeof given === "string") return given.length <= DATE_SIZE ? given : undefined;
  if (typeof given === "number") return given;
  const millis = millisOf(given);
  return Number.isNaN(millis) ? undefined : millis;
}

/** A date as a field; an invalid one is a text that is no date. @param {unknown} given */
function givenDate(given) {
  const millis = millisOf(given);
  if (millis === undefined) return given;
  return Number.isNaN(millis) ? "Invalid Date" : millis;
}

/** Bytes that grow. */
class Rest {
  size = 0;
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);

  /** @param {number} tag */
  tag(tag) {
    this.#reserve(1);
    this.#bytes[this.size++] = tag;
  }

  /** @param {number} number */
  number(number) {
    this.#reserve(8);
    this.#view.setFloat64(this.size, number, true);
    this.size += 8;
  }

  /** @param {unknown} value */
  field(value) {
    if (typeof value === "string") {
      this.tag(TEXT);
      this.#text(value);
    } else if (typeof value === "number") {
      this.tag(NUMBER);
      this.number(value);
    } else {
      this.tag(value === undefined ? NOTHING : value === null ? NULL : OTHER);
    }
  }

  /** All bytes; they are valid until something is added. */
  take() {
    const taken = this.#bytes.subarray(0, this.size);
    this.size = 0;
    return taken;
  }

  /** @param {string} text */
  #text(text) {
    // A code unit becomes three bytes at most.
    this.#reserve(4 + 3 * text.length);
    const at = this.size + 4;
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(at));
    this.#view.setUint32(this.size, written, true);
    this.size = at + written;
  }

  /** @param {number} more */
  #reserve(more) {
    const least = this.size + more;
    if (least <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * least);
    bytes.set(this.#bytes.subarray(0, this.size));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
