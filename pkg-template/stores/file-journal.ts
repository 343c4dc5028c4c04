// The bytes of a value's file: a journal, to which each new value is appended as a record. Decision 14 says why it is
// as it is.
//
//   line      where the name is a hash: the key (file-names.ts)
//   head      24 bytes: 3 of a value of this package ("HS" and its kind), or "HSj" before anything else; 0xff, which
//             earlier versions of the package take for the version of a later one; "journal"; the version of this
//             format; 8 random bytes, the journal's id; their check. Zeros up to the next multiple of 512.
//   records   a value each, in pieces of 492 bytes, each in a sector of 512
//   sector    check · number of the record · place of the piece (4 bytes each, little-endian) · bytes of the whole value
//             (8), then the piece; zeros after the last one
//
// A disk writes whole sectors, and files grow by zeros. So after a crash, each sector of a record that was being written
// is what was to be written, or blank, or beyond the file's end. Anything else is damage.

import { randomBytes } from "node:crypto";

export const SECTOR = 512;
const SECTOR_HEAD = 20;
/** All numbers of records have these bits. A sector with a single byte that is not zero would be blank if that one changed. */
const NUMBER_BITS = 0x01000001;
const PIECE = SECTOR - SECTOR_HEAD;

const OWN = [0x48, 0x53];
const OTHER = [...OWN, 0x6a];
/** What all journals have in common, from the fourth byte on. */
const MAGIC = [0xff, ...new TextEncoder().encode("journal")];
/** Of those and of "HS", how many may have changed for it to be a damaged journal, and not a value as a whole. */
const MOST_CHANGED = 2;
const FORMAT = 1;
const FORMAT_AT = OTHER.length + MAGIC.length;
const ID_AT = FORMAT_AT + 1;
const CHECK_AT = ID_AT + 8;
export const HEAD = CHECK_AT + 4;

/** A file's beginning: of a value as a whole, of a journal, of one of a later version, or of a damaged one. */
export type Beginning = { readonly kind: "whole" } | { readonly kind: "newer" } | { readonly kind: "damaged" } | Head;

export interface Head {
  readonly kind: "journal";
  /** The first bytes of its values. */
  readonly mark: Uint8Array;
  readonly id: Uint8Array;
  /** Where the first record is. */
  readonly start: number;
}

/** A value in bytes, and the number by which it can be found. */
export interface JournalRecord {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** A new journal with one value, and its id. */
export function journalOf(line: string, value: Uint8Array): { bytes: Uint8Array; id: Uint8Array } {
  const start = startOf(line);
  const id = new Uint8Array(randomBytes(8));
  const bytes = new Uint8Array(start + lengthOf(value.length));
  bytes.set(Buffer.from(line, "latin1"));
  const head = bytes.subarray(line.length, line.length + HEAD);
  head.set(markOf(value));
  head.set(MAGIC, OTHER.length);
  head[FORMAT_AT] = FORMAT;
  head.set(id, ID_AT);
  viewOf(head).setUint32(CHECK_AT, checkOf(head, 0, CHECK_AT, 0), true);
  writeRecord(bytes.subarray(start), id, value);
  return { bytes, id };
}

/** A value as a record of the journal with that id. */
export function recordOf(id: Uint8Array, value: Uint8Array): JournalRecord {
  const bytes = new Uint8Array(lengthOf(value.length));
  return { number: writeRecord(bytes, id, value), bytes };
}

/** How long a record is. */
export function lengthOf(valueLength: number): number {
  return piecesOf(valueLength) * SECTOR;
}

/** Whether a value may be appended to the journal. Earlier versions know what a value is for by the journal's mark. */
export function fits({ mark }: Head, value: Uint8Array): boolean {
  return markOf(value).every((byte, index) => byte === mark[index]);
}

/** What begins after the line, from its first `HEAD` bytes, or all where there are fewer. */
export function beginningOf(bytes: Uint8Array, line: string): Beginning {
  const head = bytes.subarray(0, HEAD);
  const changed = changedIn(head);
  if (head.length === 0 || changed > (head.length < HEAD ? 0 : MOST_CHANGED)) return { kind: "whole" };
  if (head.length < CHECK_AT) return { kind: "damaged" };
  const isMarked = changed === 0;
  if (isMarked && head[FORMAT_AT]! > FORMAT) return { kind: "newer" };
  const isWhole = isMarked && head.length === HEAD && head[FORMAT_AT] === FORMAT && viewOf(head).getUint32(CHECK_AT, true) === checkOf(head, 0, CHECK_AT, 0);
  if (!isWhole) return { kind: "damaged" };
  return { kind: "journal", mark: head.slice(0, OTHER.length), id: head.slice(ID_AT, CHECK_AT), start: startOf(line) };
}

/**
 * Whether what follows another beginning than that of a journal is its first record: then the beginning was lost. Without
 * the journal's id its check cannot be told, so that it is known by its shape.
 */
export function isRecord(bytes: Uint8Array): boolean {
  if (bytes.length < SECTOR) return false;
  const { number, place, length } = fieldsAt(bytes, 0);
  const isFirst = place === 0 && (number & NUMBER_BITS) === NUMBER_BITS && lengthOf(length) <= bytes.length;
  return isFirst && isBlank(bytes.subarray(SECTOR_HEAD + length, SECTOR));
}

/** How many bytes of a beginning are not those of a journal. */
function changedIn(head: Uint8Array): number {
  return [...OWN, undefined, ...MAGIC].filter((byte, index) => byte !== undefined && index < head.length && byte !== head[index]).length;
}

/** The value of the record that ends with `bytes`, or how many bytes before them it begins; undefined where none does. */
export function recordAtEnd(bytes: Uint8Array, id: Uint8Array): { value: Uint8Array<ArrayBuffer> } | { missing: number } | undefined {
  const last = sectorAt(bytes, bytes.length - SECTOR, seedOf(id));
  if (typeof last === "string" || last.place !== piecesOf(last.length) - 1) return undefined;
  const missing = lengthOf(last.length) - bytes.length;
  if (missing > 0) return { missing };
  const value = valueAt(bytes, -missing, seedOf(id));
  return value && { value };
}

/** The last value of `records`, which are all that comes after the head; "damaged" where it may not be there any more. */
export function lastValueOf(records: Uint8Array, id: Uint8Array): Uint8Array<ArrayBuffer> | "damaged" {
  const seed = seedOf(id);
  let isUnfinished = true;
  for (let end = records.length - (records.length % SECTOR); end > 0; end -= SECTOR) {
    const sector = sectorAt(records, end - SECTOR, seed);
    if (sector === "damaged") isUnfinished = false;
    if (typeof sector === "string" || sector.place !== piecesOf(sector.length) - 1) continue;
    const value = valueAt(records, end - lengthOf(sector.length), seed);
    // What follows it was never acknowledged, where it is but unfinished. Where it is not, it may have been.
    if (value !== undefined) return isUnfinished ? value : "damaged";
  }
  return "damaged";
}

/** Where in `records`, which begin where a sector does, the whole record of that number is; undefined where it is not. */
export function findRecord(records: Uint8Array, id: Uint8Array, number: number): number | undefined {
  const seed = seedOf(id);
  for (let start = 0; start + SECTOR <= records.length; start += SECTOR) {
    const sector = sectorAt(records, start, seed);
    if (typeof sector === "string" || sector.number !== number || sector.place !== 0) continue;
    return valueAt(records, start, seed) && start;
  }
  return undefined;
}

/** Where the first record of a journal is. */
export function startOf(line: string): number {
  return Math.ceil((line.length + HEAD) / SECTOR) * SECTOR;
}

function markOf(value: Uint8Array): Uint8Array {
  const isOwn = value.length >= OTHER.length && OWN.every((byte, index) => byte === value[index]);
  return isOwn ? value.subarray(0, OTHER.length) : Uint8Array.from(OTHER);
}

/** An empty value has one as well. */
function piecesOf(valueLength: number): number {
  return Math.max(1, Math.ceil(valueLength / PIECE));
}

function writeRecord(bytes: Uint8Array, id: Uint8Array, value: Uint8Array): number {
  const seed = seedOf(id);
  const number = (randomBytes(4).readUInt32LE() | NUMBER_BITS) >>> 0;
  const view = viewOf(bytes);
  for (let place = 0; place * SECTOR < bytes.length; place++) {
    const start = place * SECTOR;
    view.setUint32(start + 4, number, true);
    view.setUint32(start + 8, place, true);
    view.setBigUint64(start + 12, BigInt(value.length), true);
    bytes.set(value.subarray(place * PIECE, (place + 1) * PIECE), start + SECTOR_HEAD);
    view.setUint32(start, checkOf(bytes, start + 4, start + SECTOR, seed), true);
  }
  return number;
}

interface Sector {
  readonly number: number;
  readonly place: number;
  readonly length: number;
}

function sectorAt(bytes: Uint8Array, start: number, seed: number): Sector | "blank" | "damaged" {
  const sector = fieldsAt(bytes, start);
  if (sector.number === 0 && isBlank(bytes.subarray(start, start + SECTOR))) return "blank";
  return viewOf(bytes).getUint32(start, true) === checkOf(bytes, start + 4, start + SECTOR, seed) ? sector : "damaged";
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** What a sector that begins there says, whether it is right or not. */
function fieldsAt(bytes: Uint8Array, start: number): Sector {
  const view = viewOf(bytes);
  return { number: view.getUint32(start + 4, true), place: view.getUint32(start + 8, true), length: Number(view.getBigUint64(start + 12, true)) };
}

/** The value of the whole record that begins there; undefined where none does. */
function valueAt(bytes: Uint8Array, start: number, seed: number): Uint8Array<ArrayBuffer> | undefined {
  const first = start < 0 ? "damaged" : sectorAt(bytes, start, seed);
  if (typeof first === "string" || start + lengthOf(first.length) > bytes.length) return undefined;
  const value = new Uint8Array(first.length);
  for (let place = 0; place < piecesOf(first.length); place++) {
    const at = start + place * SECTOR;
    const sector = sectorAt(bytes, at, seed);
    if (typeof sector === "string" || sector.number !== first.number || sector.place !== place || sector.length !== first.length) return undefined;
    value.set(bytes.subarray(at + SECTOR_HEAD, at + SECTOR_HEAD + Math.min(PIECE, first.length - place * PIECE)), place * PIECE);
  }
  return value;
}

/** Of one journal: what is left on a disk of another one is no part of it. */
function seedOf(id: Uint8Array): number {
  return checkOf(id, 0, id.length, 0);
}

/**
 * A sum of words of 4 bytes. Each step is a bijection of the sum so far, so that a change within one word always changes
 * it. It finds damage, and is no protection from malice.
 */
function checkOf(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const view = viewOf(bytes);
  let sum = seed;
  for (let at = start; at < end; at += 4) {
    sum = Math.imul(sum ^ view.getInt32(at, true), 0x9e3779b1);
    sum ^= sum >>> 15;
  }
  return sum >>> 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
