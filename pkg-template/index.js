// The entry for browsers, bundlers, Deno and Bun. It carries the WebAssembly as text: the one form that every bundler
// takes as it is, without configuration, and that can be loaded synchronously.

import inline from "./core/inline.js";
import { initFrom, loadNow } from "./loading.js";

export * from "./exports.js";

loadNow(bytes);

export const init = initFrom(bytes);

function bytes() {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(inline);
  const text = atob(inline);
  const decoded = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) decoded[index] = text.charCodeAt(index);
  return decoded;
}
