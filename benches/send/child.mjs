// Runs each round in its own process, so that no contender is affected by another's heap, caches or compiled code.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROUND = fileURLToPath(new URL("round.mjs", import.meta.url));

/** Measures one round; `what` is passed to round.mjs. */
export async function measured(what) {
  const child = spawn(process.execPath, [...process.execArgv, "--expose-gc", ROUND, JSON.stringify(what)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  if (code !== 0) throw new Error(`${what.contender} failed (${code})\n${complaint}`);
  return JSON.parse(output);
}

async function text(stream) {
  let all = "";
  for await (const part of stream.setEncoding("utf8")) all += part;
  return all;
}
