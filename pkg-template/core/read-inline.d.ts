// read.wasm as a text, which the build makes.

export { shift, text } from "./humansync-inline.js";
