// The entries of the stores: what they export and where, what a bundle of them contains, and their types.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { compiler } from "../node/support/compiler.mjs";
import { imported, packageFolder, required } from "../node/support/installed.mjs";
import { projectFor } from "./support/programs.mjs";

const KINDS = ["memory", "file", "indexeddb", "postgres", "redis"];
/** The entries, with the one function that each exports. */
const ENTRIES = [...KINDS.map((kind) => [kind, "createStore"]), ["testing", "testStore"]];
const { complaints, remove } = compiler();
after(remove);

test("import and require return the same single function", () => {
  const folder = projectFor(after);
  for (const [kind, name] of ENTRIES) {
    const source = `
      import { createRequire } from "node:module";
      import * as store from "humansync/stores/${kind}";
      const required = createRequire(process.cwd() + "/script.cjs")("humansync/stores/${kind}");
      console.log(JSON.stringify([Object.keys(store), required.${name} === store.${name}]));`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", source], { cwd: folder, encoding: "utf8" });
    assert.deepEqual(JSON.parse(printed), [[name], true], kind);
  }
});

test("their inner files cannot be imported", () => {
  const inner = readdirSync(join(packageFolder, "stores")).filter((name) => name.endsWith(".js") && !ENTRIES.some(([kind]) => name === `${kind}.js`));
  assert.ok(inner.length > 0);
  for (const name of inner) {
    for (const path of [name, name.slice(0, -3)]) {
      assert.throws(() => required.resolve(`humansync/stores/${path}`), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" }, path);
    }
  }
});

test("their errors have the classes of the other entries", async () => {
  const { HumansyncError, OptionError } = await imported();
  const error = await required("humansync/stores/memory").createStore().get("").catch((error) => error);
  assert.ok(error instanceof OptionError && error instanceof HumansyncError);
});

test("a store can be neither modified nor confused by its caller", async () => {
  for (const [kind, place] of [["memory"], ["file", join(projectFor(after), "state")]]) {
    const store = await required(`humansync/stores/${kind}`).createStore(place);
    assert.ok(Object.isFrozen(store));
    const { set, get } = store;
    await set("key", Uint8Array.of(1));
    assert.deepEqual(await get("key"), Uint8Array.of(1));
  }
});

for (const [kind, platform, most] of [["memory", "browser", 4000], ["indexeddb", "browser", 8000], ["file", "node", 20_000], ["postgres", "browser", 19_000], ["redis", "browser", 16_000], ["testing", "browser", 12_000]]) {
  test(`${kind} stands alone: a bundle of it has none of the WebAssembly`, async () => {
    const { metafile, warnings, outputFiles } = await build({
      stdin: { contents: `export * from "humansync/stores/${kind}";`, resolveDir: projectFor(after) },
      bundle: true,
      minify: true,
      format: "esm",
      platform,
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    assert.deepEqual(warnings, []);
    const inputs = Object.keys(metafile.inputs).map((path) => path.replace(/.*node_modules\/humansync\//, ""));
    assert.deepEqual(inputs.filter((path) => !/^(stores\/[a-z-]+\.js|<stdin>|core\/errors\.js|core\/snippets\/.+\/errors\.js)$/.test(path)), []);
    assert.ok(outputFiles[0].contents.length < most, `${outputFiles[0].contents.length} bytes`);
  });
}

const USE = (types) => `
  import ${types === "cts" ? 'humansync = require("humansync")' : 'type * as humansync from "humansync"'};
  ${KINDS.map((kind) => (types === "cts" ? `import ${kind} = require("humansync/stores/${kind}");` : `import * as ${kind} from "humansync/stores/${kind}";`)).join("\n")}
  const stores: [humansync.Store, Promise<humansync.Store>, Promise<humansync.Store>, Promise<humansync.Store>] =
    [memory.createStore(), file.createStore("state"), file.createStore(new URL("file:///state")), indexeddb.createStore("state")];
  const value: Promise<Uint8Array | undefined> = stores[0].get("key");
  const answer: Promise<number> = stores[0].lock("name", async () => 7);
  void [value, answer];
  // @ts-expect-error: a folder is needed
  void file.createStore();
  // @ts-expect-error: a name is needed
  void indexeddb.createStore();
  // @ts-expect-error: a string is no value
  void stores[0].set("key", "text");`;

for (const [name, endings, options] of [
  ["nodenext", ["ts", "cts"], { module: "nodenext", moduleResolution: "nodenext" }],
  ["node16", ["ts", "cts"], { module: "node16", moduleResolution: "node16" }],
  ["bundler", ["ts"], { module: "esnext", moduleResolution: "bundler" }],
]) {
  test(`the types hold with the module resolution "${name}"`, () => {
    assert.equal(complaints(name, endings.map((ending) => [`use.${ending}`, USE(ending)]), options), "");
  });
}

test("the types for require are those for import", () => {
  for (const kind of KINDS) {
    const [one, other] = ["ts", "cts"].map((ending) => readFileSync(join(packageFolder, "stores", `${kind}.d.${ending}`), "utf8"));
    assert.equal(other, one.replace(/"(\..+)\.js"/g, '"$1.cjs"'));
  }
});
