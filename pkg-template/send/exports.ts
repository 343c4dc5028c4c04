// What both entries that only send export, besides their own `init`.

export * from "../errors.js";
export { SampleUploader, type SampleUploaderOptions } from "../sample-uploader.js";
export type * from "../types/client-options.js";
export type * from "../types/samples.js";
export type * from "../types/store.js";
export type * from "../types/time.js";
export type * from "../types/uploads.js";
export type * from "../types/wasm.js";
