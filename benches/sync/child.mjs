// One measurement in its own process: `node --expose-gc child.mjs '{"contender":…}'` prints the result as JSON.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetPeak, peak, watchWebAssembly, webAssemblyBytes } from "../send/memory.mjs";
import { heapSamples } from "./heap.mjs";

const { contender, task, warmUp, expected } = JSON.parse(process.argv[2]);

watchWebAssembly();
const folder = mkdtempSync(join(tmpdir(), "humansync-bench-"));
try {
  const { prepare } = await import(contender.library === undefined ? "./by-hand.mjs" : "./humansync.mjs");
  const run = prepare(contender, folder);
  for (let time = 0; time < (warmUp?.times ?? 0); time++) await run(warmUp.task);
  forgetPeak();
  const spentBefore = process.cpuUsage();
  const began = performance.now();
  const { onRecords, heap } = heapSamples(expected);
  const { records, requests } = await run(task, onRecords);
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage(spentBefore);
  console.log(JSON.stringify({ records, requests, milliseconds, cpu: user + system, peak: peak(), webAssembly: webAssemblyBytes(), heap: heap() }));
} finally {
  rmSync(folder, { recursive: true });
}
