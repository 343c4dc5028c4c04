// The slim entry: the same names as the default entry, and everything that `init` accepts.

import { type Same, holds } from "./equal.js";
import * as entry from "humansync";
import * as slim from "humansync/slim";

holds<Same<keyof typeof slim, keyof typeof entry>>();
const client: entry.HumanClient = new slim.HumanClient({ accessToken: "demo" });
void client;

holds<Same<entry.CompiledModule, WebAssembly.Module>>();
holds<Same<ReturnType<typeof slim.init>, Promise<void>>>();
void slim.init();
void slim.init(new URL("https://example.org/humansync.wasm"));
void slim.init("/humansync.wasm");
void slim.init(new Uint8Array());
void slim.init(new ArrayBuffer(8));
void slim.init({} as WebAssembly.Module);
void slim.init(new Response());
void slim.init(fetch("/humansync.wasm"));
// @ts-expect-error: null is not a module
void slim.init(null);
