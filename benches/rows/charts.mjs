// The charts of docs/benchmarks.md, from the stored results: pairs of a file's name in docs/benchmarks/ and its SVG. What
// is not measured yet has no chart.

import { bars } from "./bars.mjs";
import { bounds } from "./bounds.mjs";
import { isReached, ROWS, SIZES } from "./declared.mjs";
import { lines } from "./lines.mjs";
import { NAMES, nameOf } from "./names.mjs";
import { written } from "./units.mjs";

const SEND = [
  ["plan", "NDJSON → plan"],
  ["xml", "Apple Health export → upload"],
  ["upload", "NDJSON → upload"],
  ["upload-http", "NDJSON → upload, over HTTP"],
  ["objects", "Objects → upload"],
  ["objects-http", "Objects → upload, over HTTP"],
];
const WALKS = [
  ["50", "Pages of 50"],
  ["set", "Nobody is told a size"],
  ["500", "Pages of 500"],
];

export function charts({ rows }) {
  const all = [
    ["bounds.svg", () => boundsChart(rows)],
    ["send.svg", () => sendChart(rows)],
    ["walk.svg", () => rows.walk && walkChart(rows.walk.details)],
    ["sync.svg", () => rows.sync && syncChart(rows.sync.details)],
    ["memory.svg", () => rows["sync-memory"] && memoryChart(rows["sync-memory"].details)],
    ["import.svg", () => rows.import && importChart(rows.import.details)],
  ];
  return all.map(([name, draw]) => [name, draw()]).filter(([, svg]) => svg !== undefined);
}

function boundsChart(rows) {
  const groups = [...ROWS, SIZES].flatMap((row) => {
    if (rows[row.id] === undefined) return [];
    const values = row.compute(rows[row.id].details);
    const figures = row.figures.flatMap((figure) => {
      const value = values[figure.key];
      const reached = value === undefined ? undefined : isReached(figure, value);
      if (reached === undefined) return [];
      const name = (figure.short ?? figure.against ?? figure.what).replaceAll("`", "");
      return [{ name, share: shareOf(figure, value), shown: written(row.unit, value), reached }];
    });
    return figures.length === 0 ? [] : [{ title: row.title ?? "Size in a browser, after brotli", figures }];
  });
  if (groups.length === 0) return undefined;
  return bounds("Every figure that has a bound, as a share of it", groups);
}

/** 1 at the bound, and more where it is kept. */
function shareOf({ least, most, about }, value) {
  if (least !== undefined) return value / least;
  if (most !== undefined) return value <= 0 ? Infinity : most / value;
  return 0.1 / Math.max(Math.abs(value / about - 1), 1e-3);
}

function sendChart(rows) {
  const panels = SEND.flatMap(([id, title]) => {
    if (rows[id] === undefined) return [];
    const { contenders, samples } = rows[id].details;
    return [{
      title,
      bars: contenders.map(({ contender, milliseconds }) => {
        const value = samples / milliseconds / 1000;
        return { name: nameOf(contender), value, shown: value >= 0.1 ? `${value.toFixed(2)} M/s` : `${Math.round(value * 1000)} k/s`, style: styleOf(contender) };
      }),
    }];
  });
  if (panels.length === 0) return undefined;
  return bars("Samples a second, of the package and of others", panels, {
    foot: "Samples a second; longer is better. Dashed: it parses only, and is compiled for this processor.",
  });
}

function styleOf(contender) {
  return { humansync: "ours", "simd-json": "native" }[contender] ?? "";
}

function walkChart({ walks }) {
  const panels = WALKS.map(([pages, title]) => ({
    title,
    bars: walks
      .filter((one) => one.pages === pages)
      .map(({ contender, milliseconds }) => ({ name: nameOf(contender), value: milliseconds, shown: `${(milliseconds / 1000).toFixed(2)} s`, style: styleOf(contender) })),
  }));
  return bars("Time of a walk of 8 490 records, of the package and of others", panels, { foot: "A walk of 8 490 records, 50 ms away; shorter is better." });
}

function syncChart({ runs }) {
  const panel = {
    title: "A first run over a year of 1 000 users",
    bars: runs.map(({ contender, milliseconds }) => ({
      name: NAMES[contender] ?? contender,
      value: milliseconds,
      shown: `${(milliseconds / 1000).toFixed(2)} s`,
      style: contender === "by hand" ? "" : "ours",
    })),
  };
  return bars("Time of a first run of a sync, against a loop by hand", [panel], { columns: 1, foot: "Shorter is better. The loop stores no position, and would lose its place in a crash." });
}

function memoryChart({ series }) {
  return lines("Memory held by a sync, over the number of records", {
    title: "Memory held by a sync of one type",
    foot: "JavaScript heap and WebAssembly memory, over the records of the list.",
    xName: (records) => (records >= 1e6 ? `${records / 1e6} million` : `${records / 1000} 000`),
    yName: (bytes) => `${Math.round(bytes / 1e5) / 10} MB`,
    series: series.map(({ contender, points }, index) => ({
      name: NAMES[contender] ?? contender,
      style: ["a", "b"][index],
      points: points.map(({ records, held }) => [records, held]),
    })),
  });
}

function importChart({ entries }) {
  const panel = {
    title: "From the start of Node to the first answer",
    bars: entries.map(({ entry, milliseconds }) => ({
      name: NAMES[entry] ?? entry,
      value: milliseconds,
      shown: `${milliseconds.toFixed(0)} ms`,
      style: entry === "plain" ? "" : "ours",
    })),
  };
  return bars("Time from the start of a process to its first answer", [panel], { columns: 1, foot: "Shorter is better. Most of it is Node's own start, and its first fetch." });
}
