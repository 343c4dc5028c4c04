// The output of `wasm-pack build` can be loaded. HUMANSYNC_WASM_PACK names a folder with a package for each target.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = process.env.HUMANSYNC_WASM_PACK;

test("for Node: by require()", () => {
  works(createRequire(import.meta.url)(join(folder, "nodejs")));
});

test("for the web: by its init(), with the bytes", async () => {
  const bindings = await import(pathToFileURL(join(folder, "web/humansync.js")));
  await bindings.default({ module_or_path: await readFile(join(folder, "web/humansync_bg.wasm")) });
  works(bindings);
});

/** A class of each job, a function, and an error that the imported JavaScript throws. */
function works({ HumanClient, AppClient, SampleUploader, parseRetryAfter }) {
  assert.equal(parseRetryAfter("120"), 120_000);
  new HumanClient({ accessToken: "demo" }).close();
  for (const Class of [HumanClient, AppClient, SampleUploader]) {
    assert.throws(() => new Class({ timeout: "soon" }), { name: "OptionError" });
  }
}
