// The WebAssembly of the whole library.

import instantiate, { AppClient, HumanClient, initSync, parseLinkHeader, parseRetryAfter, queryString, SampleUploader } from "./core/humansync.js";
import { app, loading, reading, sending } from "./loading.js";

const core = { instantiate, initSync, AppClient, HumanClient, SampleUploader, parseLinkHeader, parseRetryAfter, queryString };

export const library = loading(core, {
  jobs: [reading, app, sending],
  entry: "humansync/slim",
  file: "humansync.wasm",
});
