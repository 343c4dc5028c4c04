// One measurement in its own process: `node --expose-gc child.mjs '{"contender":…}'` prints the result as JSON.
//
// `server` is the address of a sandbox, or `{ records }` for pages that this process makes by itself.

import { createHash } from "node:crypto";
import { forgetPeak, peak, watchWebAssembly, webAssemblyBytes } from "../send/memory.mjs";
import { median } from "../send/statistics.mjs";
import { heapSamples } from "../sync/heap.mjs";
import { pagesOf } from "./pages.mjs";

const { contender, server, limit, times = 1, warmUp = { list: "sleeps", times: 1 }, held = false } = JSON.parse(process.argv[2]);

watchWebAssembly();
const { prepare } = await import(`./contenders/${contender}.mjs`);
const made = (records) => ({ url: "http://127.0.0.1:9", fetch: pagesOf(records) });
const walk = prepare(typeof server === "string" ? { url: server } : made(server.records));
// Another list, or fewer records: the code is compiled then, and the connections are open.
const warm = warmUp.records === undefined ? walk : prepare(made(warmUp.records));
for (let time = 0; time < warmUp.times; time++) await warm({ list: warmUp.list ?? "activities", limit }, () => {});

forgetPeak();
const resident = process.memoryUsage.rss();
const heap = heapSamples(held ? server.records : undefined);
const [took, spent] = [[], []];
let result;
for (let time = 0; time < times; time++) {
  const ids = createHash("sha256");
  let records = 0;
  const [began, before] = [performance.now(), process.cpuUsage()];
  const pages = await walk({ list: "activities", limit }, (all) => {
    // Each record is looked at, and none is kept. Where time is measured by the processor, nobody makes a digest.
    if (times === 1) for (const { id } of all) ids.update(id);
    records += all.length;
    return heap.onRecords(records);
  });
  took.push(performance.now() - began);
  const { user, system } = process.cpuUsage(before);
  spent.push((user + system) / pages);
  result = { records, pages, ids: ids.digest("hex") };
}
console.log(
  JSON.stringify({
    ...result,
    milliseconds: median(took),
    cpuAPage: median(spent),
    memory: Math.max(0, peak() - resident),
    webAssembly: webAssemblyBytes(),
    heap: heap.heap(),
  }),
);
process.exit();
