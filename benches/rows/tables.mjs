// The tables of docs/benchmarks.md, from the stored results. Each is a list of lines of Markdown.

import { bytes, count, duration } from "../../examples/node/terminal/quantities.mjs";
import { ROWS, rowsById, SIZES } from "./declared.mjs";
import { figuresOf, isHint, score, scoreInWords } from "./figures.mjs";
import { NAMES, nameOf } from "./names.mjs";
import { bound, written } from "./units.mjs";

const SEND = ["plan", "upload", "upload-http", "objects", "objects-http", "xml"];
const EMPTY = ["*Not measured yet.*"];

/** Every table by its name. */
export function tables(results) {
  const detailed = (id, of) => (results.rows[id] === undefined ? EMPTY : of(results.rows[id].details));
  return {
    score: [`**${scoreInWords(score(results))}**, in these two tables. By how much each is met or missed:`],
    stated: stated(results),
    sizes: sizes(results),
    behind: behind(results),
    send: send(results),
    walk: detailed("walk", walk),
    pages: detailed("pages", pages),
    sync: detailed("sync", sync),
    live: detailed("live", live),
    "sync-memory": detailed("sync-memory", syncMemory),
    import: detailed("import", imports),
    growth: growth(results),
    memory: memory(results),
    measured: measured(results),
    versions: versions(results),
  };
}

function stated(results) {
  const rows = ROWS.flatMap((row) =>
    figuresOf(row, results).map((figure, index) => {
      const first = index === 0 ? what(row, results) : "";
      return [first, figure.against, figure.before, bound(row.unit, figure), reachedOf(row, figure)];
    }),
  );
  return table(["what", "against", "before", "to reach", "reached"], rows, "llrrr");
}

function what(row, results) {
  return isHint(row, results) ? `${row.what} (*a hint: measured with less*)` : row.what;
}

function reachedOf({ unit }, { value, reached }) {
  if (value === undefined) return "not measured";
  const text = written(unit, value);
  return reached === undefined ? text : `${text} ${reached ? "✅" : "❌"}`;
}

function sizes(results) {
  const rows = figuresOf(SIZES, results).map((figure) => [figure.what, figure.before, bound(SIZES.unit, figure), reachedOf(SIZES, figure)]);
  return table(["entry", "before", "to reach", "reached"], rows, "lrrr");
}

/** Where others are faster, as a list. */
function behind(results) {
  if (Object.keys(results.rows).length === 0) return EMPTY;
  const lines = ROWS.flatMap((row) =>
    figuresOf(row, results).flatMap((figure) => {
      if (figure.value === undefined) return [];
      const says = row.unit === "faster" ? faster(figure) : row.id === "sync" ? slower(figure) : undefined;
      return says === undefined ? [] : [`- ${row.title}: ${says}`];
    }),
  );
  return lines.length === 0 ? ["- Nowhere, of what was measured."] : lines;
}

function faster({ against, value }) {
  return value < 1 ? `**${against}** is ${(1 / value).toFixed(2)} × as fast.` : undefined;
}

function slower({ key, value }) {
  const ours = key === "checkpoints" ? "checkpoints" : `the ${NAMES[key]}`;
  return value > 1 ? `**the loop by hand** is ${value.toFixed(2)} × as fast as with ${ours}.` : undefined;
}

function send(results) {
  const rows = SEND.filter((id) => results.rows[id] !== undefined).flatMap((id) => {
    const { contenders, samples } = results.rows[id].details;
    return contenders.map(({ contender, milliseconds, cpuMilliseconds, memory, webAssembly, how }, index) => [
      index === 0 ? rowsById.get(id).title : "",
      how === undefined ? nameOf(contender) : `${nameOf(contender)} (${how})`,
      duration(milliseconds),
      `${count(Number(((samples / milliseconds) * 1000).toPrecision(3)))}/s`,
      duration(cpuMilliseconds),
      memory === undefined ? "" : bytes(memory),
      webAssembly === 0 ? "" : bytes(webAssembly),
    ]);
  });
  if (rows.length === 0) return EMPTY;
  return table(["work", "", "time", "samples", "processor", "memory, beyond before", "WebAssembly"], rows, "llrrrrr");
}

function walk({ walks }) {
  const rows = walks.map(({ contender, pages, requests, records, milliseconds }) => [
    nameOf(contender),
    pages === "set" ? "nobody is told" : pages,
    count(requests),
    duration(milliseconds),
    `${count(Math.round((records / milliseconds) * 1000))}/s`,
  ]);
  return table(["", "records a page", "pages", "time", "records"], rows, "lrrrr");
}

function pages({ sizes }) {
  const micro = (value) => `${Math.round(value)} µs`;
  const rows = sizes.map(({ limit, humansync, bare }) => [String(limit), micro(humansync), micro(bare), micro(humansync - bare)]);
  return table(["records a page", "humansync", "bare loop", "difference"], rows, "rrrr");
}

function sync({ runs }) {
  const rows = runs.map(({ contender, records, requests, milliseconds, cpu, peak }) => [
    nameOf(contender),
    count(records),
    count(requests),
    duration(milliseconds),
    `${Math.round(cpu / requests)} µs`,
    bytes(peak),
  ]);
  return table(["", "records", "requests", "time", "processor, a request", "memory of the whole process"], rows, "lrrrrr");
}

function live({ lists }) {
  const rows = lists.map(({ contender, still, growing }) => [
    nameOf(contender),
    count(still.requests),
    count(growing.requests),
    `${(growing.requests / still.requests).toFixed(2)} ×`,
    duration(still.milliseconds),
    duration(growing.milliseconds),
  ]);
  return table(["", "requests, standing still", "growing", "", "time, standing still", "growing"], rows, "lrrrrr");
}

function syncMemory({ series }) {
  const rows = series.flatMap(({ contender, points }) =>
    points.map(({ records, requests, milliseconds, heap, webAssembly, resident }) => [
      nameOf(contender),
      count(records),
      count(requests),
      duration(milliseconds),
      ...[heap, webAssembly, resident].map(bytes),
    ]),
  );
  return table(["", "records", "requests", "time", "heap", "WebAssembly", "peak of the process"], rows, "lrrrrrr");
}

function imports({ entries }) {
  const [{ milliseconds: plain }] = entries;
  const rows = entries.map(({ entry, milliseconds, rounds }) => [
    NAMES[entry] ?? entry,
    `${milliseconds.toFixed(1)} ms`,
    entry === "plain" ? "" : written("milliseconds", milliseconds - plain),
    `${Math.min(...rounds).toFixed(0)} – ${Math.max(...rounds).toFixed(0)} ms`,
  ]);
  return table(["", "median", "over plain JavaScript", "fastest – slowest"], rows, "lrrr");
}

function growth(results) {
  const { growth, "growth-walk": walk } = results.rows;
  const rows = [];
  for (const { work, small, large } of growth?.details.works ?? []) {
    rows.push(grown(work === "plan" ? "plan" : "upload", "samples", small, large, small.samples, large.samples));
  }
  if (walk !== undefined) {
    const { small, large } = walk.details;
    rows.push(grown("walk", "records", small, large, small.records, large.records));
  }
  if (rows.length === 0) return EMPTY;
  return table(["", "from", "to", "time", "", "a thousand of them"], rows, "lrrrrr");
}

function grown(name, unit, small, large, from, to) {
  const each = ({ milliseconds }, number) => `${((milliseconds / number) * 1000).toFixed(2)} ms`;
  const times = `${(large.milliseconds / small.milliseconds).toFixed(2)} × for ${(to / from).toFixed(1)} ×`;
  const time = `${duration(small.milliseconds)} → ${duration(large.milliseconds)}`;
  return [name, `${count(from)} ${unit}`, count(to), time, times, `${each(small, from)} → ${each(large, to)}`];
}

function memory(results) {
  const rows = [];
  for (const [id, name] of [["memory-plan", "plan"], ["memory-upload", "upload"]]) {
    if (results.rows[id] === undefined) continue;
    const { samples, milliseconds, webAssembly, memory } = results.rows[id].details;
    rows.push([name, `${count(samples)} samples`, duration(milliseconds), bytes(webAssembly), "", bytes(memory), `${(memory / samples).toFixed(1)} B`]);
  }
  for (const { records, milliseconds, webAssembly, heap, resident } of results.rows["memory-walk"]?.details.points ?? []) {
    rows.push(["walk", `${count(records)} records`, duration(milliseconds), bytes(webAssembly), bytes(heap), bytes(resident), `${(resident / records).toFixed(1)} B`]);
  }
  if (rows.length === 0) return EMPTY;
  return table(["", "of", "time", "WebAssembly", "heap, after garbage collection", "peak of the process, beyond before", "for each"], rows, "lrrrrrr");
}

function measured(results) {
  const groups = new Map();
  for (const [id, { measured, size }] of Object.entries(results.rows)) {
    const { date, node, cpu, cores, load } = measured;
    const options = Object.entries(size).map(([name, number]) => `${name} ${count(number)}`).join(", ");
    const cells = [date, node, `${cpu}, ${cores} cores`, String(load), options];
    const key = cells.join("|");
    groups.set(key, { cells, ids: [...(groups.get(key)?.ids ?? []), id] });
  }
  if (groups.size === 0) return EMPTY;
  const rows = [...groups.values()].map(({ cells, ids }) => [ids.map((id) => `\`${id}\``).join(" "), ...cells]);
  return table(["rows", "day", "Node", "machine", "load before", "options"], rows, "llllrl");
}

function versions(results) {
  const found = new Map();
  for (const { measured } of Object.values(results.rows)) {
    for (const [name, version] of Object.entries(measured.versions)) found.set(name, (found.get(name) ?? new Set()).add(version));
  }
  if (found.size === 0) return EMPTY;
  return table(["library", "version"], [...found].map(([name, versions]) => [name, [...versions].join(", ")]), "ll");
}

/** A table whose columns are aligned to the left or to the right. */
function table(heads, rows, alignments) {
  const rules = [...alignments].map((alignment) => (alignment === "r" ? "---:" : "---"));
  return [heads, rules, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
