// The types of the installed package, with each module resolution of the compiler, and compared with the values at run
// time.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { compiler } from "./support/compiler.mjs";
import { ENTRIES, imported, packageFolder, root } from "./support/installed.mjs";

const { complaints, remove } = compiler();
after(remove);

const assertions = readdirSync(join(root, "tests/package/types")).filter((name) => /\.c?ts$/.test(name));
/** All declarations of the package, for `import`. */
const declarations = readdirSync(packageFolder, { recursive: true }).filter((name) => name.endsWith(".d.ts"));
const modules = assertions.filter((name) => name.endsWith(".ts"));

for (const [name, files, options] of [
  ["nodenext", assertions, { module: "nodenext", moduleResolution: "nodenext" }],
  ["node16", assertions, { module: "node16", moduleResolution: "node16" }],
  ["bundler", modules, { module: "esnext", moduleResolution: "bundler" }],
]) {
  test(`the types are correct with the module resolution "${name}"`, () => assert.equal(complaints(name, files, options), ""));
}

test("a wrong type is found: the assertions are checked", () => {
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
test("the types need only the declarations of a page, or only those of Node", () => {
  assert.equal(complaints("page", [program], { lib: ["es2022", "dom"], types: [] }), "");
  assert.equal(complaints("node", [program], { lib: ["es2022"], types: ["node"] }), "");
});

test("the examples of the README compile as TypeScript", () => {
  const examples = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```js\n([^]*?)^```$/gm)].map(([, source], at) => [`example-${at}.ts`, source]);
  assert.equal(examples.length, 3);
  assert.equal(complaints("readme", examples, {}), "");
});

test("the values that the types declare exist at run time, and no others", async () => {
  for (const [index, specifier] of ENTRIES.entries()) {
    const names = Object.keys(await imported(specifier));
    assert.ok(names.length > 10);
    const source = `
      import * as entry from "${specifier}";
      import { type Same, holds } from "./equal.js";
      holds<Same<keyof typeof entry, ${names.map((name) => JSON.stringify(name)).join(" | ")}>>();`;
    assert.equal(complaints(`names-${index}`, ["equal.ts", ["names.ts", source]], {}), "");
  }
});

test("the members that the types declare exist at run time, and no others", async () => {
  const { AppClient, HumanClient } = await imported();
  const client = new HumanClient({ accessToken: "demo" });
  const app = new AppClient({ clientId: "app", appKey: "key", fetch: async () => Response.json([{ id: "1", humanId: "a" }]) });
  const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);
  const sync = app.sync({ store: createStore(), types: ["weights"] });
  const { value: delta } = await sync[Symbol.asyncIterator]().next();
  const person = new HumanClient({ accessToken: "demo", fetch: async () => Response.json([{ id: "1" }]) }).sync({ from: {}, types: ["weight"] });
  const { value: personDelta } = await person[Symbol.asyncIterator]().next();
  const members = (object) =>
    Reflect.ownKeys(Object.getPrototypeOf(object))
      .filter((key) => !["constructor", "__wbg_ptr", Symbol.toStringTag].includes(key))
      .map((key) => (typeof key === "symbol" ? `typeof ${key === Symbol.dispose ? "Symbol.dispose" : key.description}` : JSON.stringify(key)))
      .join(" | ");
  const source = `
    import type { AppClient, CcdResource, Delta, HumanClient, ListResource, MedicalData, Pages, PersonDelta, Sync } from "humansync";
    import type { HumanClient as Reader } from "humansync/slim/read";
    import { type Same, holds } from "./equal.js";
    holds<Same<keyof HumanClient, ${members(client)}>>();
    holds<Same<keyof Reader, Exclude<keyof HumanClient, "sync">>>();
    holds<Same<keyof AppClient, ${members(app)}>>();
    holds<Same<keyof Sync, ${members(sync)}>>();
    holds<Same<keyof Delta, ${members(delta)} | ${Object.keys(delta).map((key) => JSON.stringify(key)).join(" | ")}>>();
    holds<Same<keyof PersonDelta, ${members(personDelta)} | ${Object.keys(personDelta).map((key) => JSON.stringify(key)).join(" | ")}>>();
    holds<Same<keyof HumanClient["weight"], ${members(client.weight)}>>();
    holds<Same<keyof HumanClient["heartRate"], ${members(client.heartRate)}>>();
    holds<Same<keyof HumanClient["activities"], ${members(client.activities)}>>();
    holds<Same<keyof ListResource<unknown>, ${members(client.meals)}>>();
    holds<Same<keyof CcdResource, ${members(client.medical.ccds)}>>();
    holds<Same<keyof MedicalData, ${members(client.medical)}>>();
    holds<Same<keyof Pages<unknown>, ${members(client.meals.list())}>>();`;
  assert.equal(complaints("members", ["equal.ts", ["members.ts", source]], {}), "");
});

test("the read and send entries together declare every type except those of syncing", () => {
  /** The types that a module declares or re-exports. */
  const exported = (path) => {
    const code = readFileSync(path, "utf8");
    const own = [...code.matchAll(/^export (?:type|interface) (\w+)/gm), ...code.matchAll(/^export \{.*\btype (\w+)/gm)].map(([, type]) => type);
    const others = [...code.matchAll(/^export (?:type )?\* from "(.+)\.js";$/gm)].flatMap(([, other]) => exported(join(path, "..", `${other}.d.ts`)));
    return [...own, ...others];
  };
  const ofParts = new Set(["read", "send"].flatMap((part) => exported(join(packageFolder, `slim/${part}.d.ts`))));
  for (const part of ["read", "send"]) {
    const [slim, own] = [`slim/${part}`, `${part}/index`].map((entry) => exported(join(packageFolder, `${entry}.d.ts`)).sort());
    assert.deepEqual(own, slim);
  }
  const all = exported(join(packageFolder, "index.d.ts"));
  assert.ok(all.length > 60 && ofParts.size > 50, `${all.length}, ${ofParts.size}`);
  const others = all.filter((type) => !ofParts.has(type));
  assert.ok(others.includes("SyncReport"));
  assert.deepEqual(
    others.filter((type) => !/^(Batch|Sync|App|Person|Delta|(AnyDelta|StoredPositions|OwnPositions|WindowPlanOptions|MissingOptions|KnownRecord)$)/.test(type)),
    [],
  );
});

test("no type is `any`", () => {
  for (const name of declarations) {
    const code = readFileSync(join(packageFolder, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, /\bany\b/, name);
  }
});

test("the declarations for require are those for import", () => {
  for (const name of declarations) {
    const [one, other] = [name, name.replace(/\.d\.ts$/, ".d.cts")].map((file) => readFileSync(join(packageFolder, file), "utf8"));
    assert.equal(other, one.replace(/^(.*(?:from|module) "\..*)\.js"/gm, '$1.cjs"'), name);
  }
});

test("the declarations contain only what an entry needs, and no internals", () => {
  assert.deepEqual(declarations.filter((name) => /core-objects|calls|loading|library/.test(name)), []);
  for (const name of declarations) {
    assert.doesNotMatch(readFileSync(join(packageFolder, name), "utf8"), /#private|CoreHumanClient|INTERNAL/, name);
  }
});
