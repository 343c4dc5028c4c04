// Prints how many bytes of the package a browser loads, as JSON: { wasm, slim, entry }, each { raw, brotli }, and for
// each part { wasm, slim } under its name. `slim` is the JavaScript of ./slim (or ./slim/<part>) without its wasm. The
// code is bundled and minified as in an application, and compressed by brotli at its highest quality, as servers store
// static files.

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
    // wasm-bindgen lists a snippet once for every function that it imports without a wrapper, each time with the same
    // module.
    logOverride: { "duplicate-object-key": "silent" },
  });
  // Users who bundle the package would see the same warnings, for example about a missing export.
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
