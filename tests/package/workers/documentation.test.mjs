// Every piece of JavaScript in the guide runs against the sandbox as its reader would run it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../node/support/installed.mjs";
import { startSandbox } from "../node/support/sandbox.mjs";
import { endOf } from "../stores/support/programs.mjs";
import { postgresFor } from "../support/servers/postgres.mjs";
import { programsFor } from "./support/crew.mjs";
import { node } from "./support/node.mjs";

const BY_HAND = "http://127.0.0.1:8787";
const text = readFileSync(join(root, "docs/workers.md"), "utf8");
const pieces = [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map(({ 1: source, index }) => ({ source, line: text.slice(0, index).split("\n").length + 1 }));

const atEnd = endOf((stop) => after(stop));
let sandbox;
let place;
let database;
before(async () => {
  sandbox = await startSandbox("--app-records", "6000");
  atEnd(() => sandbox.stop());
  place = programsFor(atEnd);
  ({ url: database } = await postgresFor(atEnd));
});

/** Whether a piece imports everything itself; the others have the first one above them. */
const isWhole = (source) => source.includes('from "humansync/workers"');

for (const { source, line } of pieces) {
  test(`docs/workers.md, line ${line}: runs unchanged`, { timeout: 240_000 }, async () => {
    const file = join(place, `piece-${line}.mjs`);
    writeFileSync(file, (isWhole(source) ? source : pieces[0].source + source).replaceAll(BY_HAND, sandbox.url));
    const child = spawn(node, [file], { cwd: place, env: { ...process.env, DATABASE_URL: database }, stdio: ["ignore", "pipe", "pipe"] });
    let [said, complained] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (complained += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.deepEqual({ complained, code }, { complained: "", code: 0 });
    assert.match(said, /^[1-9]\d* 2025-06-30T11:59:00Z$/m);
  });
}

test("the guide names every option, with its default", async () => {
  const types = readFileSync(join(root, "pkg-template/types/workers.ts"), "utf8");
  const [, body] = /export interface WorkersOptions[^{]*\{([^]*?)^\}/m.exec(types);
  const names = [...body.matchAll(/^  (\w+)\??:/gm)].map(([, name]) => name);
  assert.ok(names.length > 10);
  for (const name of names) assert.match(text, new RegExp(`^\\| \`${name}\` \\|`, "m"), name);
});
