// The equal module in JavaScript: plain.mjs beside this folder, which has to compile no WebAssembly.

import { HumanClient } from "../plain.mjs";
import { told } from "../told.mjs";

told(await new HumanClient({ baseUrl: process.argv[2], accessToken: "demo" }).weight.latest());
