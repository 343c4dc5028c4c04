// Pages that webpack bundles without any configuration.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import webpack from "webpack";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertJobs, assertRead } from "./support/expected.mjs";
import { launch, outcomeOf, serve } from "./support/pages.mjs";
import { html, project } from "./support/project.mjs";

let sandbox, browser;
before(async () => ([sandbox, browser] = await Promise.all([startSandbox(), launch()])));
after(() => Promise.all([sandbox.stop(), browser.close()]));

async function bundled(t, script, mode) {
  const folder = project(t);
  const path = join(folder, "out");
  const stats = await new Promise((resolve, reject) => {
    // The entry contains the WebAssembly, so that webpack's warnings about its size are expected.
    const performance = { hints: false };
    webpack({ mode, context: folder, entry: `./${script}`, output: { path, filename: "page.js" }, performance }, (error, stats) =>
      error ? reject(error) : resolve(stats),
    );
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([...errors, ...warnings].map(({ message }) => message), []);
  writeFileSync(join(path, "index.html"), html("page.js"));
  return path;
}

for (const mode of ["production", "development"]) {
  test(`a page reads: ${mode}`, async (t) => {
    const folder = await bundled(t, "page.js", mode);
    assert.ok(!readdirSync(folder).some((name) => name.endsWith(".wasm")), "the default entry brings no second file");
    const { value, error, errors } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
    assert.equal(error, undefined);
    await assertRead(value, sandbox);
    assert.deepEqual(errors, []);
  });
}

test("a page of the entries by job reads and sends", async (t) => {
  const folder = await bundled(t, "jobs-page.js", "production");
  assert.ok(!readdirSync(folder).some((name) => name.endsWith(".wasm")), "the entries bring no second file");
  const { value, error, errors } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
  assert.equal(error, undefined);
  assertJobs(value);
  assert.deepEqual(errors, []);
});

for (const script of ["slim.js", "slim-read.js"]) {
  test(`a page of a slim entry reads, and webpack puts the wasm next to it: ${script}`, async (t) => {
    const folder = await bundled(t, script, "production");
    assert.equal(readdirSync(folder).filter((name) => name.endsWith(".wasm")).length, 1);
    const { value, error } = await outcomeOf(browser, await serve(t, folder), sandbox.url);
    assert.equal(error, undefined);
    assert.equal(value, "kg");
  });
}
