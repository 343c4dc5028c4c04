#!/usr/bin/env node
// Makes an export of the Health app with made-up data, for trials without anybody's real health data.
//
//   node examples/node/make-export.mjs export.xml --samples 200000
//   node examples/node/make-export.mjs export.zip --bytes 1GB --zip

import { open } from "node:fs/promises";
import { parseArgs } from "node:util";
import { archive } from "./apple-health/archive.mjs";
import { CLINICAL_DOCUMENT, ROUTE } from "./apple-health/companions.mjs";
import { daysOf, exportXml, samplesIn } from "./apple-health/export-xml.mjs";
import { bytes, count, counted, duration } from "./terminal/quantities.mjs";
import { screenOn } from "./terminal/screen.mjs";

const HELP = `Makes an export of the Health app with made-up data. The same options give the same bytes.

  node make-export.mjs FILE [options]

  --samples N    valid step samples, each different; other records come in proportion   default: 200000
  --bytes SIZE   instead: an export of about this size, e.g. 250MB, 1GB
  --odd N        step records besides, which are no valid samples                       default: 0
  --repeated N   step records that are there twice                                      default: 0
  --seed N       other data                                                             default: 1
  --zip          the archive that a phone makes, and not export.xml alone
  --help         this text`;

const screen = screenOn(process.stdout);
try {
  await main();
} catch (error) {
  // Wrong options and files that cannot be written are reported; other errors are defects.
  if (error.code === undefined && !(error instanceof RangeError)) throw error;
  console.error(`\n  ${error.message}`);
  process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      samples: { type: "string" },
      bytes: { type: "string" },
      odd: { type: "string" },
      repeated: { type: "string" },
      seed: { type: "string" },
      zip: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return screen.line(HELP);
  if (positionals.length !== 1) throw new RangeError("It takes one FILE. --help tells the options.");
  const [file] = positionals;
  const number = (name, otherwise) => (values[name] === undefined ? otherwise : whole(name, values[name]));
  const seed = number("seed", 1);
  if (values.bytes !== undefined && values.samples !== undefined) throw new RangeError("--samples and --bytes exclude each other");
  const samples = values.bytes === undefined ? number("samples", 200_000) : samplesIn(sizeOf(values.bytes), { seed });
  const xml = () => exportXml({ samples, seed, odd: number("odd", 0), repeated: number("repeated", 0) });

  const began = performance.now();
  const size = await write(file, values.zip ? zipped(xml()) : xml());
  const took = performance.now() - began;
  const held = `${bytes(size)}, ${counted(samples, "step sample")} over ${count(daysOf(samples))} days`;
  const speed = `${duration(took)}, ${Math.round(size / took / 1e3)} MB/s`;
  screen.line(`  ${screen.paint("bold", file)}  ${held}  ${screen.paint("faint", speed)}`);
}

/** A zip archive with the documents in a phone's order, in which export.xml is not the first. */
function zipped(xml) {
  const folder = "apple_health_export";
  return archive([
    [`${folder}/workout-routes/route_2025-06-14_6.05pm.gpx`, [Buffer.from(ROUTE)]],
    [`${folder}/export.xml`, xml],
    [`${folder}/export_cda.xml`, [Buffer.from(CLINICAL_DOCUMENT)]],
  ]);
}

async function write(file, pieces) {
  const handle = await open(file, "w");
  let size = 0;
  try {
    // The next piece is made while this one is written.
    let writing = Promise.resolve();
    for await (const piece of pieces) {
      await writing;
      size += piece.length;
      writing = handle.writeFile(piece);
    }
    await writing;
  } finally {
    await handle.close();
  }
  return size;
}

function whole(name, text) {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${name} takes a whole number; given: ${text}`);
  return Number(text);
}

function sizeOf(text) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(KB|MB|GB)?$/i.exec(text) ?? [];
  if (number === undefined) throw new RangeError(`--bytes takes a size such as 250MB; given: ${text}`);
  return Number(number) * { "": 1, KB: 1e3, MB: 1e6, GB: 1e9 }[(unit ?? "").toUpperCase()];
}
