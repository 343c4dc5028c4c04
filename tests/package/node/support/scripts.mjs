// The scripts of examples/node, run beside the installed package.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folder, root } from "./installed.mjs";

/** A copy of the scripts, removed when the test or file that `after` belongs to ends. */
export function scriptsFor(after) {
  const place = mkdtempSync(join(folder, "scripts-"));
  after(() => rmSync(place, { recursive: true, force: true }));
  // Its own node_modules are left out, so that it imports the package that is installed in the folder above.
  cpSync(join(root, "examples/node"), place, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  return place;
}

/** Starts a script in that folder. Nothing of this environment that a script reads as an option reaches it. */
export function startScript(place, script, args) {
  const { HUMANSYNC_TOKEN: _, HUMANSYNC_APP_KEY: __, HUMANSYNC_CLIENT_ID: ___, HUMANSYNC_CLIENT_SECRET: ____, DATABASE_URL: _____, ...env } = process.env;
  const child = spawn(process.execPath, [join(place, script), ...args], { cwd: place, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}

/** Runs a script to its end; `watch(said, child)` is called with its output so far. */
export async function outcomeOf(place, script, args, watch = () => {}) {
  const child = startScript(place, script, args);
  let said = "";
  let complained = "";
  child.stdout.on("data", (text) => watch((said += text), child));
  child.stderr.on("data", (text) => (complained += text));
  const [code, signal] = await new Promise((resolve) => child.once("close", (...ended) => resolve(ended)));
  return { code, signal, said, complained };
}
