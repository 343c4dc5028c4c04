// A WebAssembly that is a text in the JavaScript, as the build writes it: the one form that every bundler takes as it
// is, without configuration, and that can be loaded synchronously.

/** One character a byte, shifted: compressed, that is hardly more than the file itself, and base64 a third more. */
export function decoded(text: string, shift: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index) - shift;
  return bytes;
}
