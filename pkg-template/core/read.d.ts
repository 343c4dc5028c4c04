// The glue of what reads one person's data: a part of the whole library's.

export { default, HumanClient, initSync, parseLinkHeader, parseRetryAfter, queryString } from "./humansync.js";
