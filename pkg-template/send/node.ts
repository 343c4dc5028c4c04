// The entry for Node: it reads the WebAssembly from the package's file. Bundlers take index.js instead (the "module"
// condition), as that file would not be beside their output.

import type { Source } from "../loading.js";
import { library } from "./library.js";

export * from "./exports.js";

// An import of "node:fs" would take a millisecond or two more.
const bytes = () => process.getBuiltinModule("node:fs").readFileSync(new URL("../slim/send.wasm", import.meta.url));

library.loadNow("humansync/send", bytes);

export function init(module?: Source): Promise<void> {
  return library.init(bytes, module);
}
