// The rows of the table: the work and the contenders. The factors by which the package has to be faster are in
// ../rows/declared.mjs.

import { leastOf } from "../rows/declared.mjs";
import { exportXml, ndjson } from "./inputs.mjs";

export const WARM_UP_SAMPLES = 50_000;
const WARM_UP_BYTES = 20_000_000;
/** The bytes of memory that each sample may take. */
const ROW = 48;
const MEBIBYTE = 1 << 20;

/** The rows by their names, for this number of samples and bytes of an export. */
export function rowsFor({ samples, xmlBytes, rounds, xmlRounds }) {
  const lines = { rounds, warmUp: () => ndjson(WARM_UP_SAMPLES), input: () => ndjson(samples) };
  const row = (name, title, rest) => {
    const { peers, ...others } = rest;
    return [name, { ...others, title, peers: peers.map((contender) => ({ contender, atLeast: leastOf(name, contender) })) }];
  };
  const writers = ["hand-written", "zod", "typebox", "influxdb-client"];
  return Object.fromEntries([
    row("plan", "NDJSON → plan", { ...lines, kind: "ndjson", work: "plan", peers: ["hand-written", "zod", "typebox", "simd-json"] }),
    row("upload", "NDJSON → upload", { ...lines, kind: "ndjson", work: "send", peers: writers }),
    row("upload-http", "NDJSON → upload over HTTP", { ...lines, kind: "ndjson", work: "send", http: true, peers: writers }),
    row("objects", "Objects → upload", { ...lines, kind: "objects", work: "send", peers: writers }),
    row("objects-http", "Objects → upload over HTTP", { ...lines, kind: "objects", work: "send", http: true, peers: writers }),
    row("objects-plan", "Objects → plan", { ...lines, kind: "objects", work: "plan", peers: ["hand-written", "zod", "typebox"] }),
    row("xml", "Apple Health export.xml → upload", {
      rounds: xmlRounds,
      warmUp: () => exportXml(WARM_UP_BYTES),
      input: () => exportXml(xmlBytes),
      kind: "export",
      work: "send",
      peers: ["sax", "sax-wasm"],
      most: { memory: 64 * MEBIBYTE, row: ROW },
    }),
  ]);
}

/** How the package's own time and memory grow, from a tenth of the samples to all of them. */
export function growthFor({ samples, rounds }) {
  const of = (work) => ({
    title: `${work === "plan" ? "plan" : "upload"} of NDJSON`,
    rounds,
    kind: "ndjson",
    work,
    warmUp: () => ndjson(WARM_UP_SAMPLES),
    inputs: [() => ndjson(Math.floor(samples / 10)), () => ndjson(samples)],
    // An upload has no limit here, because it also keeps the ledger for the store.
    ...(work === "plan" && { most: ROW }),
  });
  return [of("plan"), of("send")];
}
