// Values that describe themselves, so that a torn or mixed value can be recognized.

export function valueOf(number) {
  const value = new Uint8Array(8 + ((number * 7919) % 300_000)).fill(number & 255);
  const view = new DataView(value.buffer);
  view.setUint32(0, number);
  view.setUint32(4, value.length);
  return value;
}

/** The number of a whole value; undefined for a damaged one. */
export function numberOf(value) {
  const number = new DataView(value.buffer).getUint32(0);
  const whole = valueOf(number);
  return value.length === whole.length && value.every((byte, index) => byte === whole[index]) ? number : undefined;
}
