// The entry for browsers, bundlers, Deno and Bun. It carries the WebAssembly as text: the one form that every bundler
// takes as it is, without configuration, and that can be loaded synchronously.

import { shift, text } from "./core/inline.js";
import { initFrom, loadNow } from "./surface.js";

export * from "./exports.js";

loadNow(bytes);

export const init = initFrom(bytes);

/** One character a byte, shifted: compressed, that is hardly more than the file itself, and base64 a third more. */
function bytes() {
  const decoded = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) decoded[index] = text.charCodeAt(index) - shift;
  return decoded;
}
