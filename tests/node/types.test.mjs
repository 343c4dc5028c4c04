// The types of the installed package, as each module resolution of the compiler sees them, and against what is there
// when the program runs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { folder, imported, packageFolder, root } from "./support/installed.mjs";

const place = mkdtempSync(join(tmpdir(), "humansync-types-"));
after(() => rmSync(place, { recursive: true }));
mkdirSync(join(place, "node_modules"));
cpSync(packageFolder, join(place, "node_modules", "humansync"), { recursive: true });
symlinkSync(join(root, "node_modules", "@types"), join(place, "node_modules", "@types"));
writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, type: "module" }));

// Comments are the one thing in that file that JSON does not have.
const { compilerOptions } = JSON.parse(readFileSync(join(root, "tests/types/tsconfig.json"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
const { paths: _, ...shared } = compilerOptions;

/** What the compiler has to say of `files`, each a name in tests/types or a `[name, source]`. */
function complaints(name, files, options) {
  const project = join(place, name);
  mkdirSync(project);
  for (const file of files) {
    if (typeof file === "string") cpSync(join(root, "tests/types", file), join(project, file));
    else writeFileSync(join(project, file[0]), file[1]);
  }
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...shared, ...options } }));
  const { stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", project], { encoding: "utf8" });
  return stdout;
}

const assertions = readdirSync(join(root, "tests/types")).filter((name) => /\.c?ts$/.test(name));
const modules = assertions.filter((name) => name.endsWith(".ts"));

for (const [name, files, options] of [
  ["nodenext", assertions, { module: "nodenext", moduleResolution: "nodenext" }],
  ["node16", assertions, { module: "node16", moduleResolution: "node16" }],
  ["bundler", modules, { module: "esnext", moduleResolution: "bundler" }],
]) {
  test(`the types hold with the module resolution "${name}"`, () => assert.equal(complaints(name, files, options), ""));
}

test("a type that is wrong is told: the assertions are looked at", () => {
  const wrong = 'import { HumanClient } from "humansync";\nconst name: string = await new HumanClient({ accessToken: "a" }).sources();\n';
  assert.match(complaints("wrong", [["wrong.ts", wrong]], {}), /wrong\.ts\(2,7\): error TS2322/);
});

const program = [
  "use.ts",
  `import { HumanClient, init } from "humansync";
   export const client = new HumanClient({ accessToken: "demo", fetch: async () => new Response("[]") });
   export const records = await client.sleeps.list({ signal: AbortSignal.timeout(1) }).toArray();
   await init();
   client[Symbol.dispose]();`,
];
test("the types need no more than a page has, and no more than Node has", () => {
  assert.equal(complaints("page", [program], { lib: ["es2022", "dom"], types: [] }), "");
  assert.equal(complaints("node", [program], { lib: ["es2022"], types: ["node"] }), "");
});

test("the values that the types promise are those that are there", async () => {
  for (const [index, specifier] of ["humansync", "humansync/slim"].entries()) {
    const names = Object.keys(await imported(specifier));
    assert.ok(names.length > 10);
    const source = `
      import * as entry from "${specifier}";
      import { type Same, holds } from "./equal.js";
      holds<Same<keyof typeof entry, ${names.map((name) => JSON.stringify(name)).join(" | ")}>>();`;
    assert.equal(complaints(`names-${index}`, ["equal.ts", ["names.ts", source]], {}), "");
  }
});

test("the members that the types promise are those that are there", async () => {
  const { HumanClient } = await imported();
  const client = new HumanClient({ accessToken: "demo" });
  const members = (object) =>
    Reflect.ownKeys(Object.getPrototypeOf(object))
      .filter((key) => !["constructor", "__wbg_ptr", Symbol.toStringTag].includes(key))
      .map((key) => (typeof key === "symbol" ? `typeof ${key === Symbol.dispose ? "Symbol.dispose" : key.description}` : JSON.stringify(key)))
      .join(" | ");
  const source = `
    import type { CcdResource, HumanClient, ListResource, MedicalData, Pages } from "humansync";
    import { type Same, holds } from "./equal.js";
    holds<Same<keyof HumanClient, ${members(client)}>>();
    holds<Same<keyof HumanClient["weight"], ${members(client.weight)}>>();
    holds<Same<keyof HumanClient["heartRate"], ${members(client.heartRate)}>>();
    holds<Same<keyof HumanClient["activities"], ${members(client.activities)}>>();
    holds<Same<keyof ListResource<unknown>, ${members(client.meals)}>>();
    holds<Same<keyof CcdResource, ${members(client.medical.ccds)}>>();
    holds<Same<keyof MedicalData, ${members(client.medical)}>>();
    holds<Same<keyof Pages<unknown>, ${members(client.meals.list())}>>();`;
  assert.equal(complaints("members", ["equal.ts", ["members.ts", source]], {}), "");
});

test("no type is `any`", () => {
  for (const name of ["index.d.ts", "slim.d.ts"]) {
    const code = readFileSync(join(packageFolder, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, /\bany\b/, name);
  }
  assert.equal(readFileSync(join(packageFolder, "index.d.cts"), "utf8"), readFileSync(join(packageFolder, "index.d.ts"), "utf8"));
  assert.ok(folder);
});
