// The types of the installed package, as each module resolution of the compiler sees them, and against what is there
// when the program runs.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { compiler } from "./support/compiler.mjs";
import { imported, packageFolder, root } from "./support/installed.mjs";

const { complaints, remove } = compiler();
after(remove);

const assertions = readdirSync(join(root, "tests/package/types")).filter((name) => /\.c?ts$/.test(name));
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

test("the examples of the README compile as TypeScript", () => {
  const examples = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```js\n([^]*?)^```$/gm)].map(([, source], at) => [`example-${at}.ts`, source]);
  assert.equal(examples.length, 3);
  assert.equal(complaints("readme", examples, {}), "");
});

test("the values that the types promise are those that are there", async () => {
  for (const [index, specifier] of ["humansync", "humansync/slim", "humansync/slim/read", "humansync/slim/send"].entries()) {
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
  const { AppClient, HumanClient } = await imported();
  const client = new HumanClient({ accessToken: "demo" });
  const app = new AppClient({ clientId: "app", appKey: "key", fetch: async () => Response.json([{ id: "1", humanId: "a" }]) });
  const { createStore } = await import(pathToFileURL(join(packageFolder, "stores/memory.js")).href);
  const sync = app.sync({ store: createStore(), types: ["weights"] });
  const { value: delta } = await sync[Symbol.asyncIterator]().next();
  const members = (object) =>
    Reflect.ownKeys(Object.getPrototypeOf(object))
      .filter((key) => !["constructor", "__wbg_ptr", Symbol.toStringTag].includes(key))
      .map((key) => (typeof key === "symbol" ? `typeof ${key === Symbol.dispose ? "Symbol.dispose" : key.description}` : JSON.stringify(key)))
      .join(" | ");
  const source = `
    import type { AppClient, CcdResource, Delta, HumanClient, ListResource, MedicalData, Pages, Sync } from "humansync";
    import { type Same, holds } from "./equal.js";
    holds<Same<keyof HumanClient, ${members(client)}>>();
    holds<Same<keyof AppClient, ${members(app)}>>();
    holds<Same<keyof Sync, ${members(sync)}>>();
    holds<Same<keyof Delta, ${members(delta)} | ${Object.keys(delta).map((key) => JSON.stringify(key)).join(" | ")}>>();
    holds<Same<keyof HumanClient["weight"], ${members(client.weight)}>>();
    holds<Same<keyof HumanClient["heartRate"], ${members(client.heartRate)}>>();
    holds<Same<keyof HumanClient["activities"], ${members(client.activities)}>>();
    holds<Same<keyof ListResource<unknown>, ${members(client.meals)}>>();
    holds<Same<keyof CcdResource, ${members(client.medical.ccds)}>>();
    holds<Same<keyof MedicalData, ${members(client.medical)}>>();
    holds<Same<keyof Pages<unknown>, ${members(client.meals.list())}>>();`;
  assert.equal(complaints("members", ["equal.ts", ["members.ts", source]], {}), "");
});

test("the entries by job have every type between them, but for those of syncing", () => {
  const code = (name) => readFileSync(join(packageFolder, name), "utf8");
  const exported = (name) => [...code(name).match(/export type \{([^}]*)\}/)[1].matchAll(/\w+/g)].map(([type]) => type);
  const ofParts = new Set(["read", "send"].flatMap((part) => exported(`slim/${part}.d.ts`)));
  const others = [...code("index.d.ts").matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, type]) => type).filter((type) => !ofParts.has(type));
  assert.deepEqual(
    others.filter((type) => !/^(Batch|Sync|App|Delta$|AnyDelta$)/.test(type)),
    [],
  );
});

test("no type is `any`", () => {
  for (const name of ["index.d.ts", "slim.d.ts", "slim/read.d.ts", "slim/send.d.ts"]) {
    const code = readFileSync(join(packageFolder, name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, /\bany\b/, name);
  }
  assert.equal(readFileSync(join(packageFolder, "index.d.cts"), "utf8"), readFileSync(join(packageFolder, "index.d.ts"), "utf8"));
});
