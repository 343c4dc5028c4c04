#!/usr/bin/env node
// `cargo xtask bench sizes`: what a browser loads of each entry, as `cargo xtask build` measures it.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureRow, screen } from "./rows/bench.mjs";
import { SIZES } from "./rows/declared.mjs";
import { ROOT } from "./rows/results.mjs";

const HELP = `What a browser loads of each entry, after brotli.

  cargo xtask bench sizes [options]

  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text`;

/** The script by which the build measures, in either of its places. */
const SCRIPTS = ["xtask/src/package/sizes/sizes.mjs", "xtask/src/package/sizes.mjs"];

const { values } = parseArgs({ options: { write: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } } });
if (values.help) screen.line(HELP);
else await measureRow("sizes", {}, values.write, measure);

/** The bytes of each entry that the build has. */
async function measure() {
  const dist = join(ROOT, "dist");
  const there = SIZES.figures.filter(({ files }) => files.split("+").every((file) => existsSync(join(dist, file))));
  const script = SCRIPTS.map((path) => join(ROOT, path)).find(existsSync);
  const printed = execFileSync(process.execPath, [script, dist, ...there.map(({ files }) => files)], { cwd: ROOT, encoding: "utf8" });
  const sizes = JSON.parse(printed).map(brotli);
  return { entries: Object.fromEntries(there.map(({ key }, index) => [key, sizes[index]])) };
}

/** Of `[brotli, scripts]`, or of `[raw, brotli]`. */
function brotli([first, second]) {
  return typeof second === "number" ? second : first;
}
