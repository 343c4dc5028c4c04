// What Node reads to load an entry: a file costs it up to half a millisecond, so there are few.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { folder, packageFolder } from "./support/installed.mjs";

const FOLDER = pathToFileURL(`${realpathSync(packageFolder)}/`).href;

// Tells each module that is loaded, on the thread of the hooks.
const hooks = join(folder, "loaded-modules.mjs");
writeFileSync(
  hooks,
  `import { writeSync } from "node:fs";
   export async function load(url, context, next) { writeSync(1, url + "\\n"); return next(url, context); }`,
);

/** The modules that a program with this source loads. */
function modulesOf(source) {
  const register = `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks).href)});`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(register)}`, "--input-type=module", "--eval", source],
    { cwd: folder, encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return stdout.split("\n").filter((url) => url.startsWith("file:") || url.startsWith("node:"));
}

for (const [entry, most] of [["humansync", 5], ["humansync/read", 4], ["humansync/send", 5]]) {
  test(`${entry} is ${most} files at most, and imports no module of Node`, () => {
    const modules = modulesOf(`import ${JSON.stringify(entry)};`);
    const files = modules.filter((url) => url.startsWith(FOLDER)).map((url) => url.slice(FOLDER.length));
    assert.deepEqual(modules.filter((url) => !url.startsWith(FOLDER)), []);
    assert.ok(files.length > 0 && files.length <= most, `${files.length} files: ${files}`);
  });
}

test("no entry loads a second copy of a class, or of what keeps state", () => {
  const entries = ["", "/read", "/send", "/slim", "/slim/read", "/slim/send", "/workers", "/stores/memory", "/stores/file", "/stores/postgres"];
  const modules = modulesOf(entries.map((entry) => `import "humansync${entry}";`).join("\n"));
  assert.ok(modules.includes(`${FOLDER}workers-node.js`), "nothing was loaded");
  // It would be the file that is not bundled.
  const copies = ["human-client.js", "app-client.js", "sample-uploader.js", "loading.js", "library.js", "core/humansync.js"];
  for (const file of copies) assert.ok(!modules.includes(`${FOLDER}${file}`), file);
});
