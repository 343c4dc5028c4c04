// The entry for who reads one person's data: its WebAssembly has that and nothing else.

import * as core from "../core/read.js";
import { formats } from "../formats.js";
import { humanClient } from "../human-client.js";
import { loading } from "../loading.js";

export * from "../errors.js";

const { initFrom, requireLoaded } = loading({
  instantiate: core.default,
  initSync: core.initSync,
  entry: "humansync/slim/read",
  file: "read.wasm",
});

export const HumanClient = humanClient(core.HumanClient, requireLoaded);
export const { parseLinkHeader, parseRetryAfter, queryString } = formats(
  { parseLinkHeader: core.parseLinkHeader, parseRetryAfter: core.parseRetryAfter, queryString: core.queryString },
  requireLoaded,
);

// Written out in this form, bundlers that know it put the file beside their output and its address here.
export const init = initFrom(() => new URL("./read.wasm", import.meta.url));
