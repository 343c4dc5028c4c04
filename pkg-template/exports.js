// What every entry to the whole library exports, besides its own `init`.

export * from "./errors.js";
export { AppClient, HumanClient, parseLinkHeader, parseRetryAfter, queryString, SampleUploader } from "./surface.js";
