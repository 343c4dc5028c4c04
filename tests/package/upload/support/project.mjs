// A folder with the package installed, for programs and pages in other processes.

import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, root } from "../../node/support/installed.mjs";
import { folderFor } from "../../stores/support/programs.mjs";

const programs = new URL("../programs/", import.meta.url);
/** What programs and pages share with the tests. */
const SHARED = ["samples", "watched"];

/** Makes such a folder with the programs and what they need. It is removed when `after` calls back. */
export function projectFor(after) {
  const folder = folderFor(after);
  for (const name of readdirSync(programs)) cpSync(new URL(name, programs), join(folder, name));
  // With the extension by which servers and browsers recognize modules.
  for (const name of SHARED) cpSync(new URL(`${name}.mjs`, import.meta.url), join(folder, `${name}.js`));
  mkdirSync(join(folder, "node_modules"));
  cpSync(packageFolder, join(folder, "node_modules", "humansync"), { recursive: true });
  symlinkSync(join(root, "node_modules", "pg"), join(folder, "node_modules", "pg"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  return folder;
}
