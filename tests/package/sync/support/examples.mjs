// The scripts of examples/node in processes of their own, which may be killed at any moment.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folder, root } from "../../node/support/installed.mjs";

/** A copy of the scripts beside the installed package, removed when the test `after` belongs to ends. */
export function scriptsFor(after) {
  const place = mkdtempSync(join(folder, "killed-"));
  after(() => rmSync(place, { recursive: true, force: true }));
  cpSync(join(root, "examples/node"), place, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  return place;
}

/**
 * Runs a script. With `killAfter`, it gets a SIGKILL so many milliseconds after it has begun to sync, unless it has ended.
 * Returns how it ended, and how many milliseconds it synced.
 */
export async function ran(place, script, args, { killAfter } = {}) {
  const { HUMANSYNC_APP_KEY: _, HUMANSYNC_CLIENT_ID: __, DATABASE_URL: ___, ...env } = process.env;
  const child = spawn(process.execPath, [join(place, script), ...args], { cwd: place, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let complained = "";
  let began;
  let killer;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
    if (began === undefined && said.includes("All users of")) {
      began = performance.now();
      if (killAfter !== undefined) killer = setTimeout(() => child.kill("SIGKILL"), killAfter);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text) => (complained += text));
  const [code, signal] = await new Promise((resolve) => child.once("close", (...ended) => resolve(ended)));
  clearTimeout(killer);
  return { code, signal, said, complained, took: performance.now() - began };
}
