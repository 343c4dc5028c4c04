// Bundles what Node loads, in the package's folder. Arguments: the folder, and `source=bundle` for each entry.

import { readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

const [argument, ...entries] = process.argv.slice(2);
// As esbuild names it where it lies behind a link.
const folder = realpathSync(argument);
const VIRTUAL = "entry";

/** The error classes, which entries that are not bundled have, too: a snippet of the glue, in a folder with a hash. */
const errors = join("core", /"(.+)"/.exec(readFileSync(join(folder, "core/errors.js"), "utf8"))[1]);
/** What bundles import as it is, from the package's own folder: these classes, and the default entry as it is for Node. */
const shared = {
  name: "shared",
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:errors|index)\.js$/ }, ({ path, resolveDir }) => {
      const file = relative(folder, join(resolveDir, path));
      const there = { "core/errors.js": errors, [errors]: errors, "index.js": "node.js" }[file];
      return there && { path: `./${there}`, external: true };
    });
  },
};

const options = {
  absWorkingDir: folder,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  plugins: [shared],
  // Names stay, for stacks; comments and blanks are not parsed.
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  // wasm-bindgen lists a snippet once for every function that it imports without a wrapper.
  logOverride: { "duplicate-object-key": "silent" },
};

/** All files that `entry` reaches, without those in its own folder and without the glue of its WebAssembly. */
async function reachedBy(entry) {
  const { metafile } = await build({ ...options, entryPoints: [entry], write: false });
  const [own] = entry.split("/");
  return Object.keys(metafile.inputs).filter((file) => !file.startsWith(`${own}/`) && file !== `core/${own}.js`);
}

/**
 * What becomes one file: all that reading needs but its glue, and what sending shares with workers. Reading is the
 * smallest job, so nothing of it is too much for the others.
 */
async function common() {
  const [reading, sending, workers] = await Promise.all(["read/node.js", "send/node.js", "workers.js"].map(reachedBy));
  return [...new Set([...reading, ...sending.filter((file) => workers.includes(file))])];
}

/** Each entry with these `files`, so that they become one: esbuild makes a file for each set of entries that need it. */
function entriesWith(files) {
  const imports = files.map((file) => `import ${JSON.stringify(`./${file}`)};`).join("");
  return {
    name: "entries",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice(`${VIRTUAL}:`.length), namespace: VIRTUAL }));
      onLoad({ filter: /^/, namespace: VIRTUAL }, ({ path }) => ({
        contents: `${imports}export * from ${JSON.stringify(`./${path}`)};`,
        resolveDir: folder,
      }));
    },
  };
}

const { metafile } = await build({
  ...options,
  entryPoints: entries.map((entry) => {
    const [source, bundle] = entry.split("=");
    return { in: `${VIRTUAL}:${source}`, out: bundle.replace(/\.js$/, "") };
  }),
  plugins: [shared, entriesWith(await common())],
  splitting: true,
  // The package says of its files that they may be left out where nothing is imported from them.
  ignoreAnnotations: true,
  outdir: folder,
  // Beside the manifest: Node looks for one in every folder above a file.
  chunkNames: "node-[hash]",
  allowOverwrite: true,
});

const misplaced = Object.entries(metafile.outputs).filter(
  ([file, { imports }]) => file.includes("/") && imports.some(({ path, external }) => external && path.startsWith(".")),
);
if (misplaced.length > 0) throw new Error(`${misplaced.map(([file]) => file)} would not find what is in the package's own folder`);

/** The stores, which Node loads as they are, have some files that the bundles have, too: these must keep nothing, as it would be kept twice. */
const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const stores = Object.keys(exports).filter((name) => name.startsWith("./stores/"));
const theirs = await build({ ...options, entryPoints: stores.map((name) => exports[name].node.default.default), outdir: folder, write: false });
const bundled = new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
/**
 * What may change at the top of a file, what a call returns (`patient` only wraps a function), and classes, of which each copy has its own
 * instances.
 */
const KEPT = /^(?:export )?(?:(?:let|var|class)\b|const \w+ = (?:\[\]|\{\}|new (?!Set\(\[)|(?!patient\()[\w.]+\())/mu;
const twice = Object.keys(theirs.metafile.inputs).filter((file) => bundled.has(file) && KEPT.test(readFileSync(join(folder, file), "utf8")));
if (twice.length > 0) throw new Error(`${twice} would be in Node twice, with all that it keeps: give the bundles and the stores one file for it`);
