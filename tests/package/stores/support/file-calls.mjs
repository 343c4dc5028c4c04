// Node's functions for files, watched: what the file store asks of them can be seen, made to fail, or end the process.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const CALLS = ["open", "rename", "unlink", "rm", "mkdir", "readdir", "stat"];
const OF_HANDLES = ["write", "writeFile", "sync", "datasync", "read", "stat", "close"];

/**
 * Calls `around(call, run)` in place of each call: it may run it, run something else, or throw. `call` has the `name`,
 * such as "rename" or "handle.write", the path or, of a handle, the path it was opened with, and the arguments.
 * Returns a function that ends this.
 */
export function watchFiles(around) {
  const own = { ...fs.promises };
  for (const name of CALLS) {
    fs.promises[name] = (...given) => around({ name, path: String(given[0]), given }, async (...other) => {
      const result = await own[name](...(other.length === 0 ? given : other));
      if (name === "open") watchHandle(result, String(given[0]), around);
      return result;
    });
  }
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs.promises, own);
    syncBuiltinESMExports();
  };
}

function watchHandle(handle, path, around) {
  for (const name of OF_HANDLES) {
    const own = handle[name].bind(handle);
    handle[name] = (...given) => around({ name: `handle.${name}`, path, given }, (...other) => own(...(other.length === 0 ? given : other)));
  }
}

export function fault(code) {
  return Object.assign(new Error(`${code}: injected`), { code });
}
