// An export of 500 MB in Chromium: the page stays responsive, every sample arrives, and the test prints the memory
// used.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { arrived } from "./support/app.mjs";
import { launch } from "./support/engines.mjs";
import { startStage } from "./support/stage.mjs";

const SIZE = "500MB";
/** The longest task that the page's main thread may have, in milliseconds. */
const LONGEST = 100;
const MIB = 2 ** 20;

const RECORDS = { steps: "HKQuantityTypeIdentifierStepCount", bpm: "HKQuantityTypeIdentifierHeartRate" };

const skip = process.platform !== "linux" && "memory is measured as Linux tells it";
test(`${SIZE} are planned and sent without a long task, and every sample arrives`, { skip, timeout: 300_000 }, async (t) => {
  const stage = await startStage();
  t.after(() => stage.close());
  const path = join(stage.folder, "export.xml");
  await made(path);
  const { size } = statSync(path);
  assert.ok(size > 490_000_000, `${size} bytes`);
  const wanted = await recordsIn(path);

  const engine = await launch("chromium");
  t.after(() => engine.close());
  const tab = await engine.open(`${stage.url}#/send`);
  await tab.waitFor("#drop");
  // Tasks are recorded only from here on, because layout and the start of scripts have nothing to do with the file.
  await tab.evaluate(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(Math.round(duration));
    }).observe({ type: "longtask" });
  });
  const memory = renderers();
  const before = memory.now();
  memory.forgetPeak();

  const began = Date.now();
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: "Nothing has been sent yet", timeout: 120_000 });
  const plannedAfter = Date.now() - began;
  await tab.click("#start");
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 240_000 });
  const took = Date.now() - began;

  const longTasks = await tab.evaluate(() => globalThis.longTasks);
  const worst = Math.max(0, ...longTasks);
  const growth = memory.peak() - before;
  t.diagnostic(
    `${(size / 1e6).toFixed(0)} MB, ${wanted.steps + wanted.bpm} samples: planned in ${seconds(plannedAfter)}, all sent after ${seconds(took)}; ` +
      `tasks over 50 ms on the page's thread: ${longTasks.length}, the longest ${worst} ms; ` +
      `memory of the page and its Worker at most ${(growth / MIB).toFixed(0)} MiB above its ${(before / MIB).toFixed(0)} MiB at the start`,
  );
  assert.ok(worst <= LONGEST, `a task took ${worst} ms: ${longTasks}`);
  const { byType } = await stage.sandbox.control("samples");
  for (const [type, count] of Object.entries(wanted)) {
    assert.deepEqual([type, byType[type].distinct, byType[type].duplicates], [type, count, 0]);
  }
  assert.equal((await arrived(stage)).violationCount, 0);
});

/** Makes the export with the example's script. */
async function made(path) {
  const script = join(import.meta.dirname, "../../examples/node/make-export.mjs");
  const child = spawn(process.execPath, [script, path, "--bytes", SIZE], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
}

/** Counts the records of each type in the text of the file. */
async function recordsIn(path) {
  const counts = { steps: 0, bpm: 0 };
  let left = "";
  for await (const piece of createReadStream(path, { encoding: "latin1", highWaterMark: MIB })) {
    const text = left + piece;
    const end = text.lastIndexOf("\n") + 1;
    for (const [type, name] of Object.entries(RECORDS)) counts[type] += text.slice(0, end).split(`<Record type="${name}"`).length - 1;
    left = text.slice(end);
  }
  return counts;
}

/** The memory of the renderer processes of the browser that this process has started, as the system reports it. */
function renderers() {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(pid, / (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "latin1").split(")").at(-1).slice(2))[1]);
    } catch {
      // The process has ended in the meantime.
    }
  }
  const isOurs = (pid) => pid === String(process.pid) || (parents.has(pid) && isOurs(parents.get(pid)));
  const pids = [...parents.keys()].filter((pid) => isOurs(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("--type=renderer"));
  assert.ok(pids.length > 0, "there is no process that shows a page");
  const sum = (name) =>
    pids.reduce((sum, pid) => {
      const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"));
      return sum + Number(kilobytes) * 1024;
    }, 0);
  return {
    now: () => sum("VmRSS"),
    peak: () => sum("VmHWM"),
    forgetPeak: () => pids.forEach((pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5")),
  };
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
