// The glue of what sends samples, which wasm-bindgen makes.

import type { Glue, SendingCore } from "../core-objects.js";

declare const instantiate: Glue["instantiate"];
export default instantiate;
export const initSync: Glue["initSync"];
export const SampleUploader: SendingCore["SampleUploader"];
