// The entry of the library that reads.

import { once } from "./library.ts";

export const reader = once(() => import("humansync/slim/read"));
