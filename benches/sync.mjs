#!/usr/bin/env node
// `cargo xtask bench sync`: time, requests and memory of a first run over a year of all users, compared with a
// hand-written loop.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { bytes, count, duration } from "../examples/node/terminal/quantities.mjs";
import { screenOn } from "../examples/node/terminal/screen.mjs";
import { table } from "../examples/node/terminal/table.mjs";
import { startSandbox } from "../tests/package/node/support/sandbox.mjs";
import { median } from "./send/statistics.mjs";

const HELP = `A first run over a year of all users of an app, against a loop that is written by hand.

  cargo xtask bench sync [options]

  --records N        in the sandbox, of 1000 users and 16 types   default: 5000000
  --rounds N         measurements of each                         default: 1
  --no-build         dist/ as it is
  --help             this text

Each measurement is a process of its own, the contenders taking turns. Memory is the most that was resident in the whole process.`;

/** The contenders. None keeps the records. */
const CONTENDERS = ["humansync", "humansync, file store", "by hand"];
const LIMIT = 256 * 2 ** 20;

const screen = screenOn(process.stdout);
const { values } = parseArgs({
  options: { records: { type: "string", default: "5000000" }, rounds: { type: "string", default: "1" }, help: { type: "boolean", short: "h" } },
});
if (values.help) screen.line(HELP);
else await bench(Number(values.records), Number(values.rounds));

async function bench(records, rounds) {
  screen.heading(`A year of 1 000 users, ${count(records)} records`);
  const sandbox = await startSandbox("--app-records", String(records));
  const results = new Map(CONTENDERS.map((name) => [name, []]));
  try {
    // The sandbox makes its lists on the first request, which must not be part of the measurement.
    await sandbox.control("app");
    for (let round = 0; round < rounds; round++) {
      for (const name of CONTENDERS) results.get(name).push(await measured(name, sandbox.url));
    }
  } finally {
    await sandbox.stop();
  }
  const rows = CONTENDERS.map((name) => {
    const all = results.get(name);
    const middle = (key) => median(all.map((one) => one[key]));
    return [name, count(all[0].records), count(all[0].requests), duration(middle("milliseconds")), `${Math.round(middle("cpu") / all[0].requests)} µs`, bytes(middle("peak"))];
  });
  const right = { align: "right" };
  for (const line of table(screen, [{}, right, right, right, right, right], rows, ["", "records", "requests", "time", "cpu a request", "memory"])) screen.line(line);
  const peak = Math.max(...results.get("humansync, file store").map((one) => one.peak));
  const kept = peak <= LIMIT;
  screen.line();
  screen.line(`  ${screen.paint(kept ? "green" : "red", kept ? "✔" : "✘")} ${bytes(peak)} at most, of ${bytes(LIMIT)} (256 MiB)`);
  if (!kept) process.exitCode = 1;
}

async function measured(name, url) {
  const child = fileURLToPath(new URL("./sync/child.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child, name, url], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}
