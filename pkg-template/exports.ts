// What every entry to the whole library exports, besides its own `init`.

export { AppClient, type AppClientOptions } from "./app-client.js";
export * from "./errors.js";
export { type LinkEntry, parseLinkHeader, parseRetryAfter, queryString } from "./formats.js";
export { HumanClient, type HumanClientOptions } from "./human-client.js";
export { SampleUploader, type SampleUploaderOptions } from "./sample-uploader.js";
export type * from "./types/batch.js";
export type * from "./types/client-options.js";
export type * from "./types/medical-records.js";
export type * from "./types/pages.js";
export type * from "./types/person.js";
export type * from "./types/person-records.js";
export type * from "./types/queries.js";
export type * from "./types/records.js";
export type * from "./types/resources.js";
export type * from "./types/samples.js";
export type * from "./types/store.js";
export type * from "./types/sync.js";
export type * from "./types/time.js";
export type * from "./types/uploads.js";
export type * from "./types/wasm.js";
