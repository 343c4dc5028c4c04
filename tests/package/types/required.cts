// The types of the package for `require`.

import humansync = require("humansync");
import slim = require("humansync/slim");
import read = require("humansync/slim/read");
import send = require("humansync/slim/send");

const client: humansync.HumanClient = new humansync.HumanClient({ accessToken: "demo" });
const reading: Promise<humansync.Reading | undefined> = client.weight.latest();
const loaded: Promise<void> = slim.init();
const latest: Promise<read.Reading | undefined> = new read.HumanClient({ accessToken: "demo" }).weight.latest();
const watermarks: Promise<send.Watermark[]> = new send.SampleUploader({ baseUrl: "https://a", token: "a" }).watermarks("steps");
void [reading, loaded, latest, watermarks];

// @ts-expect-error: the access token is required
new humansync.HumanClient({});
