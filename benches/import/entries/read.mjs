// Reading alone, loaded by itself.

import { HumanClient } from "humansync/read";
import { told } from "../told.mjs";

const client = new HumanClient({ baseUrl: process.argv[2], accessToken: "demo" });
told(await client.weight.latest());
