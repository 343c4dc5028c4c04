// Pages that esbuild bundles without any configuration.

import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertJobs, assertRead } from "./support/expected.mjs";
import { launch, outcomeOf, serve } from "./support/pages.mjs";
import { html, project } from "./support/project.mjs";

let sandbox, browser;
before(async () => ([sandbox, browser] = await Promise.all([startSandbox(), launch()])));
after(() => Promise.all([sandbox.stop(), browser.close()]));

for (const options of [{ format: "esm" }, { format: "iife" }, { format: "esm", minify: true, target: "es2022" }]) {
  test(`a page reads: ${JSON.stringify(options)}`, async (t) => {
    const folder = project(t);
    const { warnings } = await build({
      absWorkingDir: folder,
      entryPoints: ["page.js"],
      bundle: true,
      outfile: "out/page.js",
      logLevel: "silent",
      ...options,
    });
    assert.deepEqual(warnings, []);
    writeFileSync(join(folder, "out", "index.html"), html("page.js"));
    const { value, error, errors } = await outcomeOf(browser, await serve(t, join(folder, "out")), sandbox.url);
    assert.equal(error, undefined);
    await assertRead(value, sandbox);
    assert.deepEqual(errors, []);
  });
}

test("a page of the entries by job reads and sends", async (t) => {
  const folder = project(t);
  const { warnings } = await build({ absWorkingDir: folder, entryPoints: ["jobs-page.js"], bundle: true, format: "esm", outfile: "out/page.js", logLevel: "silent" });
  assert.deepEqual(warnings, []);
  writeFileSync(join(folder, "out", "index.html"), html("page.js"));
  const { value, error, errors } = await outcomeOf(browser, await serve(t, join(folder, "out")), sandbox.url);
  assert.equal(error, undefined);
  assertJobs(value);
  assert.deepEqual(errors, []);
});

for (const [script, wasm] of [
  ["slim.js", "humansync.wasm"],
  ["slim-read.js", "slim/read.wasm"],
]) {
  test(`a page of a slim entry reads, with the wasm copied next to the bundle: ${script}`, async (t) => {
    const folder = project(t);
    await build({ absWorkingDir: folder, entryPoints: [script], bundle: true, format: "esm", outfile: `out/${script}` });
    writeFileSync(join(folder, "out", "index.html"), html(script));
    cpSync(join(folder, "node_modules/humansync", wasm), join(folder, "out", basename(wasm)));
    const { value, error } = await outcomeOf(browser, await serve(t, join(folder, "out")), sandbox.url);
    assert.equal(error, undefined);
    assert.equal(value, "kg");
  });
}
