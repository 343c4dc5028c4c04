#!/usr/bin/env node
// `cargo xtask bench --table`: every figure that is stated, and what is reached of it by the stored results. With
// `--write` it writes docs/benchmarks.md and its charts from them, too.

import { screen } from "./rows/bench.mjs";
import { storedResults, writePage } from "./rows/results.mjs";
import { printTable } from "./rows/table.mjs";

// A reader such as `head` may have seen enough.
process.stdout.on("error", ({ code }) => process.exit(code === "EPIPE" ? 0 : 1));
printTable(screen, storedResults());
if (process.argv.includes("--write")) writePage();
