// The entry for Node: it reads the WebAssembly from the file beside it. Bundlers take index.js instead (the "module"
// condition), as that file would not be beside their output.

import { library } from "./library.js";
import type { Source } from "./loading.js";

export * from "./exports.js";

// An import of "node:fs" would take a millisecond or two more.
const bytes = () => process.getBuiltinModule("node:fs").readFileSync(new URL("./humansync.wasm", import.meta.url));

library.loadNow("humansync", bytes);

export function init(module?: Source): Promise<void> {
  return library.init(bytes, module);
}
