// Runtimes other than Node: Deno, Bun and workerd. Each is tested where its npm package is installed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { root } from "../node/support/installed.mjs";
import { startSandbox } from "../node/support/sandbox.mjs";
import { assertJobs, assertRead } from "./support/expected.mjs";
import { project } from "./support/project.mjs";

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox.stop());

const unlessInstalled = (name) => ({
  skip: existsSync(join(root, "node_modules", name)) ? false : `the npm package ${name} is not installed`,
});
const tool = (path, ...args) => execFileSync(join(root, "node_modules", path), args, { encoding: "utf8" });
/** The executable itself, because the one that npm puts into .bin works only after an install script has run. */
const BUN = `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}/bin/bun`;

test("Deno reads with no permission other than the API's address", unlessInstalled("deno"), async (t) => {
  const program = 'import { read } from "./read.js"; console.log(JSON.stringify(await read(Deno.args[0])));';
  const folder = project(t, { "deno.js": program });
  const net = `--allow-net=${new URL(sandbox.url).host}`;
  const printed = tool(".bin/deno", "run", "--no-prompt", "--node-modules-dir=manual", net, join(folder, "deno.js"), sandbox.url);
  await assertRead(JSON.parse(printed), sandbox);
});

test("Deno reads and sends with the entries by job, and the same permission", unlessInstalled("deno"), (t) => {
  const program = 'import { jobs } from "./jobs.js"; console.log(JSON.stringify(await jobs(Deno.args[0])));';
  const folder = project(t, { "deno.js": program });
  const net = `--allow-net=${new URL(sandbox.url).host}`;
  assertJobs(JSON.parse(tool(".bin/deno", "run", "--no-prompt", "--node-modules-dir=manual", net, join(folder, "deno.js"), sandbox.url)));
});

test("Bun reads", unlessInstalled(BUN), async (t) => {
  await assertRead(JSON.parse(tool(BUN, join(project(t), "node.js"), sandbox.url)), sandbox);
});

test("Bun reads and sends with the entries by job", unlessInstalled(BUN), (t) => {
  assertJobs(JSON.parse(tool(BUN, join(project(t), "jobs-node.js"), sandbox.url)));
});

// Node has bundles of the entries that it loads a WebAssembly with, and both runtimes know Node's condition, too.
// Whether a program imports or requires them, it has one library.
const CLASSES = `
  import * as whole from "humansync";
  import * as read from "humansync/read";
  import * as slim from "humansync/slim";
  import * as slimSend from "humansync/slim/send";
  import { createStore } from "humansync/stores/memory";
  import { OptionError } from "humansync/workers";
  import { createRequire } from "node:module";
  const require = createRequire(import.meta.url);
  const entries = ["humansync", "humansync/read", "humansync/send", "humansync/slim", "humansync/slim/read", "humansync/slim/send", "humansync/workers"];
  const different = [];
  for (const entry of entries) {
    const [imported, required] = [await import(entry), require(entry)];
    for (const name of Object.keys(imported)) {
      if (!["default", "module.exports"].includes(name) && imported[name] !== required[name]) different.push(entry + " " + name);
    }
  }
  const refused = await createStore().get(5).catch((error) => error);
  console.log(JSON.stringify([
    read.HumanClient === whole.HumanClient, slim.HumanClient === whole.HumanClient, slimSend.SampleUploader === whole.SampleUploader,
    OptionError === whole.OptionError, refused instanceof whole.HumansyncError, slim.queryString({}), different,
  ]));`;
for (const [name, path, ...flags] of [["Deno", ".bin/deno", "run", "--no-prompt", "--node-modules-dir=manual"], ["Bun", BUN], ["Node", undefined]]) {
  test(`in ${name} all entries have the same classes`, path ? unlessInstalled(name === "Deno" ? "deno" : path) : {}, (t) => {
    const file = join(project(t, { "classes.mjs": CLASSES }), "classes.mjs");
    const printed = path ? tool(path, ...flags, file) : execFileSync(process.execPath, [file], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(printed), [true, true, true, true, true, "limit=500", []]);
  });
}

/** A worker bundled as Cloudflare's tools do it: with the given export conditions, and with wasm files as modules. */
async function worker(t, source, conditions) {
  const folder = project(t, { "worker.js": source });
  await build({
    absWorkingDir: folder,
    entryPoints: ["worker.js"],
    bundle: true,
    format: "esm",
    conditions,
    outfile: "out/worker.js",
    logLevel: "silent",
    plugins: [
      {
        name: "wasm-as-module",
        setup: ({ onResolve }) => void onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true })),
      },
    ],
  });
  const files = ["humansync.wasm", "slim/read.wasm", "slim/send.wasm"];
  for (const file of files) cpSync(join(folder, "node_modules/humansync", file), join(folder, "out", basename(file)));

  const { Miniflare } = createRequire(join(root, "package.json"))("miniflare");
  const workers = new Miniflare({
    modulesRoot: join(folder, "out"),
    modules: [
      { type: "ESModule", path: join(folder, "out/worker.js") },
      ...files.map((file) => ({ type: "CompiledWasm", path: join(folder, "out", basename(file)) })),
    ],
    // From a later compatibility date on, a worker may compile bytes while it starts.
    compatibilityDate: "2024-09-01",
    bindings: { API: sandbox.url },
  });
  t.after(() => workers.dispose());
  return (await workers.dispatchFetch("http://worker/")).json();
}

test("a Cloudflare Worker reads", unlessInstalled("miniflare"), async (t) => {
  const source = `
    import { read } from "./read.js";
    export default { fetch: async (request, { API }) => Response.json(await read(API)) };`;
  await assertRead(await worker(t, source, ["workerd", "worker", "browser"]), sandbox);
});

test("a Cloudflare Worker reads and sends with the entries by job", unlessInstalled("miniflare"), async (t) => {
  const source = `
    import { jobs } from "./jobs.js";
    export default { fetch: async (request, { API }) => Response.json(await jobs(API)) };`;
  assertJobs(await worker(t, source, ["workerd", "worker", "browser"]));
});

test("a Cloudflare Worker that is bundled with the default entry says what to do, and works after init", unlessInstalled("miniflare"), async (t) => {
  const source = `
    import { init, queryString } from "humansync";
    import module from "humansync/humansync.wasm";
    export default {
      async fetch() {
        let failure;
        try { queryString({}) } catch ({ code, message }) { failure = { code, message } }
        await init(module);
        return Response.json([failure, queryString({})]);
      },
    };`;
  const [failure, text] = await worker(t, source, ["browser"]);
  assert.equal(failure.code, "not-loaded");
  assert.match(failure.message, /as a module/);
  assert.equal(text, "limit=500");
});
