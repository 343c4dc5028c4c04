// The sandbox's app, with what tests need to change and inspect it, and a folder with the package for consumers in
// processes of their own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { imported, packageFolder, root } from "../../node/support/installed.mjs";
import { startSandbox } from "../../node/support/sandbox.mjs";
import { folderFor } from "../../stores/support/programs.mjs";

export const TYPES = [
  "activities",
  "activities/summaries",
  "sleeps",
  "sleeps/summaries",
  "locations",
  "heart_rates",
  "heart_rate/summaries",
  "bmis",
  "body_fats",
  "heights",
  "weights",
  "blood_pressures",
  "blood_glucoses",
  "blood_oxygens",
  "food/meals",
  "genetic_traits",
];
/** A year before the sandbox's clock. */
export const SINCE = "2024-06-30T12:00:00Z";

/** A sandbox that is stopped when the test `after` belongs to ends, with what tests ask of its app. */
export async function appFor(after, ...flags) {
  const sandbox = await startSandbox(...flags);
  after(() => sandbox.stop());
  return {
    ...sandbox,
    change: (change) => sandbox.control("app/mutate", change),
    pass: (advanceSeconds) => sandbox.control("clock", { advanceSeconds }),
    look: () => sandbox.control("app"),
    async dump(type) {
      const text = await (await fetch(new URL(`/_sandbox/app/dump/${type}`, sandbox.url))).text();
      return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    },
  };
}

/** A client of the sandbox's app. */
export async function clientOf(app, options = {}) {
  const { AppClient } = await imported();
  return new AppClient({ clientId: "demo-app", appKey: "demo-app-key", baseUrl: app.url, ...options });
}

/** Asserts that a consumer has every record of the sandbox, and no other. `recordsOf` returns its records of a type. */
export async function assertEqual(app, recordsOf) {
  const keyOf = ({ humanId, id, trait }) => `${humanId}/${id ?? trait}`;
  let rows = 0;
  for (const type of TYPES) {
    const kept = new Map((await recordsOf(type)).map((record) => [keyOf(record), record]));
    for (const record of await app.dump(type)) {
      const key = keyOf(record);
      assert.ok(kept.has(key), `${type} ${key} was not delivered`);
      // JSON is compared much faster than objects, whose members may be in another order.
      if (JSON.stringify(kept.get(key)) !== JSON.stringify(record)) assert.deepEqual(kept.get(key), record, `${type} ${key} was not delivered in its last state`);
      kept.delete(key);
      rows++;
    }
    assert.equal(kept.size, 0, `${type} has rows that the server has not: ${[...kept.keys()].slice(0, 3)}`);
  }
  return rows;
}

/** Asserts that no request was refused, and that none asked for more than 31 days. */
export async function assertWithinRules(app) {
  const { refusedSpans, refusedQueries, maxSpanSeconds } = await app.look();
  assert.deepEqual({ refusedSpans, refusedQueries }, { refusedSpans: 0, refusedQueries: 0 });
  assert.ok(maxSpanSeconds <= 31 * 86_400, `${maxSpanSeconds} seconds in one query`);
}

/** A folder for consumers, removed when the test `after` belongs to ends. */
export function consumersFor(after) {
  const folder = folderFor(after);
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  mkdirSync(join(folder, "sync"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  cpSync(packageFolder, join(modules, "humansync"), { recursive: true });
  symlinkSync(join(root, "node_modules/libsql"), join(modules, "libsql"));
  // The example's SQLite module, with what it imports.
  for (const name of ["arguments.mjs", "sync/sqlite.mjs"]) cpSync(join(root, "examples/node", name), join(folder, name));
  cpSync(new URL("tables.mjs", import.meta.url), join(folder, "sync/tables.js"));
  cpSync(new URL("../programs/consumer.js", import.meta.url), join(folder, "sync/consumer.js"));
  return folder;
}

/** Runs the consumer, and returns its steps and how it ended. */
export async function consume(folder, options) {
  const child = spawn(process.execPath, [join(folder, "sync/consumer.js"), JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
  const steps = [];
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => steps.push(JSON.parse(line)));
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  await new Promise((resolve) => lines.once("close", resolve));
  return { steps, ...(await ended), complaint };
}
