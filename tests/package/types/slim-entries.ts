// The read and send entries, and those that load by themselves: each exports its own names, with the same types.

import { type Same, holds } from "./equal.js";
import * as entry from "humansync";
import * as reading from "humansync/read";
import * as sending from "humansync/send";
import * as read from "humansync/slim/read";
import * as send from "humansync/slim/send";

type Errors = { [K in keyof typeof entry]: K extends `${string}Error` ? K : never }[keyof typeof entry];
holds<Same<keyof typeof read, Errors | "HumanClient" | "init" | "parseLinkHeader" | "parseRetryAfter" | "queryString">>();
holds<Same<keyof typeof send, Errors | "SampleUploader" | "init">>();

holds<Same<keyof typeof reading, keyof typeof read>>();
holds<Same<keyof typeof sending, keyof typeof send>>();
holds<Same<reading.HumanClient, read.HumanClient>>();
holds<Same<typeof reading.RateLimitError, typeof entry.RateLimitError>>();
holds<Same<typeof reading.init, typeof entry.init>>();
holds<Same<typeof sending.init, typeof entry.init>>();
const same: sending.SampleUploader = new entry.SampleUploader({ baseUrl: "https://samples.example", token: "demo" });
void same;

const client: read.HumanClient = new read.HumanClient({ accessToken: "demo" });
const whole: read.HumanClient = new entry.HumanClient({ accessToken: "demo" });
holds<Same<keyof read.HumanClient, Exclude<keyof entry.HumanClient, "sync">>>();
holds<Same<ReturnType<read.HumanClient["sleeps"]["list"]>, ReturnType<entry.HumanClient["sleeps"]["list"]>>>();
// @ts-expect-error: the read entry has no sync
client.sync({ from: {} });
void whole;
const uploader: entry.SampleUploader = new send.SampleUploader({ baseUrl: "https://samples.example", token: "demo" });
const weight: Promise<read.Reading | undefined> = client.weight.latest();
const report: Promise<send.UploadReport> = uploader.upload("steps", []);
void [weight, report];

void read.init(new URL("https://example.org/read.wasm"));
void send.init(fetch("/send.wasm"));

const error: entry.RateLimitError = {} as read.RateLimitError;
holds<Same<typeof read.RateLimitError, typeof send.RateLimitError>>();
void error;

// @ts-expect-error: the read entry has no SampleUploader
new read.SampleUploader({ baseUrl: "https://samples.example", token: "demo" });
// @ts-expect-error: the send entry has no HumanClient
new send.HumanClient({ accessToken: "demo" });
