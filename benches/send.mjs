#!/usr/bin/env node
// `cargo xtask bench send`: how fast the package makes request bodies from samples, compared with hand-written
// JavaScript, zod and sax.

import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { duration } from "../examples/node/terminal/quantities.mjs";
import { screenOn } from "../examples/node/terminal/screen.mjs";
import { measureGrowth, measureRow } from "./send/measure.mjs";
import { growthFor, rowsFor } from "./send/rows.mjs";
import { presentation } from "./send/show.mjs";

const HELP = `Samples → request bodies, against hand-written JavaScript, zod and sax.

  cargo xtask bench send [options]

  --only ROWS        some of: plan, upload, objects, objects-plan, xml, growth   default: all
  --samples N        lines of NDJSON, or objects                                 default: 1000000
  --xml-bytes SIZE   size of the export.xml, e.g. 100MB                          default: 1GB
  --rounds N         measurements of each                                        default: 5
  --xml-rounds N     the same of the export                                      default: 3
  --json FILE        the results as JSON, too
  --no-build         dist/ as it is
  --help             this text

Each measurement is a process of its own, the contenders taking turns. Times and memory are medians; memory is the highest of the
process while it works, beyond what it held before.`;

const screen = screenOn(process.stdout);
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    samples: { type: "string", default: "1000000" },
    "xml-bytes": { type: "string", default: "1GB" },
    rounds: { type: "string", default: "5" },
    "xml-rounds": { type: "string", default: "3" },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help) screen.line(HELP);
else await bench();

async function bench() {
  const size = {
    samples: number("samples", 1000),
    xmlBytes: bytesOf(values["xml-bytes"]),
    rounds: number("rounds", 1),
    xmlRounds: number("xml-rounds", 1),
  };
  const rows = rowsFor(size);
  const wanted = values.only?.split(",") ?? [...Object.keys(rows), "growth"];
  const unknown = wanted.find((name) => name !== "growth" && !Object.hasOwn(rows, name));
  if (unknown !== undefined) refuse(`there is no row ${unknown}; there are: ${[...Object.keys(rows), "growth"].join(", ")}`);

  const began = performance.now();
  const shown = presentation(screen);
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? "unknown", cores: availableParallelism() };
  screen.line(`  ${screen.paint("faint", `Node ${machine.node} · ${machine.cpu} · ${machine.cores} cores`)}`);
  const [load] = loadavg();
  if (load > machine.cores / 2) screen.line(`  ${screen.paint("yellow", `The machine is busy with something else (load ${load.toFixed(1)}): take the results for a hint.`)}`);
  const results = { machine: { ...machine, load }, size, rows: [], growth: [] };
  for (const [name, row] of Object.entries(rows)) {
    if (!wanted.includes(name)) continue;
    const result = await measureRow(row, teller(row.title));
    shown.row(result);
    results.rows.push({ name, ...reported(result) });
  }
  if (wanted.includes("growth")) {
    for (const row of growthFor(size)) {
      const result = await measureGrowth(row, teller(row.title));
      shown.growth(result);
      results.growth.push(reported(result));
    }
  }
  shown.end();
  screen.line(`  ${screen.paint("faint", duration(performance.now() - began))}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  // A missed target does not fail the bench. Contenders that do different work do, because the results would be
  // worthless.
  if (results.rows.some(({ equality }) => equality.differences.length > 0)) process.exitCode = 1;
}

/** The result, without the parameters of the measurement. */
function reported({ input, inputs, warmUp, peers, kind, rounds, ...result }) {
  return result;
}

/** Shows the current measurement, on terminals where the line can be removed again. */
function teller(title) {
  return (text) => screen.live && screen.draft(`  ${title}  ${screen.paint("faint", text)}`);
}

function number(name, least) {
  const text = values[name];
  if (!/^\d{1,9}$/.test(text) || Number(text) < least) refuse(`--${name} takes a whole number from ${least} on; given: ${text}`);
  return Number(text);
}

function bytesOf(text) {
  const [, size, unit] = /^(\d+(?:\.\d+)?)(MB|GB)$/i.exec(text) ?? [];
  if (size === undefined) refuse(`--xml-bytes takes a size such as 100MB; given: ${text}`);
  return Math.round(Number(size) * { MB: 1e6, GB: 1e9 }[unit.toUpperCase()]);
}

function refuse(message) {
  console.error(`\n  ${message}`);
  process.exit(2);
}
