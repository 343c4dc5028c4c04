// Bytes of a document, piece by piece, at the speed of a disk: no string is made for a record.

import { offsetAt } from "./time-zone.mjs";

const PIECE = 1 << 20;
/** The longest thing that is written without asking for room: a record with its children. */
const MARGIN = 1 << 14;
const ZERO = 48;

export class ByteWriter {
  #piece = Buffer.allocUnsafeSlow(PIECE);
  #at = 0;
  #day = NaN;
  #dayText = Buffer.alloc(11);
  #zone = { from: 0, before: 0, seconds: 0 };

  /** What is full and can be taken; undefined as long as there is room for one thing more. */
  full() {
    return this.#at > PIECE - MARGIN ? this.take() : undefined;
  }

  /** Everything written and not yet taken. */
  take() {
    const taken = this.#piece.subarray(0, this.#at);
    this.#piece = Buffer.allocUnsafeSlow(PIECE);
    this.#at = 0;
    return taken;
  }

  /** Where the next byte goes; until the next `take`. */
  get mark() {
    return this.#at;
  }

  /** Takes back what was written since `mark`. */
  back(mark) {
    this.#at = mark;
  }

  /** The bytes since `mark` once more. */
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

  /** A whole number, not negative. */
  integer(number) {
    let length = 1;
    for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) length++;
    this.#digits(number, length);
  }

  /** `units` of which `1e<digits>` are one: `decimal(12345, 3)` is 12.345. */
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

  /** `2023-11-01 08:04:51 +0100`, of seconds since the epoch. */
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
