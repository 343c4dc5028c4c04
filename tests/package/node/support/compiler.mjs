// Compiles TypeScript against the installed package.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder, root } from "./installed.mjs";

/** A folder for projects with the package installed; `complaints` compiles one, `remove` deletes the folder. */
export function compiler() {
  const place = mkdtempSync(join(tmpdir(), "humansync-types-"));
  mkdirSync(join(place, "node_modules"));
  cpSync(packageFolder, join(place, "node_modules", "humansync"), { recursive: true });
  for (const name of ["@types", "ioredis", "redis"]) symlinkSync(join(root, "node_modules", name), join(place, "node_modules", name));
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, type: "module" }));

  // The file is JSON once its comments are removed.
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tests/package/types/tsconfig.json"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
  const { paths: _, ...shared } = compilerOptions;

  return {
    /** The compiler's messages about `files`, each a file name in tests/package/types or a pair `[name, source]`. */
    complaints(name, files, options) {
      const project = join(place, name);
      mkdirSync(project);
      for (const file of files) {
        if (typeof file === "string") cpSync(join(root, "tests/package/types", file), join(project, file));
        else writeFileSync(join(project, file[0]), file[1]);
      }
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...shared, ...options } }));
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const { stdout, status } = spawnSync(process.execPath, [tsc, "--project", project], { encoding: "utf8" });
      return stdout === "" && status !== 0 ? `tsc ended with ${status}` : stdout;
    },
    remove: () => rmSync(place, { recursive: true }),
  };
}
