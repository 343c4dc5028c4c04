// Loading a WebAssembly: at once by the entries that carry it, by `init` in all of them.
//
// An entry never throws while it is imported: what went wrong is kept, is the cause of the error that the first use
// gives, and `init()` may be called to try again.

import { HumansyncError, OptionError } from "./core/errors.js";

/**
 * What loads one WebAssembly, the whole library or a part of it: `instantiate` and `initSync` are its glue's, `entry` is who
 * has the `init` for it, and `file` its name.
 */
export function loading({ instantiate, initSync, entry, file }) {
  let loaded = false;
  /** Why the entry could not load by itself, if it tried. */
  let failure;
  /** The load under way: what it was given, and its promise. */
  let underWay;

  /** Loads from bytes or a module before it returns; for entries that load by themselves. */
  function loadNow(read) {
    if (loaded) return;
    try {
      const source = read();
      start(isModule(source) ? source : new WebAssembly.Module(source));
    } catch (cause) {
      failure = cause;
    }
  }

  /** Throws where `user` (the name of what was called) needs the WebAssembly and it is not there yet. */
  function requireLoaded(user) {
    if (loaded) return;
    throw failure === undefined
      ? problem("not-loaded", `${user} was used before its WebAssembly was loaded: wait for init() of "${entry}" first`)
      : problem("not-loaded", `${user} cannot be used, as its WebAssembly could not be loaded. ${remedy(failure, file)}`, failure);
  }

  /** Makes an entry's `init`; without an argument it loads what `ownSource` gives. */
  function initFrom(ownSource) {
    return async function init(module) {
      // A promise that is not looked at, because another call has loaded already, must not end as an unhandled rejection.
      Promise.resolve(module).catch(() => {});
      while (!loaded) {
        if (underWay === undefined) {
          const done = load(module === undefined ? ownSource : () => module).finally(() => (underWay = undefined));
          underWay = { module, done };
          return done;
        }
        const { module: other, done } = underWay;
        if (module === undefined || module === other) return done;
        // Somebody else's file may be broken and this one good.
        await done.catch(() => {});
      }
    };
  }

  async function load(source) {
    let module;
    try {
      module = await compile(await source(), file);
    } catch (cause) {
      if (cause instanceof HumansyncError) throw cause;
      throw problem("load-failed", `The WebAssembly of humansync could not be loaded. ${remedy(cause, file)}`, cause);
    }
    // Another entry of this package may have loaded it in the meantime: a second instance would have another memory.
    if (loaded) return;
    try {
      start(module);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      // Older Chromium refuses to instantiate more than 4 KB synchronously on a page's main thread.
      await instantiate({ module_or_path: module });
      loaded = true;
    }
  }

  /** Makes the instance, unless the module is another one: the glue keeps what it was given first, even where it fails. */
  function start(module) {
    // The build names an empty section of each file after it.
    if (WebAssembly.Module.customSections(module, `humansync/${file}`).length === 0) {
      throw problem(
        "load-failed",
        `init() was given a WebAssembly that is not the one of "${entry}": give it ${file} of this very package and version`,
      );
    }
    try {
      initSync({ module });
    } catch (cause) {
      if (cause instanceof RangeError) throw cause;
      throw problem(
        "load-failed",
        `init() was given a WebAssembly that does not fit "${entry}": give it ${file}, and take the file and the JavaScript from the same version of humansync`,
        cause,
      );
    }
    loaded = true;
  }

  return { initFrom, loadNow, requireLoaded };
}

async function compile(source, file) {
  if (isModule(source)) return source;
  if (tagOf(source) === "URL" || typeof source === "string") return compile(await read(source), file);
  if (isBytes(source)) return WebAssembly.compile(source);
  if (isResponse(source)) return compileResponse(source, file);
  throw new OptionError("module", `init() takes a URL, bytes, a WebAssembly.Module, a Response or a promise of one; it was given ${nameOf(source)}`);
}

async function compileResponse(response, file) {
  if (!response.ok) {
    throw problem(
      "load-failed",
      `The WebAssembly of humansync could not be loaded: the server answered ${response.status}. Check that ${file} is served where init() looks for it`,
    );
  }
  const type = response.headers?.get("content-type")?.split(";", 1)[0].trim().toLowerCase();
  const streams = typeof WebAssembly.compileStreaming === "function" && type === "application/wasm";
  return streams && response instanceof Response
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** Node's fetch does not take file URLs; its file system is asked for in a way that bundlers for browsers do not follow. */
async function read(url) {
  const files = String(url).startsWith("file:") && globalThis.process?.getBuiltinModule?.("node:fs/promises");
  return files ? files.readFile(new URL(url)) : fetch(url);
}

// Another realm, as in jsdom or a frame, has classes of its own.

function isModule(value) {
  return tagOf(value) === "WebAssembly.Module";
}

function isBytes(value) {
  return ArrayBuffer.isView(value) || tagOf(value) === "ArrayBuffer";
}

function tagOf(value) {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function isResponse(value) {
  return typeof value === "object" && value !== null && typeof value.arrayBuffer === "function" && typeof value.ok === "boolean";
}

function nameOf(value) {
  return value === null || typeof value !== "object" ? String(typeof value) : (value.constructor?.name ?? "an object");
}

function remedy(cause, file) {
  if (cause?.code === "ENOENT") {
    return `${file} does not lie beside the JavaScript: leave humansync out of the bundle (external), or have the bundler take the package's "module" condition`;
  }
  if (cause instanceof RangeError) {
    return "This engine compiles WebAssembly only asynchronously: wait for init() before the first use";
  }
  if (/Content.?Security.?Policy|unsafe-eval/i.test(String(cause?.message))) {
    return "The page's Content-Security-Policy must allow it: add 'wasm-unsafe-eval' to script-src";
  }
  if (/disallowed by embedder/i.test(String(cause?.message))) {
    return `This runtime compiles no bytes: import ${file} as a module, as its tools do it, and give that to init()`;
  }
  if (typeof WebAssembly === "undefined") {
    return "This engine has no WebAssembly";
  }
  return `See the cause; init() may be called again, also with a URL, bytes, a WebAssembly.Module or a Response of ${file}`;
}

function problem(code, message, cause) {
  return new HumansyncError(message, cause === undefined ? { code } : { code, cause });
}
