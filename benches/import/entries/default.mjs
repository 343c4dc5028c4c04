// The default entry: everything, loaded by itself.

import { HumanClient } from "humansync";
import { told } from "../told.mjs";

const client = new HumanClient({ baseUrl: process.argv[2], accessToken: "demo" });
told(await client.weight.latest());
