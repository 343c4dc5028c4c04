// What is measured of walks: each measurement in a process of its own, the contenders taking turns.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../send/statistics.mjs";
import { withSandbox } from "../sync/measure.mjs";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));

/** How far away the server is of whom is waited for. */
export const LATENCY = "50ms";
/** The list of activities that a sandbox has. */
export const RECORDS = 8490;
/** Who walks at which size of a page; `set` where nobody tells one. */
const WALKS = [
  ["humansync", "50"],
  ["octokit", "50"],
  ["got", "50"],
  ["ky", "50"],
  ["humansync", "set"],
  ["octokit", "set"],
  ["humansync", "500"],
  ["octokit", "500"],
];
const LIMITS = { 50: 50, 500: 500, set: undefined };
/** Walks in a process, one after the other, of which the median counts. */
const TIMES = 6;
/** In the growth of a walk, and the size of its pages. */
const PAGE = 500;

/** Measures what `work` tells (child.mjs) in a process of its own. */
export async function measured(work) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", CHILD, JSON.stringify(work)], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}

/** The time of whole walks, 50 ms away. */
export function measureWalks(rounds, tell) {
  return withSandbox(["--latency", LATENCY], async ({ url }) => {
    const all = WALKS.map(() => []);
    for (let round = 1; round <= rounds; round++) {
      for (const [index, [contender, pages]] of WALKS.entries()) {
        tell(`round ${round} of ${rounds}: ${contender}, ${pages === "set" ? "no size" : `pages of ${pages}`}`);
        all[index].push(await measured({ contender, server: url, limit: LIMITS[pages] }));
      }
    }
    same(all.flat());
    const walks = WALKS.map(([contender, pages], index) => ({
      contender,
      pages,
      requests: all[index][0].pages,
      records: all[index][0].records,
      milliseconds: median(all[index].map(({ milliseconds }) => milliseconds)),
    }));
    return { walks };
  });
}

/** All have to have the same records in the same order. */
function same(results) {
  const [{ ids }] = results;
  const wrong = results.find((one) => one.ids !== ids || one.records !== RECORDS);
  if (wrong !== undefined) throw new Error(`a walk had ${wrong.records} records, or others than the first: all should have the same ${RECORDS}`);
}

/** Microseconds of processor time for each page, of the package and of a bare loop, from a server that does not wait. */
export function measurePages(rounds, tell) {
  return withSandbox([], async ({ url }) => {
    const sizes = [];
    const cases = [50, 500].flatMap((limit) => ["humansync", "bare"].map((contender) => ({ limit, contender })));
    const all = cases.map(() => []);
    for (let round = 1; round <= rounds; round++) {
      for (const [index, { limit, contender }] of cases.entries()) {
        tell(`round ${round} of ${rounds}: ${contender}, pages of ${limit}`);
        // About as many pages of either size.
        const times = Math.round((TIMES * limit) / 50);
        all[index].push(await measured({ contender, server: url, limit, times, warmUp: { list: "activities", times: times / 3 } }));
      }
    }
    for (const [index, { limit }] of cases.entries()) {
      if (index % 2 === 1) continue;
      const [humansync, bare] = [all[index], all[index + 1]].map((results) => median(results.map(({ cpuAPage }) => cpuAPage)));
      sizes.push({ limit, humansync, bare });
    }
    return { sizes };
  });
}

/** The time of a walk, and of one that is ten times as long. */
export async function measureGrowth(records, rounds, tell) {
  const cases = [records / 10, records];
  const all = cases.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, size] of cases.entries()) {
      tell(`round ${round} of ${rounds}: ${size} records`);
      const work = { contender: "humansync", server: { records: size }, limit: PAGE, warmUp: { records: 50_000, times: 2 } };
      all[index].push(await measured(work));
    }
  }
  const [small, large] = all.map((results) => ({
    records: results[0].records,
    pages: results[0].pages,
    milliseconds: median(results.map(({ milliseconds }) => milliseconds)),
  }));
  return { small, large };
}

/** What is held during a walk of 10⁵ records, and of `records`. */
export async function measureMemory(records, tell) {
  const points = [];
  for (const size of [...new Set([Math.min(100_000, records), records])]) {
    tell(`walk of ${size} records`);
    const work = { contender: "humansync", server: { records: size }, limit: PAGE, warmUp: { records: 100_000, times: 10 }, held: true };
    const { pages, milliseconds, heap, webAssembly, memory } = await measured(work);
    points.push({ records: size, pages, milliseconds, heap, webAssembly, resident: memory });
  }
  return { points };
}
