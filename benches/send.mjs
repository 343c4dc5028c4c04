#!/usr/bin/env node
// `cargo xtask bench send`: how fast the package makes request bodies from samples, compared with hand-written
// JavaScript, zod, TypeBox with ajv, influxdb-client, sax, sax-wasm and native simd-json.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { duration } from "../examples/node/terminal/quantities.mjs";
import { printMachine, refuse, screen, teller, wantedOf, wholeNumber } from "./rows/bench.mjs";
import { rowsById } from "./rows/declared.mjs";
import { circumstances, store } from "./rows/results.mjs";
import { measureGrowth, measureRow } from "./send/measure.mjs";
import { growthFor, rowsFor } from "./send/rows.mjs";
import { presentation } from "./send/show.mjs";

const HELP = `Samples → request bodies, against hand-written JavaScript, zod, TypeBox with ajv, influxdb-client, sax,
sax-wasm and native simd-json.

  cargo xtask bench send [options]

  --only ROWS        some of: plan, upload, upload-http, objects, objects-http,
                     objects-plan, xml, growth                                   default: all
  --samples N        lines of NDJSON, or objects                                 default: 1000000
  --xml-bytes SIZE   size of the export.xml, e.g. 100MB                          default: 1GB
  --rounds N         measurements of each                                        default: 5
  --xml-rounds N     the same of the export                                      default: 3
  --json FILE        the results as JSON, too
  --write            stores the results, and writes docs/benchmarks.md anew
  --no-build         dist/ as it is
  --help             this text

Each measurement is a process of its own, the contenders taking turns. Times and memory are medians; memory is the highest of the
process while it works, beyond what it held before.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    samples: { type: "string", default: "1000000" },
    "xml-bytes": { type: "string", default: "1GB" },
    rounds: { type: "string", default: "5" },
    "xml-rounds": { type: "string", default: "3" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help) screen.line(HELP);
else await bench();

async function bench() {
  const size = {
    samples: wholeNumber("samples", values.samples, 1000),
    xmlBytes: bytesOf(values["xml-bytes"]),
    rounds: wholeNumber("rounds", values.rounds),
    xmlRounds: wholeNumber("xml-rounds", values["xml-rounds"]),
  };
  const rows = rowsFor(size);
  const wanted = wantedOf(values.only, [...Object.keys(rows), "growth"]);
  const began = performance.now();
  const shown = presentation(screen);
  printMachine();
  const results = { machine: circumstances(), size, rows: [], growth: [] };
  for (const [name, row] of Object.entries(rows)) {
    if (!wanted.includes(name)) continue;
    const measured = circumstances();
    const result = await measureRow(row, teller(row.title));
    shown.row(result);
    results.rows.push({ name, ...reported(result) });
    // What is wrong or has no row is not stored.
    if (!values.write || result.equality.differences.length > 0 || !rowsById.has(name)) continue;
    const used = row.kind === "export" ? { xmlBytes: size.xmlBytes, rounds: size.xmlRounds } : { samples: size.samples, rounds: size.rounds };
    store(name, { measured, size: used, details: { samples: result.results[0].samples, contenders: result.results } });
  }
  if (wanted.includes("growth")) await growth(size, shown, results);
  shown.end();
  screen.line(`  ${screen.paint("faint", duration(performance.now() - began))}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  // A missed target does not fail the bench. Contenders that do different work do, because the results would be
  // worthless.
  if (results.rows.some(({ equality }) => equality.differences.length > 0)) process.exitCode = 1;
}

async function growth(size, shown, results) {
  const measured = circumstances();
  for (const row of growthFor(size)) {
    const result = await measureGrowth(row, teller(row.title));
    shown.growth(result);
    results.growth.push(reported(result));
  }
  const works = results.growth.map(({ work, small, large, perRow }) => ({ work, small, large, perRow }));
  if (values.write) store("growth", { measured, size: { samples: size.samples, rounds: size.rounds }, details: { works } });
}

/** The result, without the parameters of the measurement. */
function reported({ input, inputs, warmUp, peers, kind, rounds, ...result }) {
  return result;
}

function bytesOf(text) {
  const [, size, unit] = /^(\d+(?:\.\d+)?)(MB|GB)$/i.exec(text) ?? [];
  if (size === undefined) refuse(`--xml-bytes takes a size such as 100MB; given: ${text}`);
  return Math.round(Number(size) * { MB: 1e6, GB: 1e9 }[unit.toUpperCase()]);
}
