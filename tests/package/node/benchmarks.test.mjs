// docs/benchmarks.md: it has what the stored results say, its bounds are judged, and those who are compared do the same.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { charts } from "../../../benches/rows/charts.mjs";
import { isReached, ROWS, rowsById, SIZES } from "../../../benches/rows/declared.mjs";
import { filledIn } from "../../../benches/rows/document.mjs";
import { figuresOf, isHint } from "../../../benches/rows/figures.mjs";
import { printTable } from "../../../benches/rows/table.mjs";
import { bound, written } from "../../../benches/rows/units.mjs";
import { looksAtAll, NOBODY } from "../../../benches/send/server.mjs";
import { screenOn } from "../../../examples/node/terminal/screen.mjs";
import { root } from "./support/installed.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const page = read("docs/benchmarks.md");
const stored = JSON.parse(read("benches/results.json"));

/** Compares texts; a difference is shown by its first line, and not by two whole pages. */
function sameText(found, expected, what) {
  const [left, right] = [found, expected].map((text) => text.split("\n"));
  const first = left.findIndex((line, index) => line !== right[index]);
  if (found !== expected) assert.fail(`${what}, line ${first + 1}: computed is “${left[first]}”, and there is “${right[first]}”`);
}

test("the page and its charts have what the results say: `cargo xtask bench --table --write` makes it so", () => {
  sameText(filledIn(page, stored), page, "docs/benchmarks.md");
  const drawn = new Map(charts(stored));
  const folder = join(root, "docs/benchmarks");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  assert.deepEqual(files.sort(), [...drawn.keys()].sort());
  for (const [name, svg] of drawn) sameText(svg, read(`docs/benchmarks/${name}`), name);
});

test("every stored row is declared, and gives every figure that is", () => {
  for (const [id, { details, measured }] of Object.entries(stored.rows)) {
    const row = rowsById.get(id);
    assert.ok(row !== undefined, id);
    const values = row.compute(details);
    // A build may lack an entry, whose size is then missing.
    const expected = row === SIZES ? Object.keys(values) : row.figures.map(({ key }) => key);
    for (const key of expected) assert.ok(Number.isFinite(values[key]), `${id}: ${key} is ${values[key]}`);
    for (const key of Object.keys(values)) assert.ok(row.figures.some((figure) => figure.key === key), `${id}: ${key} is not declared`);
    for (const field of ["date", "node", "cpu", "cores", "versions"]) assert.ok(measured[field] !== undefined, `${id}: ${field}`);
  }
});

test("every row is measured by a bench that there is, and `bench all` runs them all", () => {
  const all = read("benches/all.mjs");
  for (const { id, bench } of rowsById.values()) {
    const [name] = bench.split(" ");
    assert.ok(existsSync(join(root, "benches", `${name}.mjs`)), `${id}: ${bench}`);
    assert.ok(all.includes(`["${name}"`), `${id}: ${bench}`);
  }
});

const circumstances = { date: "2026-01-02", node: "v22.0.0", cpu: "A processor", cores: 2, load: 0.1, versions: { zod: "4.0.0", sax: "1.0.0" } };
const contender = (contender, milliseconds) => {
  return { contender, milliseconds, cpuMilliseconds: milliseconds, rounds: [milliseconds], memory: 1e6, webAssembly: 0 };
};
const result = (size, details) => ({ measured: circumstances, size, details });
const plan = (handWritten) => ({
  samples: 1000,
  contenders: [contender("humansync", 10), contender("hand-written", handWritten), contender("zod", 310), contender("typebox", 100), contender("simd-json", 9)],
});

test("a bound is reached exactly from itself on", () => {
  assert.deepEqual([15.99, 16, 17].map((value) => isReached({ least: 16 }, value)), [false, true, true]);
  assert.deepEqual([1.1, 1.15, 1.16].map((value) => isReached({ most: 1.15 }, value)), [true, true, false]);
  assert.deepEqual([8.9, 9.1, 10.9, 11.1].map((value) => isReached({ about: 10 }, value)), [false, true, true, false]);
  assert.equal(isReached({}, 5), undefined);
});

test("the page tells what is reached, what is not, where others are ahead, and what was measured with less", () => {
  const sizes = [{ limit: 50, humansync: 300, bare: 200 }, { limit: 500, humansync: 900, bare: 600 }];
  const rows = { plan: result({ samples: 1_000_000 }, plan(155)), pages: result({ rounds: 1 }, { sizes }) };
  const filled = filledIn(page, { rows });
  assert.match(filled, /\| NDJSON → plan, 10⁶ samples \| hand-written JavaScript \| 10 – 16 × \| ≥ 16 × \| 15\.5 × ❌ \|/);
  assert.match(filled, /\|  \| zod 4 \| 19 – 30 × \| ≥ 30 × \| 31\.0 × ✅ \|/);
  assert.match(filled, /\|  \| TypeBox \+ ajv \|  \|  \| 10\.0 × \|/);
  assert.match(filled, /^- NDJSON → plan: \*\*native simd-json, parsing to a tape only\*\* is 1\.11 × as fast\.$/m);
  assert.match(filled, /fetch \+ json\(\) \(\*a hint: measured with less\*\) \| pages of 50 \| 140 – 157 µs \| ≤ 110 µs \| \+ 100 µs ✅ \|/);
  assert.match(filled, /\| Apple Health export\.xml of 1 GB → upload \| .* \| not measured \|/);
  assert.match(filled, /!\[.*\]\(benchmarks\/send\.svg\)/);
});

test("a page without a place for a table, or with one that is not computed, is an error", () => {
  assert.throws(() => filledIn(page.replace("<!-- table: send -->", ""), stored), /no place for "table: send"/);
  assert.throws(() => filledIn(`${page}\n<!-- table: other -->\n<!-- end -->\n`, stored), /"other", which is not computed/);
});

test("a result of less than what is stated is a hint", () => {
  const row = rowsById.get("plan");
  assert.equal(isHint(row, { rows: { plan: result({ samples: 20_000 }, plan(155)) } }), true);
  assert.equal(isHint(row, { rows: { plan: result({ samples: 1_000_000 }, plan(155)) } }), false);
  assert.equal(isHint(row, { rows: {} }), false);
});

test("the figures of a row are those of its details", () => {
  const { value, reached } = figuresOf(rowsById.get("plan"), { rows: { plan: result({}, plan(160)) } })[0];
  assert.deepEqual([value, reached], [16, true]);
  const points = [{ held: 100 }, { held: 104 }, { held: 91 }];
  assert.equal(rowsById.get("sync-memory").compute({ series: [{ contender: "memory", points }] }).memory, 0.91);
  const runs = [{ contender: "memory", milliseconds: 6 }, { contender: "by hand", milliseconds: 5 }];
  assert.equal(rowsById.get("sync").compute({ runs }).memory, 1.2);
  const all = [["humansync", "50", 2], ["humansync", "set", 1], ["octokit", "50", 10], ["octokit", "set", 37]];
  const walks = all.map(([contender, pages, milliseconds]) => ({ contender, pages, milliseconds }));
  assert.deepEqual(rowsById.get("walk").compute({ walks }), { "octokit-50": 5, "octokit-set": 37 });
});

test("figures are written with their units, and sizes are never rounded down to their bound", () => {
  const texts = {
    faster: [[0.834, "0.83 ×"], [12.34, "12.3 ×"], [123.4, "123 ×"]],
    cost: [[1.2, "1.20 ×"]],
    microseconds: [[-3, "− 3.0 µs"]],
    milliseconds: [[20.4, "+ 20 ms"]],
    bytes: [[-0.01, "0.0 B"], [57.4, "57 B"]],
    kilobytes: [[53_001, "53.1 KB"]],
  };
  for (const [unit, pairs] of Object.entries(texts)) for (const [value, text] of pairs) assert.equal(written(unit, value), text);
  assert.equal(bound("kilobytes", { most: 53_000 }), "≤ 53 KB");
  assert.equal(bound("faster", { least: 1.05 }), "≥ 1.05 ×");
  assert.equal(bound("cost", { about: 10 }), "10 × ± 10 %");
  assert.equal(bound("cost", {}), "");
});

test("the table has every row, fits 120 columns, and says how to measure what is missing", () => {
  for (const rows of [stored.rows, {}, { plan: result({ samples: 20_000 }, plan(155)) }]) {
    let text = "";
    const screen = screenOn({ isTTY: true, columns: 200, hasColors: () => false, write: (part) => (text += part) }, {});
    printTable(screen, { rows });
    const lines = text.split("\n");
    assert.deepEqual(lines.filter((line) => line.length > 120), []);
    for (const row of ROWS) {
      assert.ok(lines.some((line) => line.startsWith(`  ${row.what.replaceAll("`", "")}`)), row.what);
      if (rows[row.id] === undefined) assert.ok(text.includes(`not measured: cargo xtask bench ${row.bench} --write`), row.id);
    }
  }
});

test("the table counts only what was measured as it is stated", () => {
  const summary = (rows) => {
    let text = "";
    printTable(screenOn({ isTTY: false, write: (part) => (text += part) }, {}), { rows });
    return text.trimEnd().split("\n").at(-1).trim();
  };
  const all = Number(/^0 of (\d+) bounds reached, \1 not measured$/.exec(summary({}))?.[1]);
  assert.ok(all >= 30, `${all} bounds`);
  assert.equal(summary({ plan: result({ samples: 1_000_000 }, plan(155)) }), `1 of ${all} bounds reached, ${all - 3} not measured`);
  assert.equal(summary({ plan: result({ samples: 20_000 }, plan(155)) }), `0 of ${all} bounds reached, 3 measured with less, ${all - 3} not measured`);
});

test("every contender of sending sends the same samples, and rejects the same", async () => {
  const sample = (index) => ({
    device_name: index % 3 === 0 ? "Anna’s Watch, old = 2" : "iPhone 15",
    ...(index % 2 === 0 && { device_version: "17.0.3" }),
    start_date: new Date(1_700_000_000_000 + index * 60_000).toISOString().replace("Z", "+00:00"),
    ...(index % 5 !== 0 && { end_date: new Date(1_700_000_000_000 + index * 60_000 + 1000).toISOString() }),
    unit: index % 7 === 0 ? "count/min" : "count",
    value: 1 + (index % 250) / 4,
  });
  const broken = [
    { value: 0 }, { value: 30_001, unit: "count" }, { value: "4" }, { unit: "steps" },
    { device_name: "" }, { device_version: null }, { other: 1 },
    { start_date: "2023-02-30T00:00:00+04:00" }, { start_date: undefined }, { end_date: "2020-01-01T00:00:00Z" }, { end_date: "yesterday" },
  ];
  const samples = [...Array.from({ length: 2500 }, (_, index) => sample(index)), ...broken.map((change) => ({ ...sample(1), ...change }))];
  const lines = new TextEncoder().encode(`${samples.map((one) => JSON.stringify(one)).join("\n")}\nnot JSON\n`);
  for (const [kind, input, rejected] of [["objects", samples, broken.length], ["ndjson", lines, broken.length + 1]]) {
    const found = {};
    for (const name of ["hand-written", "zod", "typebox", "influxdb-client"]) {
      const { send } = await import(`../../../benches/send/contenders/${name}.mjs`);
      const looked = looksAtAll();
      assert.deepEqual(await send(kind, input, { url: NOBODY, fetch: looked.fetch }), { samples: 2500, rejected, batches: 3 }, name);
      found[name] = looked.fingerprint();
    }
    const { sequence, sizes, instants } = found["hand-written"];
    for (const name of ["zod", "typebox"]) assert.deepEqual([found[name].sequence, found[name].sizes], [sequence, sizes], name);
    assert.equal(found["influxdb-client"].instants, instants);
  }
});
