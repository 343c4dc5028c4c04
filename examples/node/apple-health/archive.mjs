// A zip archive as a phone streams it: each entry is deflated, and its sizes follow it (APPNOTE.TXT 4.3.9, 4.4.4 bit
// 3).

import { constants, createDeflateRaw, crc32 } from "node:zlib";

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
/** The sizes are in a data descriptor, and the name is UTF-8. */
const FLAGS = 0x0808;
const VERSION = 20;
/** 16 June 2025, 8:12, in DOS form. */
const TIME = (8 << 11) | (12 << 5);
const DATE = ((2025 - 1980) << 9) | (6 << 5) | 16;
/** The largest size and offset without Zip64. */
const MOST = 0xffff_ffff;

/** Yields the archive in pieces. `entries` are pairs of a name and an iterable of pieces of its bytes. */
export async function* archive(entries) {
  let offset = 0;
  const done = [];
  for (const [name, pieces] of entries) {
    const entry = { name: Buffer.from(name), offset, crc: 0, size: 0, compressed: 0 };
    const local = header(LOCAL, [[2, VERSION], ...unknown()], entry.name, []);
    yield local;
    for await (const piece of deflated(pieces, entry)) yield piece;
    const descriptor = fields([[4, DESCRIPTOR], [4, entry.crc], [4, entry.compressed], [4, entry.size]]);
    yield descriptor;
    offset += local.length + entry.compressed + descriptor.length;
    if (entry.size > MOST || offset > MOST) throw new RangeError("an archive of more than 4 GB");
    done.push(entry);
  }
  const start = offset;
  for (const { name, offset: at, crc, size, compressed } of done) {
    const tail = [[2, 0], [2, 0], [2, 0], [4, 0], [4, at]];
    const central = header(CENTRAL, [[2, VERSION], [2, VERSION], ...unknown(crc, compressed, size)], name, tail);
    yield central;
    offset += central.length;
  }
  yield fields([[4, END], [2, 0], [2, 0], [2, done.length], [2, done.length], [4, offset - start], [4, start], [2, 0]]);
}

/** The fields from the flags to the sizes. The last three are unknown in a local header. */
function unknown(crc = 0, compressed = 0, size = 0) {
  return [[2, FLAGS], [2, DEFLATED], [2, TIME], [2, DATE], [4, crc], [4, compressed], [4, size]];
}

function header(signature, before, name, after) {
  return Buffer.concat([fields([[4, signature], ...before, [2, name.length], [2, 0], ...after]), name]);
}

/** Encodes numbers, each with its size in bytes, in little-endian order. */
function fields(list) {
  const bytes = Buffer.alloc(list.reduce((sum, [length]) => sum + length, 0));
  let at = 0;
  for (const [length, value] of list) at = bytes.writeUIntLE(value, at, length);
  return bytes;
}

async function* deflated(pieces, entry) {
  const deflate = createDeflateRaw({ level: constants.Z_BEST_SPEED, chunkSize: 1 << 18 });
  const feeding = feed(deflate, pieces, entry).catch((error) => deflate.destroy(error));
  for await (const piece of deflate) {
    entry.compressed += piece.length;
    yield piece;
  }
  await feeding;
}

async function feed(deflate, pieces, entry) {
  for (const piece of pieces) {
    entry.crc = crc32(piece, entry.crc);
    entry.size += piece.length;
    if (!deflate.write(piece)) await new Promise((resolve) => deflate.once("drain", resolve));
  }
  deflate.end();
}
