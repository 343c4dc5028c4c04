// The entry of the library that sends.

import { once } from "../library.ts";

export const sender = once(() => import("humansync/slim/send"));
