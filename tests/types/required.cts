// The same types for `require`.

import humansync = require("humansync");
import slim = require("humansync/slim");

const client: humansync.HumanClient = new humansync.HumanClient({ accessToken: "demo" });
const reading: Promise<humansync.Reading | undefined> = client.weight.latest();
const loaded: Promise<void> = slim.init();
void [reading, loaded];

// @ts-expect-error: the access token is required
new humansync.HumanClient({});
