// The entry itself: what it exports, how it is found, and that nobody else needs what it needs.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { imported, packageFolder, required } from "../node/support/installed.mjs";

const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
const PEERS = ["@electric-sql/pglite", "@opentelemetry/api", "pg", "pg-boss"];

test("import and require give the same, with the classes of errors of every other entry", async () => {
  const [esm, cjs, main] = [await import(join(packageFolder, manifest.exports["./workers"].node.default.default)), required("humansync/workers"), await imported()];
  assert.equal(cjs.createWorkers, esm.createWorkers);
  assert.deepEqual(
    Object.keys(esm).sort(),
    [...Object.keys(main).filter((name) => name.endsWith("Error")), "createWorkers"].sort(),
  );
  for (const name of Object.keys(esm).filter((name) => name.endsWith("Error"))) assert.equal(esm[name], main[name], name);
});

test("what it needs besides are optional peers, which no other entry imports", () => {
  for (const name of PEERS) {
    assert.ok(manifest.peerDependencies[name], name);
    assert.equal(manifest.peerDependenciesMeta[name].optional, true, name);
  }
  const entries = Object.entries(manifest.exports).filter(([entry]) => entry !== "./workers");
  const files = new Set(entries.flatMap(([, value]) => pathsOf(value)).filter((path) => path.endsWith(".js")));
  assert.ok(files.size > 5);
  const reached = reachedFrom([...files]);
  assert.deepEqual([...reached].filter((path) => path.startsWith("workers")), []);
  assert.ok([...reachedFrom(["workers.js"])].some((path) => path.startsWith("workers/")));
});

test("the declarations import nothing of the peers", () => {
  for (const file of ["workers.d.ts", "types/workers.d.ts", "workers.d.cts", "types/workers.d.cts"]) {
    assert.ok(existsSync(join(packageFolder, file)), file);
    const imports = [...readFileSync(join(packageFolder, file), "utf8").matchAll(/^(?:import|export).* from "([^"]+)"/gm)].map(([, path]) => path);
    for (const path of imports) assert.match(path, /^\.\.?\//, `${file} imports ${path}`);
  }
});

function pathsOf(value) {
  return typeof value === "string" ? [value.slice(2)] : Object.values(value).flatMap(pathsOf);
}

/** All modules of the package that these import, directly or not. */
function reachedFrom(files) {
  const reached = new Set(files);
  for (const file of reached) {
    const source = readFileSync(join(packageFolder, file), "utf8");
    for (const [, path] of source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const next = relative(packageFolder, join(packageFolder, dirname(file), path));
      if (next.endsWith(".js")) reached.add(next);
    }
  }
  return reached;
}
