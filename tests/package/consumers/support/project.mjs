// A project that has installed the package, in a folder of its own outside this repository.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../../node/support/installed.mjs";

/** Makes a project with the app, until the test `t` ends; `files` are written besides. */
export function project(t, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "humansync-consumer-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(new URL("../app", import.meta.url), folder, { recursive: true });
  cpSync(packageFolder, join(folder, "node_modules", "humansync"), { recursive: true });
  for (const [name, text] of Object.entries({ "package.json": '{ "private": true, "type": "module" }', ...files })) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A page with one script. */
export function html(script) {
  return `<!doctype html><meta charset="utf-8"><title>humansync</title><script type="module" src="${script}"></script>`;
}
