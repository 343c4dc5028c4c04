// Writes the bytes of a document in pieces. It makes no strings for records, so that it is as fast as a disk.

import { offsetAt } from "./time-zone.mjs";

const PIECE = 1 << 20;
/** The longest part that is written without a check for room: a record with its children. */
const MARGIN = 1 << 14;
const ZERO = 48;

export class ByteWriter {
  #piece = Buffer.allocUnsafeSlow(PIECE);
  #at = 0;
  #day = NaN;
  #dayText = Buffer.alloc(11);
  #zone = { from: 0, before: 0, seconds: 0 };

  /** The current piece if it is full; undefined as long as there is room for another record. */
  full() {
    return this.#at > PIECE - MARGIN ? this.take() : undefined;
  }

  /** Returns the bytes that have not been taken yet. */
  take() {
    const taken = this.#piece.subarray(0, this.#at);
    this.#piece = Buffer.allocUnsafeSlow(PIECE);
    this.#at = 0;
    return taken;
  }

  /** The position of the next byte, which is valid until the next `take`. */
  get mark() {
    return this.#at;
  }

  /** Removes the bytes since `mark`. */
  back(mark) {
    this.#at = mark;
  }

  /** Writes the bytes since `mark` again. */
  repeat(mark) {
    const length = this.#at - mark;
    this.#piece.copy(this.#piece, this.#at, mark, this.#at);
    this.#at += length;
  }

  bytes(bytes) {
    this.#piece.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  text(text) {
    this.#at += this.#piece.write(text, this.#at);
  }

  /** Writes a non-negative integer. */
  integer(number) {
    let length = 1;
    for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) length++;
    this.#digits(number, length);
  }

  /** Writes `units` divided by `10 ** digits`: `decimal(12345, 3)` is 12.345. */
  decimal(units, digits) {
    const one = 10 ** digits;
    const whole = Math.floor(units / one);
    this.integer(whole);
    this.#piece[this.#at++] = 46; // .
    this.#digits(units - whole * one, digits);
  }

  #digits(number, length) {
    let rest = number;
    for (let at = this.#at + length - 1; at >= this.#at; at--) {
      const shorter = Math.floor(rest / 10);
      this.#piece[at] = ZERO + rest - shorter * 10;
      rest = shorter;
    }
    this.#at += length;
  }

  /** Writes a time, given in seconds since the epoch, as `2023-11-01 08:04:51 +0100`. */
  instant(seconds) {
    if (!(seconds >= this.#zone.from && seconds < this.#zone.before)) this.#zone = offsetAt(seconds);
    const local = seconds + this.#zone.seconds;
    const day = Math.floor(local / 86_400);
    if (day !== this.#day) {
      this.#dayText.write(`${new Date(day * 86_400_000).toISOString().slice(0, 10)} `);
      this.#day = day;
    }
    const piece = this.#piece;
    let at = this.#at;
    for (let index = 0; index < 11; index++) piece[at++] = this.#dayText[index];
    const second = local - day * 86_400;
    const hours = (second / 3600) | 0;
    const minutes = ((second - hours * 3600) / 60) | 0;
    at = pair(piece, at, hours);
    piece[at++] = 58; // :
    at = pair(piece, at, minutes);
    piece[at++] = 58;
    at = pair(piece, at, second - hours * 3600 - minutes * 60);
    piece[at++] = 32;
    piece[at++] = 43; // +
    at = pair(piece, at, this.#zone.seconds / 3600);
    at = pair(piece, at, 0);
    this.#at = at;
  }
}

function pair(piece, at, number) {
  const tens = (number / 10) | 0;
  piece[at] = ZERO + tens;
  piece[at + 1] = ZERO + number - tens * 10;
  return at + 2;
}
