// Measures one contender's first run in its own process.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [, , name, url] = process.argv;
const SINCE = "2024-06-30T12:00:00Z";

const folder = mkdtempSync(join(tmpdir(), "humansync-bench-"));
try {
  const run = name === "by hand" ? (await import("./by-hand.mjs")).run : (await import("./humansync.mjs")).run;
  const began = performance.now();
  const { records, requests } = await run(url, SINCE, name.endsWith("file store") ? folder : undefined);
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ records, requests, milliseconds, cpu: user + system, peak: peak() }));
} finally {
  rmSync(folder, { recursive: true });
}

/** The largest resident set size, in bytes. */
function peak() {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
