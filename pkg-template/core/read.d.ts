// The glue of what reads one person's data: a part of the whole library's.

import type { HumanClient as Whole } from "./humansync.js";

export { default, initSync, parseLinkHeader, parseRetryAfter, queryString } from "./humansync.js";

export class HumanClient implements Omit<Whole, "sync"> {
  constructor(options: object);
  one: Whole["one"];
  pages: Whole["pages"];
  close: Whole["close"];
}
