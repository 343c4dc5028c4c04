// Programs for Node, unbundled and bundled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import webpack from "webpack";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertJobs, assertRead } from "./support/expected.mjs";
import { project } from "./support/project.mjs";

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox.stop());

const run = (file) => execFileSync(process.execPath, [file, sandbox.url], { encoding: "utf8" });

test("an ES module reads", async (t) => {
  await assertRead(JSON.parse(run(join(project(t), "node.js"))), sandbox);
});

test("a CommonJS script reads", (t) => {
  assert.equal(run(join(project(t), "required.cjs")).trim(), "kg");
});

test("an ES module reads and sends with the entries by job", (t) => {
  assertJobs(JSON.parse(run(join(project(t), "jobs-node.js"))));
});

test("a CommonJS script reads and plans with the entries by job", (t) => {
  assert.equal(run(join(project(t), "jobs-required.cjs")).trim(), "kg 0");
});

for (const format of ["esm", "cjs"]) {
  test(`a bundle that esbuild makes for Node of the entries by job, ${format}, reads and sends without the package next to it`, async (t) => {
    const outfile = join(project(t), "elsewhere", format === "esm" ? "bundle.mjs" : "bundle.cjs");
    const options = { absWorkingDir: project(t), entryPoints: ["jobs-node.js"], bundle: true, platform: "node", format, outfile };
    const { warnings } = await build({ ...options, logLevel: "silent" });
    assert.deepEqual(warnings, []);
    assertJobs(JSON.parse(run(outfile)));
  });

  test(`a bundle that esbuild makes for Node, ${format}, reads without the package next to it`, async (t) => {
    const folder = project(t);
    const outfile = join(project(t), "elsewhere", format === "esm" ? "bundle.mjs" : "bundle.cjs");
    const { warnings } = await build({
      absWorkingDir: folder,
      entryPoints: ["node.js"],
      bundle: true,
      platform: "node",
      format,
      outfile,
      logLevel: "silent",
    });
    assert.deepEqual(warnings, []);
    await assertRead(JSON.parse(run(outfile)), sandbox);
  });
}

test("a bundle of esbuild that leaves the package external reads", async (t) => {
  const folder = project(t);
  const outfile = join(folder, "out", "bundle.mjs");
  await build({ absWorkingDir: folder, entryPoints: ["node.js"], bundle: true, platform: "node", format: "esm", packages: "external", outfile });
  await assertRead(JSON.parse(run(outfile)), sandbox);
});

test("a bundle that webpack makes for Node reads", async (t) => {
  const folder = project(t);
  const path = join(folder, "out");
  await new Promise((resolve, reject) => {
    webpack({ mode: "production", target: "node20", context: folder, entry: "./node.js", output: { path, filename: "bundle.cjs" } }, (error, stats) => {
      const problems = stats?.toJson({ all: false, errors: true, warnings: true });
      if (error || problems.errors.length + problems.warnings.length > 0) reject(error ?? new Error(JSON.stringify(problems)));
      else resolve();
    });
  });
  assert.ok(existsSync(join(path, "bundle.cjs")));
  await assertRead(JSON.parse(run(join(path, "bundle.cjs"))), sandbox);
});
