// The whole library: its WebAssembly, and the public classes and functions over it.

import * as core from "./core/humansync.js";
import { appClient } from "./app-client.js";
import { formats } from "./formats.js";
import { humanClient } from "./human-client.js";
import { loading } from "./loading.js";
import { sampleUploader } from "./sample-uploader.js";

export const { initFrom, loadNow, requireLoaded } = loading({
  instantiate: core.default,
  initSync: core.initSync,
  entry: "humansync/slim",
  file: "humansync.wasm",
});

// Marked, so that bundlers leave out what is not used.
export const HumanClient = /* @__PURE__ */ humanClient(core.HumanClient, requireLoaded);
export const AppClient = /* @__PURE__ */ appClient(core.AppClient, requireLoaded);
export const SampleUploader = /* @__PURE__ */ sampleUploader(core.SampleUploader, requireLoaded);
export const { parseLinkHeader, parseRetryAfter, queryString } = formats(
  { parseLinkHeader: core.parseLinkHeader, parseRetryAfter: core.parseRetryAfter, queryString: core.queryString },
  requireLoaded,
);
