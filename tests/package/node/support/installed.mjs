// The built package, packed and installed with npm, so that a file that is missing from "files" is missing here too.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** All entries to the library and to its parts. */
export const ENTRIES = ["humansync", "humansync/read", "humansync/send", "humansync/slim", "humansync/slim/read", "humansync/slim/send"];

/** A folder with the package in its node_modules. All test files share one installation of a build. */
export const folder = install(join(root, "dist"));
/** The installed package itself. */
export const packageFolder = join(folder, "node_modules", "humansync");

/** Imports a module as code in that folder would. */
export function imported(specifier = "humansync") {
  const bridge = join(folder, `${specifier.replaceAll("/", "-")}.bridge.mjs`);
  return import(pathToFileURL(bridge).href);
}

/** `require` as in a script of that folder. */
export const required = createRequire(join(folder, "script.cjs"));

function install(built) {
  if (!existsSync(join(built, "package.json"))) {
    throw new Error(`there is no built package in ${built}: run \`cargo xtask build\` first`);
  }
  const cache = join(root, "node_modules", ".cache", "humansync-tests");
  const place = join(cache, fingerprint(built));
  if (existsSync(place)) return place;

  mkdirSync(cache, { recursive: true });
  removeOld(cache);
  const staged = mkdtempSync(join(cache, "staged-"));
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", staged, built], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  const unpacked = join(staged, "node_modules", "humansync");
  mkdirSync(unpacked, { recursive: true });
  execFileSync("tar", ["-xzf", join(staged, filename), "-C", unpacked, "--strip-components=1"]);
  rmSync(join(staged, filename));
  writeFileSync(join(staged, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const specifier of ENTRIES) {
    writeFileSync(join(staged, `${specifier.replaceAll("/", "-")}.bridge.mjs`), `export * from "${specifier}";\n`);
  }
  try {
    renameSync(staged, place);
  } catch (error) {
    // Another test file has installed the same build in the meantime.
    rmSync(staged, { recursive: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

/** Removes old builds; a recent one may be in use by a concurrent test run. */
function removeOld(cache) {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(cache)) {
    const place = join(cache, name);
    if (statSync(place, { throwIfNoEntry: false })?.mtimeMs < anHourAgo) rmSync(place, { recursive: true, force: true });
  }
}

/** A fingerprint that differs between any two builds. */
function fingerprint(built) {
  const hash = createHash("sha256");
  for (const name of readdirSync(built, { recursive: true }).sort()) {
    const { size, mtimeMs } = statSync(join(built, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
