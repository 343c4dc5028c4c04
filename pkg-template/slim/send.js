// The entry for who sends samples: its WebAssembly has that and nothing else.

import * as core from "../core/send.js";
import { loading } from "../loading.js";
import { sampleUploader } from "../sample-uploader.js";

export * from "../errors.js";

const { initFrom, requireLoaded } = loading({
  instantiate: core.default,
  initSync: core.initSync,
  entry: "humansync/slim/send",
  file: "send.wasm",
});

export const SampleUploader = sampleUploader(core.SampleUploader, requireLoaded);

// Written out in this form, bundlers that know it put the file beside their output and its address here.
export const init = initFrom(() => new URL("./send.wasm", import.meta.url));
