// The rows of the table: the work, the contenders, and the factor by which the package has to be faster.

import { exportXml, ndjson } from "./inputs.mjs";

const WARM_UP_SAMPLES = 50_000;
const WARM_UP_BYTES = 20_000_000;
/** The bytes of memory that each sample may take. */
const ROW = 48;
const MEBIBYTE = 1 << 20;

/** The rows by their names, for this number of samples and bytes of an export. */
export function rowsFor({ samples, xmlBytes, rounds, xmlRounds }) {
  const lines = { rounds, warmUp: () => ndjson(WARM_UP_SAMPLES), input: () => ndjson(samples) };
  const against = (hand, zod) => [
    { contender: "hand-written", atLeast: hand },
    { contender: "zod", atLeast: zod },
  ];
  return {
    plan: { ...lines, title: "NDJSON → plan", kind: "ndjson", work: "plan", peers: against(6, 10) },
    upload: { ...lines, title: "NDJSON → upload", kind: "ndjson", work: "send", peers: against(4, 7) },
    objects: { ...lines, title: "Objects → upload", kind: "objects", work: "send", peers: against(1, 3) },
    "objects-plan": { ...lines, title: "Objects → plan", kind: "objects", work: "plan", peers: against(undefined, undefined) },
    xml: {
      rounds: xmlRounds,
      warmUp: () => exportXml(WARM_UP_BYTES),
      input: () => exportXml(xmlBytes),
      title: "Apple Health export.xml → upload",
      kind: "export",
      work: "send",
      peers: [{ contender: "sax", atLeast: 6 }],
      most: { memory: 64 * MEBIBYTE, row: ROW },
    },
  };
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
