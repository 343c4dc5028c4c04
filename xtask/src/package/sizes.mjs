// Prints how many bytes of the package a browser loads, as JSON: [raw, brotli] for each argument after the first, which
// is the package's folder. An argument is one file or several, joined by `+`, whose sizes are added up. JavaScript is
// bundled and minified as in an application. All is compressed by brotli at its highest quality, as servers store
// static files.

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const [folder, ...entries] = process.argv.slice(2);

function compressed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

async function bundled(path) {
  const { outputFiles, warnings } = await build({
    entryPoints: [path],
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
  return outputFiles[0].contents;
}

async function sizes(entry) {
  let [raw, brotli] = [0, 0];
  for (const file of entry.split("+")) {
    const path = resolve(join(folder, file));
    const bytes = file.endsWith(".js") ? await bundled(path) : await readFile(path);
    raw += bytes.length;
    brotli += compressed(bytes).length;
  }
  return [raw, brotli];
}

console.log(JSON.stringify(await Promise.all(entries.map(sizes))));
