// The types of the package for `require`.

import humansync = require("humansync");
import slim = require("humansync/slim");
import read = require("humansync/slim/read");
import send = require("humansync/slim/send");
import reading = require("humansync/read");
import sending = require("humansync/send");

const client: humansync.HumanClient = new humansync.HumanClient({ accessToken: "demo" });
const weight: Promise<humansync.Reading | undefined> = client.weight.latest();
const loaded: Promise<void> = slim.init();
const latest: Promise<read.Reading | undefined> = new read.HumanClient({ accessToken: "demo" }).weight.latest();
const same: reading.HumanClient = new read.HumanClient({ accessToken: "demo" });
const uploader: sending.SampleUploader = new send.SampleUploader({ baseUrl: "https://a", token: "a" });
const watermarks: Promise<send.Watermark[]> = new send.SampleUploader({ baseUrl: "https://a", token: "a" }).watermarks("steps");
void [weight, loaded, latest, watermarks, same, uploader, reading.init(), sending.init()];

// @ts-expect-error: the access token is required
new humansync.HumanClient({});
