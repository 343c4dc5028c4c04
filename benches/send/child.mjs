// Runs each round in its own process, so that no contender is affected by another's heap, caches or compiled code.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Its program's place is in the environment. */
export const SIMD_JSON = "simd-json";
const ROUND = fileURLToPath(new URL("round.mjs", import.meta.url));

/** Measures one round; `what` is passed to round.mjs, but for the contender that is no JavaScript. */
export async function measured(what) {
  if (what.contender === SIMD_JSON) return roundOf(await output(SIMD_JSON, process.env.HUMANSYNC_BENCH_SIMD_JSON, [what.input]));
  return output(what.contender, process.execPath, [...process.execArgv, "--expose-gc", ROUND, JSON.stringify(what)]);
}

/** The program of ../simd-json/ tells its time, which is on one core, and the number of lines. */
function roundOf({ milliseconds, lines, how }) {
  const unknown = { memory: undefined, webAssembly: { before: 0, after: 0 } };
  return { milliseconds, cpuMilliseconds: milliseconds, counts: { lines }, how, ...unknown };
}

/** The JSON that a program prints. */
async function output(contender, program, given) {
  if (program === undefined) throw new Error(`${contender} is compiled by \`cargo xtask bench\`, which tells the place of its program`);
  const child = spawn(program, given, { stdio: ["ignore", "pipe", "pipe"] });
  const [printed, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  if (code !== 0) throw new Error(`${contender} failed (${code})\n${complaint}`);
  return JSON.parse(printed);
}

async function text(stream) {
  let all = "";
  for await (const part of stream.setEncoding("utf8")) all += part;
  return all;
}
