#!/usr/bin/env node
// `cargo xtask bench sync`: first runs of a sync, against a loop by hand and, if there is one, an earlier build.

import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../tests/package/node/support/installed.mjs";
import { circumstances, store } from "./rows/results.mjs";
import { cost } from "./sync/cost.mjs";
import { live } from "./sync/live.mjs";
import { memory } from "./sync/memory.mjs";
import { screenWithRows } from "./sync/show.mjs";

const HELP = `First runs of a sync, against a loop that is written by hand.

  cargo xtask bench sync [options]

  --only live,…      live: a list that grows while it is read, against the same list standing still
                     memory: a month of 100 000 records, a million, and --largest
                     cost: a year of 1000 users and 16 types                       default: all
  --against FOLDER   dist/ of an earlier version, as another contender, "before"; relative to the project's folder
  --rounds N         measurements of each of live and cost                         default: 3
  --records N        of cost                                                       default: 1000000
  --largest N        month of memory                                               default: 2000000
  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text

Each measurement is a process of its own, the contenders taking turns. Figures are medians. Memory is the most that was
resident in the whole process.`;

const ROWS = ["live", "memory", "cost"];

const screen = screenWithRows(process.stdout);
const { values } = parseArgs({
  options: {
    only: { type: "string", default: ROWS.join(",") },
    against: { type: "string" },
    rounds: { type: "string", default: "3" },
    records: { type: "string", default: "1000000" },
    largest: { type: "string", default: "2000000" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) screen.line(HELP);
else await bench();

async function bench() {
  const only = values.only.split(",");
  const unknown = only.find((row) => !ROWS.includes(row));
  if (unknown !== undefined) throw new Error(`--only takes ${ROWS.join(", ")}, and not ${unknown}`);
  const [rounds, records, largest] = ["rounds", "records", "largest"].map(positive);
  const contenders = {
    ...builds("humansync", join(root, "dist")),
    before: values.against === undefined ? undefined : builds("before", resolve(root, values.against)),
    byHand: { name: "by hand" },
  };
  screen.line(`  load of this machine: ${loadavg()[0].toFixed(1)}`);
  const kept = [];
  const measure = async (id, size, work) => {
    const measured = circumstances();
    const { reached, details } = await work();
    kept.push(reached);
    if (values.write) store(id, { measured, size, details });
  };
  if (only.includes("live")) await measure("live", { rounds }, () => live(screen, contenders, rounds));
  if (only.includes("memory")) await measure("sync-memory", { largest }, () => memory(screen, contenders, largest));
  if (only.includes("cost")) await measure("sync", { records, rounds }, () => cost(screen, contenders, records, rounds));
  screen.line(`\n  load of this machine: ${loadavg()[0].toFixed(1)}`);
  if (!kept.every(Boolean)) process.exitCode = 1;
}

/** A build of the package, in each of the ways in which positions are kept. */
function builds(name, library) {
  const { name: found } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
  if (found !== "humansync") throw new Error(`${library} is not a dist/ of humansync: its package is ${found}`);
  return {
    memory: { name: `${name}, memory store`, library, positions: "memory" },
    file: { name: `${name}, file store`, library, positions: "file" },
    checkpoints: { name: `${name}, checkpoints`, library, positions: "checkpoints" },
  };
}

function positive(option) {
  const number = Number(values[option]);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${option} takes a whole number above 0, and not ${values[option]}`);
  return number;
}
