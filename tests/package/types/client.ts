// HumanClient: its options, and the types that its methods return.

import { type Answer, type Same, holds } from "./equal.js";
import {
  HumanClient,
  type BloodPressure,
  type CallOptions,
  type CcdResource,
  type ClientEvent,
  type DiscreteResource,
  type HeartRateSummary,
  type HumanSummary,
  type ListResource,
  type Location,
  type LocationSummary,
  type Meal,
  type MedicalRecord,
  type Page,
  type Pages,
  type PeriodicResource,
  type Profile,
  type Reading,
  type Secret,
  type Sleep,
  type SleepSummary,
  type Source,
  type SummaryResource,
} from "humansync";

// Every option may be set, and each optional one may be undefined.
const client = new HumanClient({
  accessToken: "demo",
  version: "v1",
  baseUrl: "http://127.0.0.1:8080",
  fetch: async () => new Response("[]"),
  headers: { "x-study": "7" },
  timeout: 1000,
  maxResponseBytes: 1_000_000,
  maxRetries: 0,
  maxRetryDelay: 1,
  concurrency: 1,
  allowHttp: true,
  onEvent: (event: ClientEvent) => void event,
});
new HumanClient({
  accessToken: () => "demo",
  version: undefined,
  baseUrl: undefined,
  fetch: undefined,
  headers: undefined,
  timeout: undefined,
  maxResponseBytes: undefined,
  maxRetries: undefined,
  maxRetryDelay: undefined,
  concurrency: undefined,
  allowHttp: undefined,
  onEvent: undefined,
});
new HumanClient({ accessToken: async () => "demo", fetch: globalThis.fetch });

// @ts-expect-error: the access token is required
new HumanClient({});
// @ts-expect-error: so are the options
new HumanClient();
// @ts-expect-error: a secret is a string
new HumanClient({ accessToken: 5 });
// @ts-expect-error: a timeout is a number of milliseconds
new HumanClient({ accessToken: "demo", timeout: "30s" });
// @ts-expect-error: an option that does not exist
new HumanClient({ accessToken: "demo", retries: 3 });
// @ts-expect-error: resources of a client are read-only
client.activities = client.sleeps;

holds<Same<Secret, string | (() => string | Promise<string>)>>();

// Single objects.
holds<Same<Answer<typeof client.summary>, HumanSummary>>();
holds<Same<Answer<typeof client.profile>, Profile>>();
holds<Same<Answer<typeof client.sources>, Source[]>>();
holds<Same<Answer<typeof client.weight.latest>, Reading | undefined>>();
holds<Same<Answer<typeof client.weight.get>, Reading>>();
holds<Same<Answer<typeof client.weight.reading>, Reading>>();
holds<Same<Answer<typeof client.bloodPressure.latest>, BloodPressure | undefined>>();
holds<Same<Answer<typeof client.heartRate.summary>, HeartRateSummary>>();
holds<Same<Answer<typeof client.sleeps.summary>, SleepSummary>>();
holds<Same<Answer<typeof client.medical.profile>, MedicalRecord>>();
holds<Same<Answer<typeof client.medical.ccds.raw>, string>>();

// Each call can be aborted.
const options: CallOptions = { signal: new AbortController().signal };
void client.summary(options);
void client.profile(options);
void client.sources(options);
void client.weight.latest(options);
void client.weight.get("7", options);
void client.weight.reading("7", options);
void client.heartRate.summary("7", options);
void client.sleeps.get("7", options);
void client.medical.profile(options);
void client.medical.ccds.raw("7", options);
// @ts-expect-error: a call has only the option `signal`
void client.profile({ timeout: 5 });

// Lists.
holds<Same<ReturnType<typeof client.weight.readings>, Pages<Reading>>>();
holds<Same<ReturnType<typeof client.weight.daily>, Pages<Reading>>>();
holds<Same<ReturnType<typeof client.heartRate.summaries>, Pages<HeartRateSummary>>>();
holds<Same<ReturnType<typeof client.sleeps.list>, Pages<Sleep>>>();
holds<Same<ReturnType<typeof client.sleeps.daily>, Pages<Sleep>>>();
holds<Same<ReturnType<typeof client.meals.list>, Pages<Meal>>>();

// The resources themselves.
holds<Same<typeof client.heartRate, DiscreteResource<Reading> & SummaryResource<HeartRateSummary>>>();
holds<Same<typeof client.locations, PeriodicResource<Location, LocationSummary>>>();
holds<Same<typeof client.medical.timeline, ListResource<MedicalRecord>>>();
holds<Same<typeof client.medical.ccds, CcdResource>>();
holds<Same<ReturnType<typeof client.resource>, ListResource<unknown>>>();
interface Steps { steps: number }
const steps: ListResource<Steps> = client.resource<Steps>("steps");
void steps;

// @ts-expect-error: weight has no summaries
client.weight.summaries();
// @ts-expect-error: activities have no latest()
client.activities.latest();
// @ts-expect-error: a list takes no id
client.activities.get();
// @ts-expect-error: latest may be undefined
(await client.weight.latest()).value;

export async function iterated(): Promise<void> {
  for await (const sleep of client.sleeps.list()) holds<Same<typeof sleep, Sleep>>();
  for await (const page of client.sleeps.list().byPage()) {
    holds<Same<typeof page, Page<Sleep>>>();
    holds<Same<typeof page.totalCount, number | undefined>>();
    holds<Same<typeof page.links.next, string | undefined>>();
    // @ts-expect-error: a page is read-only
    page.offset = 0;
    // @ts-expect-error: there is no such relation
    page.links.up;
  }
  const some: Sleep[] = await client.sleeps.list().toArray({ limit: 10 });
  const all: Sleep[] = await client.sleeps.list().toArray();
  const first: Page<Sleep> = await client.sleeps.list().first();
  void [some, all, first];
  // @ts-expect-error: toArray has only the option `limit`
  await client.sleeps.list().toArray({ offset: 10 });
}

export function disposed(): void {
  using short = new HumanClient({ accessToken: "demo" });
  short.close();
  short[Symbol.dispose]();
  // @ts-expect-error: no object has a method that frees memory
  short.free();
}

// The type of an event narrows its fields.
export function told(event: ClientEvent): number | string {
  switch (event.type) {
    case "request":
      return event.attempt;
    case "response":
      holds<Same<typeof event.requestId, string | undefined>>();
      return event.durationMs;
    case "retry":
      return event.delayMs;
    case "warning":
      return event.message;
  }
}
