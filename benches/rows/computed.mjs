// Computes the figures of a row from the details that its bench stored: each function returns them by their keys.

/** How many times as long the others take. */
export function leadsOf({ contenders }) {
  const [ours, ...others] = contenders;
  return Object.fromEntries(others.map(({ contender, milliseconds }) => [contender, milliseconds / ours.milliseconds]));
}

/** The same of walks, in which each contender is compared with the package at the same setting. */
export function walkOf({ walks }) {
  const ours = new Map(walks.filter(({ contender }) => contender === "humansync").map(({ pages, milliseconds }) => [pages, milliseconds]));
  const others = walks.filter(({ contender }) => contender !== "humansync");
  return Object.fromEntries(others.map(({ contender, pages, milliseconds }) => [`${contender}-${pages}`, milliseconds / ours.get(pages)]));
}

/** Microseconds of processor time for each page, beyond those of the bare loop. */
export function pagesOf({ sizes }) {
  return Object.fromEntries(sizes.map(({ limit, humansync, bare }) => [limit, humansync - bare]));
}

/** The time of a first run, as a multiple of the loop's by hand. */
export function syncOf({ runs }) {
  const { milliseconds: byHand } = runs.find(({ contender }) => contender === "by hand");
  const others = runs.filter(({ contender }) => contender !== "by hand");
  return Object.fromEntries(others.map(({ contender, milliseconds }) => [contender, milliseconds / byHand]));
}

/** The requests for a list that grows, as a multiple of those for one that stands still. */
export function liveOf({ lists }) {
  const [{ still, growing }] = lists;
  return { requests: growing.requests / still.requests };
}

/** What is held at the size that is farthest from the smallest one, as a multiple of it. */
export function memoryOf({ series }) {
  return Object.fromEntries(series.map(({ contender, points }) => [contender, farthest(points)]));
}

function farthest([first, ...others]) {
  const ratios = others.map(({ held }) => held / first.held);
  return ratios.reduce((far, ratio) => (Math.abs(ratio - 1) > Math.abs(far - 1) ? ratio : far), 1);
}

/** Bytes for each record beyond those of the shortest walk. */
export function walkMemoryOf({ points }) {
  const [first, last] = [points[0], points.at(-1)];
  const more = (key) => (last[key] - first[key]) / (last.records - first.records);
  return { webAssembly: more("webAssembly"), heap: more("heap") };
}

/** Milliseconds from the start of a process to its first answer, beyond those of the equal module in JavaScript. */
export function importsOf({ entries }) {
  const { milliseconds: plain } = entries.find(({ entry }) => entry === "plain");
  const others = entries.filter(({ entry }) => entry !== "plain");
  return Object.fromEntries(others.map(({ entry, milliseconds }) => [entry, milliseconds - plain]));
}

/** How many times as long ten times as much takes. */
export function growthOf({ works }) {
  return Object.fromEntries(works.map(({ work, small, large }) => [work, (large.milliseconds / small.milliseconds) * (10 / (large.samples / small.samples))]));
}

/** The same of a walk. */
export function apartOf({ small, large }) {
  return { walk: (large.milliseconds / small.milliseconds) * (10 / (large.records / small.records)) };
}

/** Bytes for each sample. */
export function peakOf({ samples, webAssembly, memory }) {
  return { webAssembly: webAssembly / samples, peak: memory / samples };
}

/** Bytes. */
export function sizesOf({ entries }) {
  return entries;
}
