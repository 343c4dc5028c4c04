// Queries, and the formats that can be used without a client.

import { type Same, holds } from "./equal.js";
import { HumanClient, type LinkEntry, type QueryInit, parseLinkHeader, parseRetryAfter, queryString } from "humansync";

const full: Required<QueryInit> = {
  limit: 500,
  offset: 0,
  createdSince: new Date(0),
  createdBefore: "2024-05-01T00:00:00+02:00",
  updatedSince: 1_700_000_000_000,
  updatedBefore: new Date(),
  source: "fitbit",
  startDate: "2024-05-01",
  endDate: "2024-05-31",
  params: { time_series: "true" },
  cursor: "…",
  signal: AbortSignal.timeout(1000),
};
const text: string = queryString(full);
queryString({});
queryString({ limit: undefined, updatedSince: undefined, params: undefined, signal: undefined });
new HumanClient({ accessToken: "demo" }).activities.list(full);
new HumanClient({ accessToken: "demo" }).activities.daily("2024-05-01", { limit: 10 });

// @ts-expect-error: options have JavaScript's names, not those of the wire
queryString({ updated_since: "2024-05-01T00:00:00Z" });
// @ts-expect-error: a limit is a number
queryString({ limit: "50" });
// @ts-expect-error: parameters are strings
queryString({ params: { page: 2 } });
// @ts-expect-error: a query is required
queryString();

const links: LinkEntry[] = parseLinkHeader("<a>; rel=next", "https://api.humanapi.co/v1/human/activities");
holds<Same<LinkEntry, { uri: string; rel: string[]; params: Record<string, string> }>>();
const wait: number | undefined = parseRetryAfter("120", new Date());
parseRetryAfter("120");
parseRetryAfter("120", "2024-05-01T00:00:00Z");
// @ts-expect-error: a header's value is a string
parseRetryAfter(120);
// @ts-expect-error: the result for an invalid value is undefined
const certain: number = parseRetryAfter("120");
void [text, links, wait, certain];
