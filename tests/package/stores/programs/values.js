// Values that say what they are: a torn or mixed one is told from a whole one.

export function valueOf(number) {
  const value = new Uint8Array(8 + ((number * 7919) % 300_000)).fill(number & 255);
  const view = new DataView(value.buffer);
  view.setUint32(0, number);
  view.setUint32(4, value.length);
  return value;
}

/** The number of a whole value; undefined of a damaged one. */
export function numberOf(value) {
  const number = new DataView(value.buffer).getUint32(0);
  const whole = valueOf(number);
  return value.length === whole.length && value.every((byte, index) => byte === whole[index]) ? number : undefined;
}
