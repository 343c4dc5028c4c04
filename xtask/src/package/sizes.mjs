// Prints what a browser loads of the package, in bytes, as JSON: { wasm, slim, entry }, each { raw, brotli }, and of each of the parts
// { wasm, slim } under its name. `slim` is the JavaScript of ./slim (or ./slim/<part>) without its wasm. Bundled and minified as an application would; brotli at its
// highest quality, as servers hold static files.

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const [given, ...parts] = process.argv.slice(2);
const folder = resolve(given);

function sizes(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return { raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
}

async function bundled(entry) {
  const { outputFiles, warnings } = await build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "warning",
    // wasm-bindgen names a snippet once for every function that it imports without a wrapper: the same module each time.
    logOverride: { "duplicate-object-key": "silent" },
  });
  // A class that the glue has not, for one. Who bundles the package would see it too.
  if (warnings.length > 0) process.exit(1);
  return Buffer.from(outputFiles[0].contents);
}

const report = {
  wasm: sizes(await readFile(join(folder, "humansync.wasm"))),
  slim: sizes(await bundled("slim.js")),
  entry: sizes(await bundled("index.js")),
};
for (const part of parts) {
  report[part] = {
    wasm: sizes(await readFile(join(folder, `slim/${part}.wasm`))),
    slim: sizes(await bundled(`slim/${part}.js`)),
  };
}
console.log(JSON.stringify(report));
