#!/usr/bin/env node
// `cargo xtask bench all`: every row of benches/rows/declared.mjs, bench by bench.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { duration } from "../examples/node/terminal/quantities.mjs";
import { screen } from "./rows/bench.mjs";
import { ROOT, storedResults } from "./rows/results.mjs";
import { printTable } from "./rows/table.mjs";

const HELP = `Every row of the table, bench by bench.

  cargo xtask bench all [options]

  --quick            with little work: some minutes, and hints only
  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text

It takes about an hour. What one bench has measured is stored before the next one begins.`;

/** The benches with their arguments, and those of a quick look. */
const RUNS = [
  [["sizes"], []],
  [["import"], ["--rounds", "5"]],
  [["send"], ["--samples", "20000", "--xml-bytes", "20MB", "--rounds", "1", "--xml-rounds", "1"]],
  [["walk"], ["--rounds", "1", "--page-rounds", "1", "--records", "100000"]],
  [["sync", "--only", "live,cost"], ["--rounds", "1", "--records", "100000"]],
  [["sync", "--only", "memory", "--largest", "20000000"], ["--largest", "200000"]],
  [["memory"], ["--samples", "100000", "--records", "200000"]],
];

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help) screen.line(HELP);
else await all();

async function all() {
  const began = performance.now();
  const failed = [];
  for (const [[name, ...full], quick] of RUNS) {
    // A later option replaces an earlier one.
    const given = [...full, ...(values.quick ? quick : []), ...(values.write ? ["--write"] : [])];
    screen.line(`\n  ${screen.paint("cyan", `${[name, ...given].join(" ")}`)}`);
    const child = spawn(process.execPath, [join(ROOT, "benches", `${name}.mjs`), ...given], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) failed.push(name);
  }
  if (values.write) printTable(screen, storedResults());
  screen.line(`  ${screen.paint("faint", duration(performance.now() - began))}`);
  if (failed.length === 0) return;
  screen.line(`  ${screen.paint("red", `✗ ${failed.join(", ")}: see above`)}`);
  process.exitCode = 1;
}
