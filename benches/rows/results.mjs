// The stored results: ../results.json, with the machine, the versions and the day of each.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { charts } from "./charts.mjs";
import { rowsById } from "./declared.mjs";
import { filledIn } from "./document.mjs";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RESULTS = join(ROOT, "benches/results.json");
const PAGE = join(ROOT, "docs/benchmarks.md");
const CHARTS = join(ROOT, "docs/benchmarks");

/** What takes part, and where its version is. */
const PACKAGES = {
  humansync: "dist",
  zod: "node_modules/zod",
  ajv: "node_modules/ajv",
  typebox: "node_modules/typebox",
  "influxdb-client": "node_modules/@influxdata/influxdb-client",
  sax: "node_modules/sax",
  "sax-wasm": "node_modules/sax-wasm",
  octokit: "node_modules/@octokit/core",
  "plugin-paginate-rest": "node_modules/@octokit/plugin-paginate-rest",
  got: "node_modules/got",
  ky: "node_modules/ky",
};

/** The results that are stored: `{ rows: { <id>: { measured, size, details } } }`. */
export function storedResults() {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : { rows: {} };
}

/** Where and with what a measurement is made: now, on this machine. */
export function circumstances() {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    load: Math.round(loadavg()[0] * 10) / 10,
    versions: versions(),
  };
}

function versions() {
  const found = Object.entries(PACKAGES).flatMap(([name, folder]) => {
    const file = join(ROOT, folder, "package.json");
    return existsSync(file) ? [[name, JSON.parse(readFileSync(file, "utf8")).version]] : [];
  });
  const lock = readFileSync(join(ROOT, "benches/simd-json/Cargo.lock"), "utf8");
  const [, native] = /^name = "simd-json"\nversion = "([^"]+)"$/m.exec(lock);
  return { ...Object.fromEntries(found), "simd-json": native };
}

/**
 * Stores what was measured of a row, and writes the page and its charts anew. `measured` are the circumstances before
 * the measurement, `size` its options.
 */
export function store(id, { measured, size, details }) {
  if (!rowsById.has(id)) throw new Error(`there is no row ${id} in benches/rows/declared.mjs`);
  const results = storedResults();
  const rows = { ...results.rows, [id]: { measured, size, details } };
  // In the order of the declaration, whatever is measured first.
  const sorted = [...rowsById.keys()].filter((known) => known in rows).map((known) => [known, rows[known]]);
  replace(RESULTS, `${JSON.stringify({ rows: Object.fromEntries(sorted) }, rounded, 1)}\n`);
  writePage();
}

/** Fewer digits: the others are noise. */
function rounded(_key, value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}

/** Writes the page and its charts from the stored results. */
export function writePage() {
  const results = storedResults();
  const drawn = new Map(charts(results));
  mkdirSync(CHARTS, { recursive: true });
  for (const [name, svg] of drawn) replace(join(CHARTS, name), svg);
  for (const name of readdirSync(CHARTS)) if (!drawn.has(name)) rmSync(join(CHARTS, name));
  replace(PAGE, filledIn(readFileSync(PAGE, "utf8"), results));
}

/** A reader sees the old file or the new one, even if this process dies. */
function replace(file, text) {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
