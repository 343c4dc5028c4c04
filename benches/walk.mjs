#!/usr/bin/env node
// `cargo xtask bench walk`: walks of a list against Octokit, got and ky, and what a page costs over a bare loop.

import { parseArgs } from "node:util";
import { measureRow, printMachine, screen, wantedOf, wholeNumber } from "./rows/bench.mjs";
import { measureGrowth, measurePages, measureWalks } from "./walk/measure.mjs";

const HELP = `Walks of a list, against Octokit's paginate, got's pagination and ky.

  cargo xtask bench walk [options]

  --only walk,…      walk: 8490 records, 50 ms away
                     pages: processor time of a page over a bare loop, from a server that does not wait
                     growth: ten times as many pages, made in the process               default: all
  --rounds N         measurements of each of walk                                       default: 3
  --page-rounds N    measurements of each of pages and growth                           default: 5
  --records N        of growth                                                          default: 1000000
  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text

Each measurement is a process of its own, the contenders taking turns; the server is another one. Figures are medians.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "3" },
    "page-rounds": { type: "string", default: "5" },
    records: { type: "string", default: "1000000" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) screen.line(HELP);
else await bench();

async function bench() {
  const wanted = wantedOf(values.only, ["walk", "pages", "growth"]);
  const rounds = wholeNumber("rounds", values.rounds);
  const pageRounds = wholeNumber("page-rounds", values["page-rounds"]);
  const records = wholeNumber("records", values.records, 10_000);
  printMachine();
  if (wanted.includes("walk")) await measureRow("walk", { rounds }, values.write, (tell) => measureWalks(rounds, tell));
  if (wanted.includes("pages")) await measureRow("pages", { rounds: pageRounds }, values.write, (tell) => measurePages(pageRounds, tell));
  if (wanted.includes("growth")) {
    await measureRow("growth-walk", { records, rounds: pageRounds }, values.write, (tell) => measureGrowth(records, pageRounds, tell));
  }
}
