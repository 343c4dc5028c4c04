// Prints how many bytes of the package a browser loads, as JSON: [brotli, scripts] for each argument after the first,
// which is the package's folder. An argument is one file or several, joined by `+`, whose sizes are added up. JavaScript is
// bundled and minified as in an application. All is compressed by brotli at its highest quality, as servers store
// static files. `scripts` has the bytes before that of each file of the package that is in the bundle.

import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
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
  const { metafile, outputFiles, warnings } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "warning",
    // wasm-bindgen lists a snippet once for every function that it imports without a wrapper, each time with the same
    // module.
    logOverride: { "duplicate-object-key": "silent" },
  });
  // Users who bundle the package would see the same warnings, for example about a missing export.
  if (warnings.length > 0) process.exit(1);
  const [{ inputs }] = Object.values(metafile.outputs);
  const scripts = Object.entries(inputs).map(([input, { bytesInOutput }]) => [relative(folder, input), bytesInOutput]);
  return { bytes: outputFiles[0].contents, scripts };
}

async function sizes(entry) {
  let brotli = 0;
  const all = {};
  for (const file of entry.split("+")) {
    const path = resolve(join(folder, file));
    const { bytes, scripts } = file.endsWith(".js") ? await bundled(path) : { bytes: await readFile(path), scripts: [] };
    brotli += compressed(bytes).length;
    Object.assign(all, Object.fromEntries(scripts));
  }
  return [brotli, all];
}

console.log(JSON.stringify(await Promise.all(entries.map(sizes))));
