// A page bundled by esbuild, without configuration.

import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertRead } from "./support/expected.mjs";
import { launch, outcomeOf, serve } from "./support/pages.mjs";
import { html, project } from "./support/project.mjs";

let sandbox, browser;
before(async () => ([sandbox, browser] = await Promise.all([startSandbox(), launch()])));
after(() => Promise.all([sandbox.stop(), browser.close()]));

for (const options of [{ format: "esm" }, { format: "iife" }, { format: "esm", minify: true, target: "es2022" }]) {
  test(`a page: ${JSON.stringify(options)}`, async (t) => {
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

test("a page of the slim entry, with the wasm copied beside the bundle", async (t) => {
  const folder = project(t);
  await build({ absWorkingDir: folder, entryPoints: ["slim.js"], bundle: true, format: "esm", outfile: "out/slim.js" });
  writeFileSync(join(folder, "out", "index.html"), html("slim.js"));
  cpSync(join(folder, "node_modules/humansync/humansync.wasm"), join(folder, "out/humansync.wasm"));
  const { value, error } = await outcomeOf(browser, await serve(t, join(folder, "out")), sandbox.url);
  assert.equal(error, undefined);
  assert.equal(value, "kg");
});
