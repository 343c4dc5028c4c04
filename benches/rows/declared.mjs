// Every figure that is stated for the package: what is measured, against what, what it was before the work on it began
// ("before"), and what it has to reach. The results are in ../results.json.
//
// A row is measured by one bench. Its figures are computed from the details that this stores (`figures`), each with a
// bound: at least, at most, or within a tenth of it. A figure without a bound is shown for comparison.

import { apartOf, growthOf, importsOf, leadsOf, liveOf, memoryOf, pagesOf, peakOf, sizesOf, syncOf, walkMemoryOf, walkOf } from "./computed.mjs";

const HAND = ["hand-written", "hand-written JavaScript"];
const ZOD = ["zod", "zod 4"];
const TYPEBOX = ["typebox", "TypeBox + ajv"];
const INFLUX = ["influxdb-client", "influxdb-client, after checks by hand"];

/** A figure: its key, what it is compared with, what it was, and its bound. */
const figure = ([key, against], before = "", bound = {}) => ({ key, against, before, ...bound });
const least = (least) => ({ least });
const most = (most) => ({ most });
const about = (about) => ({ about });

/** What takes time or memory. `size` is what the figures are stated for: a result of less is a hint. */
export const ROWS = [
  {
    id: "plan",
    title: "NDJSON → plan",
    what: "NDJSON → plan, 10⁶ samples",
    bench: "send --only plan",
    unit: "faster",
    size: { samples: 1_000_000 },
    compute: leadsOf,
    figures: [
      figure(HAND, "10 – 16 ×", least(16)),
      figure(ZOD, "19 – 30 ×", least(30)),
      figure(TYPEBOX),
      figure(["simd-json", "native simd-json, parsing to a tape only"], "1.65 ×", least(1.6)),
    ],
  },
  {
    id: "upload",
    title: "NDJSON → upload",
    what: "NDJSON → upload, `fetch` that answers at once, ledger in memory",
    bench: "send --only upload",
    unit: "faster",
    size: { samples: 1_000_000 },
    compute: leadsOf,
    figures: [figure(HAND, "3.0 ×", least(4)), figure(ZOD, "5.4 ×", least(7)), figure(TYPEBOX), figure(INFLUX)],
  },
  {
    id: "upload-http",
    title: "NDJSON → upload over HTTP",
    what: "NDJSON → upload over real HTTP on loopback",
    bench: "send --only upload-http",
    unit: "faster",
    size: { samples: 1_000_000 },
    compute: leadsOf,
    figures: [figure(HAND, "2.0 ×", least(2.5)), figure(ZOD), figure(TYPEBOX), figure(INFLUX)],
  },
  {
    id: "objects",
    title: "Objects → upload",
    what: "objects → upload, `fetch` that answers at once",
    bench: "send --only objects",
    unit: "faster",
    size: { samples: 1_000_000 },
    compute: leadsOf,
    figures: [figure(HAND, "0.5 ×", least(0.8)), figure(ZOD, "1.3 ×", least(2.2)), figure(TYPEBOX), figure(INFLUX)],
  },
  {
    id: "objects-http",
    title: "Objects → upload over HTTP",
    what: "objects → upload over real HTTP on loopback",
    bench: "send --only objects-http",
    unit: "faster",
    size: { samples: 1_000_000 },
    compute: leadsOf,
    figures: [figure(HAND, "0.94 ×", least(1.05)), figure(ZOD), figure(TYPEBOX), figure(INFLUX)],
  },
  {
    id: "xml",
    title: "Apple Health export → upload",
    what: "Apple Health export.xml of 1 GB → upload",
    bench: "send --only xml",
    unit: "faster",
    size: { xmlBytes: 1_000_000_000 },
    compute: leadsOf,
    figures: [
      figure(["sax", "sax, with the same checks"], "22 ×", least(22)),
      figure(["sax-wasm", "sax-wasm, with the same checks"], "not measured", least(4)),
    ],
  },
  {
    id: "walk",
    title: "Walk, 50 ms away",
    what: "walk of 8 490 records 50 ms away",
    bench: "walk --only walk",
    unit: "faster",
    size: { rounds: 3 },
    compute: walkOf,
    figures: [
      figure(["octokit-50", "Octokit's paginate, both told pages of 50"], "5.5 ×", least(5.5)),
      figure(["octokit-set", "Octokit's paginate, nobody told a size"], "37 ×", least(37)),
      figure(["octokit-500", "Octokit's paginate, both told pages of 500"]),
      figure(["got-50", "got's pagination, pages of 50"]),
      figure(["ky-50", "ky in a loop by hand, pages of 50"]),
    ],
  },
  {
    id: "pages",
    title: "Processor time of a page over a bare loop",
    what: "processor time per page over a bare loop: fetch + json()",
    bench: "walk --only pages",
    unit: "microseconds",
    size: { rounds: 5 },
    compute: pagesOf,
    figures: [
      figure(["50", "pages of 50"], "140 – 157 µs", most(110)),
      figure(["500", "pages of 500"], "288 µs", most(250)),
    ],
  },
  {
    id: "sync",
    title: "First run of a sync",
    what: "sync, first run",
    bench: "sync --only cost",
    unit: "cost",
    size: { records: 1_000_000 },
    compute: syncOf,
    figures: [
      figure(["memory", "memory store, against the same loop by hand"], "1.2 – 1.5 ×", most(1.15)),
      figure(["file", "file store, against the same loop by hand"], "2.2 – 2.7 ×", most(1.35)),
      figure(["checkpoints", "checkpoints, against the same loop by hand"]),
    ],
  },
  {
    id: "live",
    title: "Sync of a list that grows",
    what: "sync of a list that gains 100 records a second: requests",
    bench: "sync --only live",
    unit: "cost",
    size: { rounds: 3 },
    compute: liveOf,
    figures: [figure(["requests", "the same list standing still"], "not measured", most(1.2))],
  },
  {
    id: "sync-memory",
    title: "Memory of a sync, 10⁵ to 2·10⁷ records",
    what: "sync, memory held from 10⁵ to 2·10⁷ records",
    bench: "sync --only memory --largest 20000000",
    unit: "cost",
    size: { largest: 20_000_000 },
    compute: memoryOf,
    figures: [
      figure(["memory", "itself, memory store"], "not measured", about(1)),
      figure(["checkpoints", "itself, checkpoints"], "not measured", about(1)),
    ],
  },
  {
    id: "import",
    title: "Import to first answer",
    what: "import to first answer, Node",
    bench: "import",
    unit: "milliseconds",
    size: { rounds: 31 },
    compute: importsOf,
    figures: [
      figure(["default", "the default entry over an equal module in JS"], "+ 38 ms", most(20)),
      figure(["read", "reading alone over an equal module in JS"], "+ 21 ms", most(10)),
    ],
  },
  {
    id: "growth",
    title: "Time for ten times as many samples",
    what: "growth: 10 × samples",
    bench: "send --only growth",
    unit: "cost",
    size: { samples: 1_000_000 },
    compute: growthOf,
    figures: [
      figure(["plan", "itself, plan of NDJSON"], "10 × ± 10 %", about(10)),
      figure(["send", "itself, upload of NDJSON"], "10 × ± 10 %", about(10)),
    ],
  },
  {
    id: "growth-walk",
    title: "Time for ten times as many pages",
    what: "growth: 10 × pages",
    bench: "walk --only growth",
    unit: "cost",
    size: { records: 1_000_000 },
    compute: apartOf,
    figures: [figure(["walk", "itself, walk in pages of 500"], "10 × ± 10 %", about(10))],
  },
  {
    id: "memory-plan",
    title: "Memory of a plan of 10⁷ samples",
    what: "memory: plan of 10⁷ samples, streamed",
    bench: "memory --only plan",
    unit: "bytes",
    size: { samples: 10_000_000 },
    compute: peakOf,
    figures: [
      figure(["webAssembly", "WebAssembly memory for each sample"], "", most(48)),
      figure(["peak", "peak of the whole process for each sample"]),
    ],
  },
  {
    id: "memory-upload",
    title: "Memory of an upload of 10⁷ samples",
    what: "memory: upload of 10⁷ samples, streamed, ledger in memory",
    bench: "memory --only upload",
    unit: "bytes",
    size: { samples: 10_000_000 },
    compute: peakOf,
    figures: [
      figure(["webAssembly", "WebAssembly memory for each sample"]),
      figure(["peak", "peak of the whole process for each sample"]),
    ],
  },
  {
    id: "memory-walk",
    title: "Memory of a walk of 10⁷ records",
    what: "memory: walk of 10⁷ records, each delivered once",
    bench: "memory --only walk",
    unit: "bytes",
    size: { records: 10_000_000 },
    compute: walkMemoryOf,
    figures: [
      figure(["webAssembly", "WebAssembly memory for each record: which ones came"]),
      figure(["heap", "JavaScript heap for each record"], "", most(1)),
    ],
  },
];

/** What a browser loads, after brotli 11, JavaScript included: 1 KB = 1000 bytes. */
export const SIZES = {
  id: "sizes",
  bench: "sizes",
  unit: "kilobytes",
  size: {},
  compute: sizesOf,
  figures: [
    { key: "slim/read", what: "`humansync/slim/read`", before: "61.6 KB", most: 53_000, files: "slim/read.js+slim/read.wasm" },
    { key: "read", what: "`humansync/read` (loads by itself)", before: "–", most: 57_000, files: "read/index.js" },
    { key: "slim/send", what: "`humansync/slim/send`", before: "104.2 KB", most: 93_000, files: "slim/send.js+slim/send.wasm" },
    { key: "send", what: "`humansync/send` (loads by itself)", before: "–", most: 98_000, files: "send/index.js" },
    { key: "slim", what: "`humansync/slim`, everything", before: "152.6 KB", most: 142_000, files: "slim.js+humansync.wasm" },
    { key: "index", what: "`humansync`, everything", before: "161.1 KB", most: 150_000, files: "index.js" },
  ],
};

/** Every row by its id. */
export const rowsById = new Map([...ROWS, SIZES].map((row) => [row.id, row]));

/** The factor that a figure has to reach, if it has one. */
export function leastOf(id, key) {
  return rowsById.get(id)?.figures.find((figure) => figure.key === key)?.least;
}

/** Whether a figure reaches its bound; `undefined` without one. */
export function isReached({ least, most, about }, value) {
  if (least !== undefined) return value >= least;
  if (most !== undefined) return value <= most;
  return about === undefined ? undefined : Math.abs(value / about - 1) <= 0.1;
}
