// Reads sources of samples to their ends, and makes the data for sources.

import assert from "node:assert/strict";
import { openSource } from "../../../../src/bindings/imports/source.js";

export const MIB = 1 << 20;

/** The pieces that a source delivers, and the source. */
export async function read(input) {
  const source = openSource(input);
  const pieces = [];
  for (let piece; (piece = await source.next()) !== undefined; ) pieces.push(piece.slice());
  return { source, pieces, bytes: Buffer.concat(pieces) };
}

/** The error of constructing or reading a source. */
export async function errorOf(...args) {
  try {
    await read(...args);
  } catch (error) {
    return error;
  }
  return assert.fail("it was read");
}

export async function assertOptionError(input, message) {
  const error = await errorOf(input);
  assert.equal(error.name, "OptionError");
  assert.equal(error.option, "source");
  assert.match(error.message, message);
}

export function stream(chunks, more = {}) {
  const left = [...chunks];
  return new ReadableStream({ pull: (controller) => (left.length > 0 ? controller.enqueue(left.shift()) : controller.close()), ...more });
}

/** Bytes in chunks of `size`. */
export function* cut(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

export async function* later(items) {
  for (const item of items) {
    await undefined;
    yield item;
  }
}

/** The same bytes in memory that threads share. */
export function shared(bytes) {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
}
