#!/usr/bin/env node
// `cargo xtask bench import`: how long it takes from the start of a process to its first answer.

import { parseArgs } from "node:util";
import { measureImports } from "./import/measure.mjs";
import { measureRow, printMachine, screen, wholeNumber } from "./rows/bench.mjs";

const HELP = `From the start of a process to its first answer, over the same in plain JavaScript.

  cargo xtask bench import [options]

  --rounds N         processes of each entry                                            default: 31
  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text

The processes take turns: an equal module in JavaScript, the default entry, and reading alone. Figures are medians.`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) screen.line(HELP);
else {
  const rounds = wholeNumber("rounds", values.rounds);
  printMachine();
  await measureRow("import", { rounds }, values.write, (tell) => measureImports(rounds, tell));
}
