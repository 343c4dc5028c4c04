// The glue of what reads one person's data, which wasm-bindgen makes.

import type { Glue, ReadingCore } from "../core-objects.js";

declare const instantiate: Glue["instantiate"];
export default instantiate;
export const initSync: Glue["initSync"];
export const HumanClient: ReadingCore["HumanClient"];
export const queryString: ReadingCore["queryString"];
export const parseLinkHeader: ReadingCore["parseLinkHeader"];
export const parseRetryAfter: ReadingCore["parseRetryAfter"];
