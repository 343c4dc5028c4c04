// The time from the start of a process to its first answer, by the entry that it imports.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../send/statistics.mjs";
import { withSandbox } from "../sync/measure.mjs";

const ENTRIES = fileURLToPath(new URL("./entries/", import.meta.url));
const PACKAGE = new URL("../../dist/package.json", import.meta.url);

/** Processes of each entry that are not counted: until then files come from the disk. */
const WARM_UPS = 2;

/** Measures `rounds` processes of each entry, which take turns. */
export function measureImports(rounds, tell) {
  const loadsByItself = JSON.parse(readFileSync(PACKAGE, "utf8")).exports["./read"] !== undefined;
  const entries = [
    { entry: "plain", file: "plain.mjs" },
    { entry: "default", file: "default.mjs" },
    { entry: "read", file: loadsByItself ? "read.mjs" : "slim-read.mjs" },
  ];
  return withSandbox([], async ({ url }) => {
    const all = entries.map(() => []);
    const answers = new Set();
    for (let round = 1 - WARM_UPS; round <= rounds; round++) {
      tell(round < 1 ? "warming up" : `round ${round} of ${rounds}`);
      for (const [index, { file }] of entries.entries()) {
        const { stdout } = await promisify(execFile)(process.execPath, [join(ENTRIES, file), url]);
        const { milliseconds, ...answer } = JSON.parse(stdout);
        answers.add(JSON.stringify(answer));
        if (round >= 1) all[index].push(milliseconds);
      }
    }
    if (answers.size !== 1) throw new Error(`the entries have different answers: ${[...answers].join(" ")}`);
    return {
      entries: entries.map(({ entry }, index) => ({ entry, milliseconds: median(all[index]), rounds: all[index] })),
      loadsByItself,
    };
  });
}
