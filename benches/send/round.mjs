// One measurement in its own process: `node --expose-gc round.mjs '{"contender":…}'` prints the result as JSON.

import { readFileSync } from "node:fs";
import { forgetPeak, peak, watchWebAssembly, webAssemblyBytes } from "./memory.mjs";
import { answersAtOnce, looksAtAll, NOBODY } from "./server.mjs";
import { median } from "./statistics.mjs";

const { contender, work, kind, input, warmUp, url, compare = false, repeats = 1 } = JSON.parse(process.argv[2]);

watchWebAssembly();
const { prepare, send } = await import(`./contenders/${contender}.mjs`);
const given = load(input);
// The warm-up lets the engine compile the code, as in a process that has run for a second.
const served = url === undefined ? { url: NOBODY, fetch: answersAtOnce } : { url, fetch };
await run(load(warmUp), served);

const looked = compare ? looksAtAll() : undefined;
const server = looked === undefined ? served : { url: NOBODY, fetch: looked.fetch };
forgetPeak();
const [resident, linear] = [process.memoryUsage.rss(), webAssemblyBytes()];
const times = [];
const spent = [];
let counts;
for (let repeat = 0; repeat < repeats; repeat++) {
  globalThis.gc?.();
  const [began, before] = [performance.now(), process.cpuUsage()];
  counts = await run(given, server);
  times.push(performance.now() - began);
  const { user, system } = process.cpuUsage(before);
  spent.push((user + system) / 1000);
}
console.log(
  JSON.stringify({
    milliseconds: median(times),
    cpuMilliseconds: median(spent),
    counts,
    memory: Math.max(0, peak() - resident),
    webAssembly: { before: linear, after: webAssemblyBytes() },
    fingerprint: looked?.fingerprint(),
  }),
);

function run(source, server) {
  return work === "plan" ? prepare(kind, source) : send(kind, source, server);
}

/** Loads the input before the measurement. An export is read during it. */
function load(file) {
  if (kind === "export") return file;
  const bytes = new Uint8Array(readFileSync(file));
  if (kind === "ndjson") return bytes;
  return new TextDecoder().decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line));
}
