// What is held of many samples that come as a stream.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ndjson } from "../send/inputs.mjs";
import { WARM_UP_SAMPLES } from "../send/rows.mjs";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));

/** Measures a `"plan"` or an `"upload"` of so many samples, in a process of its own. */
export async function measureSamples(work, samples, tell) {
  tell("the input");
  const given = { work, input: ndjson(samples), warmUp: ndjson(WARM_UP_SAMPLES) };
  tell(`${work} of ${samples} samples`);
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", CHILD, JSON.stringify(given)], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}
