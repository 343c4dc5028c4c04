// A Node on which pg-boss runs: this one, or the one of the npm package "node".

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../node/support/installed.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);

export const node = major > 22 || (major === 22 && minor >= 12) ? process.execPath : installed();

function installed() {
  const modules = join(root, "node_modules");
  const found = readdirSync(modules).map((name) => join(modules, name, "bin/node")).find((path) => /node_modules\/node-[^/]+\//.test(path) && existsSync(path));
  assert.ok(found, "these tests need Node 22.12: npm ci, with optional dependencies, installs one");
  return found;
}
