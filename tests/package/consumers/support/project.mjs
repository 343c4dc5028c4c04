// A project with the package installed, in its own folder outside this repository.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../../node/support/installed.mjs";

/** Makes a project with the app and additional `files`. It is removed when the test `t` ends. */
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
