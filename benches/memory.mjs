#!/usr/bin/env node
// `cargo xtask bench memory`: what is held of ten million samples that come as a stream, and during a walk of ten million
// records.

import { parseArgs } from "node:util";
import { measureSamples } from "./memory/measure.mjs";
import { measureRow, printMachine, screen, wantedOf, wholeNumber } from "./rows/bench.mjs";
import { measureMemory } from "./walk/measure.mjs";

const HELP = `What is held of ten million samples that come as a stream, and during a walk of ten million records.

  cargo xtask bench memory [options]

  --only plan,…      plan, upload: of NDJSON, read from a file as it comes
                     walk: pages that are made in the process                           default: all
  --samples N        of plan and upload                                                 default: 10000000
  --records N        of walk                                                            default: 10000000
  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text

Ten million samples are a file of 1.7 GB in target/bench/, which is made once.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    samples: { type: "string", default: "10000000" },
    records: { type: "string", default: "10000000" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) screen.line(HELP);
else await bench();

async function bench() {
  const wanted = wantedOf(values.only, ["plan", "upload", "walk"]);
  const samples = wholeNumber("samples", values.samples, 1000);
  const records = wholeNumber("records", values.records, 200_000);
  printMachine();
  for (const work of ["plan", "upload"]) {
    if (wanted.includes(work)) await measureRow(`memory-${work}`, { samples }, values.write, (tell) => measureSamples(work, samples, tell));
  }
  if (wanted.includes("walk")) await measureRow("memory-walk", { records }, values.write, (tell) => measureMemory(records, tell));
}
