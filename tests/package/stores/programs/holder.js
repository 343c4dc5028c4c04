// Takes the lock "name" of a store on a server, and says what becomes of it: "held <token>", and "lost <code>" when
// its signal aborts. Each line that it is told is done: "write <text>" sets the key "key" under the lease and says
// "written", or the code of the error; "end" ends the work. Then it says "done".

import { argv, exit, stdin } from "node:process";
import { createInterface } from "node:readline";
import { openerOf } from "./openers.js";

const [kind, address, place, leaseDuration] = argv.slice(2);
const { open } = await openerOf(kind, address);
const store = await open(place, { leaseDuration: Number(leaseDuration) });
await store.lock("name", async (lease) => {
  lease.signal.addEventListener("abort", () => console.log(`lost ${lease.signal.reason.code}`));
  console.log(`held ${lease.token}`);
  for await (const line of createInterface({ input: stdin })) {
    if (line === "end") return;
    const value = new TextEncoder().encode(line.slice("write ".length));
    console.log(await store.set("key", value, lease).then(() => "written", (error) => error.code));
  }
});
console.log("done");
exit();
