// Reading alone, whose WebAssembly is loaded by hand: where a build has no `humansync/read`.

import { HumanClient, init } from "humansync/slim/read";
import { told } from "../told.mjs";

await init();
const client = new HumanClient({ baseUrl: process.argv[2], accessToken: "demo" });
told(await client.weight.latest());
