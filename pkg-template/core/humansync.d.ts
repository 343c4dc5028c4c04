// The glue of the whole library, which wasm-bindgen makes.

import type { AppCore, SendingCore } from "../core-objects.js";

export * from "./read.js";
export { default } from "./read.js";
export const AppClient: AppCore["AppClient"];
export const SampleUploader: SendingCore["SampleUploader"];
