// Values that tell their number and are of many lengths. A few of them fill a file, so that it is replaced.

export function valueOf(number) {
  const value = new Uint8Array(8 + ((number * 7919) % 24_000)).fill(number & 255);
  new DataView(value.buffer).setUint32(0, number);
  return value;
}

/** The number of a whole value; 0 of none, undefined of a damaged one. */
export function numberOf(value) {
  if (value === undefined) return 0;
  const number = new DataView(value.buffer).getUint32(0);
  return Buffer.compare(value, valueOf(number)) === 0 ? number : undefined;
}
