// Loading a WebAssembly: at once by the entries that carry it, by `init` in all of them.
//
// An entry never throws while it is imported: what went wrong is kept, is the cause of the error that the first use
// gives, and `init()` may be called to try again.

import { HumansyncError, humansyncError, optionError } from "./core/errors.js";
import type { HumanClient as CoreHumanClient } from "./core/humansync.js";
import type { PersonRecords } from "./types/person-records.js";
import type { PersonSyncOptions, Sync } from "./types/sync.js";
import type { CompiledModule } from "./types/wasm.js";

/** The glue of a WebAssembly, as wasm-bindgen makes it. */
type Glue = Pick<typeof import("./core/humansync.js"), "default" | "initSync">;

/** Who can do a job, of the entries that are imported: the whole library, or the part that is for it. */
type Job<Core> = Provider<Core>[];

interface Provider<Core> {
  readonly core: Core;
  /** Who has the `init` for it. */
  entry: string;
  readonly file: string;
  isLoaded: boolean;
  /** Why the entry could not load by itself, if it tried. */
  failure: unknown;
  /** What keeps one person's data in sync, where it is there. */
  readonly personSync: PersonSync | undefined;
}

type PersonSync = (client: CoreHumanClient, options: PersonSyncOptions) => Sync<PersonRecords>;

export const reading: Job<typeof import("./core/read.js")> = [];
export const app: Job<Pick<typeof import("./core/humansync.js"), "AppClient">> = [];
export const sending: Job<typeof import("./core/send.js")> = [];

/** What is loaded for a job. Throws where `user` (the name of what was called) needs it and it is not there yet. */
export function loadedFor<Core>(user: string, job: Job<Core>): Core {
  return providerFor(user, job).core;
}

/** The same, with all that is known of it. Of two that are loaded it is the one that can do more. */
export function providerFor<Core>(user: string, job: Job<Core>): Provider<Core> {
  const loaded = job.filter(({ isLoaded }) => isLoaded);
  const [provider] = [...loaded.filter(({ personSync }) => personSync), ...loaded];
  if (provider !== undefined) return provider;
  for (const { failure, file } of job) {
    if (failure === undefined) continue;
    throw humansyncError("not-loaded", `${user} cannot be used, as its WebAssembly could not be loaded. ${remedy(failure, file)}`, failure);
  }
  const entries = job.map(({ entry }) => `"${entry}"`).join(" or ") || "its entry";
  throw humansyncError("not-loaded", `${user} was used before its WebAssembly was loaded: wait for init() of ${entries} first`);
}

interface About<Core> {
  /** What it can do. */
  readonly jobs: readonly { push(provider: Provider<Core>): unknown }[];
  readonly entry: string;
  readonly file: string;
  readonly personSync?: PersonSync;
}

/** What `init` takes. */
export type Source = CompiledModule | ArrayBuffer | ArrayBufferView | Response | URL | string | Promise<Response>;

/** What loads one WebAssembly, the whole library or a part of it, of which `core` is the glue. */
export function loading<Core>(core: Core & Glue, { jobs, entry, file, personSync }: About<NoInfer<Core>>) {
  const provider: Provider<Core> = { core, entry, file, isLoaded: false, failure: undefined, personSync };
  /** The load under way: what it was given, and its promise. */
  let underWay: { readonly given: unknown; readonly done: Promise<void> } | undefined;

  for (const job of jobs) job.push(provider);

  async function load(source: () => unknown): Promise<void> {
    let module;
    try {
      module = await compile(await source(), file);
    } catch (cause) {
      throw loadFailed(cause);
    }
    // Another entry of this package may have loaded it in the meantime: a second instance would have another memory.
    if (provider.isLoaded) return;
    try {
      start(module);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      // Older Chromium refuses to instantiate more than 4 KB synchronously on a page's main thread.
      await core.default({ module_or_path: module }).catch((failure: unknown) => {
        throw loadFailed(failure);
      });
      provider.isLoaded = true;
    }
  }

  function loadFailed(cause: unknown): unknown {
    if (cause instanceof HumansyncError) return cause;
    return humansyncError("load-failed", `The WebAssembly of humansync could not be loaded. ${remedy(cause, file)}`, cause);
  }

  /** Makes the instance, unless the module is another one: the glue keeps what it was given first, even where it fails. */
  function start(module: WebAssembly.Module): void {
    // The build names an empty section of each file after it.
    if (WebAssembly.Module.customSections(module, `humansync/${file}`).length === 0) {
      throw humansyncError(
        "load-failed",
        `init() was given a WebAssembly that is not the one of "${provider.entry}": give it ${file} of this very package and version`,
      );
    }
    try {
      core.initSync({ module });
    } catch (cause) {
      if (cause instanceof RangeError) throw cause;
      throw humansyncError(
        "load-failed",
        `init() was given a WebAssembly that does not fit "${provider.entry}": give it ${file}, and take the file and the JavaScript from the same version of humansync`,
        cause,
      );
    }
    provider.isLoaded = true;
  }

  return {
    /** Loads from bytes or a module before it returns; for entries that load by themselves, with their names. */
    loadNow(entry: string, read: () => WebAssembly.Module | BufferSource): void {
      provider.entry = entry;
      if (provider.isLoaded) return;
      try {
        const source = read();
        start(isModule(source) ? source : new WebAssembly.Module(source));
      } catch (cause) {
        provider.failure = cause;
      }
    },

    /** An entry's `init`; without a `module` it loads what `ownSource` gives. */
    async init(ownSource: () => unknown, module?: Source): Promise<void> {
      // A promise that is not looked at, because another call has loaded already, must not end as an unhandled rejection.
      Promise.resolve(module).catch(() => {});
      while (!provider.isLoaded) {
        if (underWay === undefined) {
          const done = load(module === undefined ? ownSource : () => module).finally(() => (underWay = undefined));
          underWay = { given: module, done };
          return done;
        }
        const { given, done } = underWay;
        if (module === undefined || module === given) return done;
        // Somebody else's file may be broken and this one good.
        await done.catch(() => {});
      }
    },
  };
}

async function compile(source: unknown, file: string): Promise<WebAssembly.Module> {
  if (isModule(source)) return source;
  if (typeof source === "string" || isUrl(source)) return compile(await read(source), file);
  if (isBytes(source)) return WebAssembly.compile(source);
  if (isResponse(source)) return compileResponse(source, file);
  throw optionError("module", `init() takes a URL, bytes, a WebAssembly.Module, a Response or a promise of one; it was given ${nameOf(source)}`);
}

async function compileResponse(response: Response, file: string): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw humansyncError(
      "load-failed",
      `The WebAssembly of humansync could not be loaded: the server answered ${response.status}. Check that ${file} is served where init() looks for it`,
    );
  }
  const type = response.headers?.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const streams = typeof WebAssembly.compileStreaming === "function" && type === "application/wasm";
  return streams && response instanceof Response
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** Node's fetch does not take file URLs; its file system is asked for in a way that bundlers for browsers do not follow. */
async function read(url: string | URL): Promise<unknown> {
  const files = String(url).startsWith("file:") && globalThis.process?.getBuiltinModule?.("node:fs/promises");
  return files ? files.readFile(new URL(url)) : fetch(url);
}

// Another realm, as in jsdom or a frame, has classes of its own.

function isModule(value: unknown): value is WebAssembly.Module {
  return tagOf(value) === "WebAssembly.Module";
}

function isUrl(value: unknown): value is URL {
  return tagOf(value) === "URL";
}

function isBytes(value: unknown): value is BufferSource {
  return ArrayBuffer.isView(value) || tagOf(value) === "ArrayBuffer";
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function isResponse(value: unknown): value is Response {
  return typeof value === "object" && value !== null && "arrayBuffer" in value && typeof value.arrayBuffer === "function" && "ok" in value && typeof value.ok === "boolean";
}

function nameOf(value: unknown): string {
  return value === null || typeof value !== "object" ? String(typeof value) : (value.constructor?.name ?? "an object");
}

function remedy(cause: unknown, file: string): string {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  if (code === "ENOENT") {
    return `${file} does not lie beside the JavaScript: leave humansync out of the bundle (external), or have the bundler take the package's "module" condition`;
  }
  if (cause instanceof RangeError) {
    return "This engine compiles WebAssembly only asynchronously: wait for init() before the first use";
  }
  if (/Content.?Security.?Policy|unsafe-eval/i.test(String(message))) {
    return "The page's Content-Security-Policy must allow it: add 'wasm-unsafe-eval' to script-src";
  }
  if (/disallowed by embedder/i.test(String(message))) {
    return `This runtime compiles no bytes: import ${file} as a module, as its tools do it, and give that to init()`;
  }
  if (typeof WebAssembly === "undefined") {
    return "This engine has no WebAssembly";
  }
  return `See the cause; init() may be called again, also with a URL, bytes, a WebAssembly.Module or a Response of ${file}`;
}
