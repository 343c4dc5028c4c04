// Contenders, and how they are measured: each measurement in a process of its own, the contenders taking turns.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSandbox } from "../../tests/package/node/support/sandbox.mjs";
import { median } from "../send/statistics.mjs";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));

/** Measures what `work` tells (child.mjs) in a process of its own. */
export async function measured(work) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", CHILD, JSON.stringify(work)], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}

/** Starts a sandbox with `flags`, and stops it when `work` with it is done. */
export async function withSandbox(flags, work) {
  const sandbox = await startSandbox(...flags);
  try {
    return await work(sandbox);
  } finally {
    await sandbox.stop();
  }
}

/**
 * The same with a sandbox whose clock runs with this machine's, so that the two agree as they do in production. `work` is
 * also given a function that returns the instant so many days before its start.
 */
export function withSandboxOfNow(flags, work) {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const all = [...flags, "--clock", "running", "--now", new Date(now).toISOString()];
  return withSandbox(all.map(String), (sandbox) => work(sandbox, (days) => new Date(now - days * 86_400_000).toISOString()));
}

/**
 * Measures each of `cases` in each of `rounds`, in turns. Returns for each case its first result, with the medians of
 * what varies.
 */
export async function inTurns(screen, rounds, cases, measureOne) {
  const results = cases.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, one] of cases.entries()) {
      if (screen.live) screen.draft(`  round ${round} of ${rounds}: ${one.name}`);
      results[index].push(await measureOne(one));
    }
  }
  screen.clear();
  return results.map((all) => {
    const middle = (key) => median(all.map((one) => one[key]));
    const medians = ["records", "requests", "milliseconds", "cpu", "peak", "webAssembly"].map((key) => [key, middle(key)]);
    return { ...all[0], ...Object.fromEntries(medians), highestPeak: Math.max(...all.map((one) => one.peak)) };
  });
}
