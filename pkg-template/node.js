// The entry for Node: it reads the WebAssembly from the file beside it. Bundlers take index.js instead (the "module"
// condition), as that file would not be beside their output.

import { readFileSync } from "node:fs";
import { initFrom, loadNow } from "./surface.js";

export * from "./exports.js";

const bytes = () => readFileSync(new URL("./humansync.wasm", import.meta.url));

loadNow(bytes);

export const init = initFrom(bytes);
