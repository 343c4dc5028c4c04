// Sets one key of a store on a server over and over until it is killed, to growing numbers, under a lease of its own.
// Prints each number when it is set.

import { argv } from "node:process";
import { openerOf } from "./openers.js";

const [kind, address, place, key] = argv.slice(2);
const { open } = await openerOf(kind, address);
const store = await open(place);
await store.lock(key, async (lease) => {
  for (let number = 1; ; number++) {
    await store.set(key, new TextEncoder().encode(String(number)), lease);
    console.log(number);
  }
});
