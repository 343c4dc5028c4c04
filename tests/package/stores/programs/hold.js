// Takes the lock "name" and prints "held"; releases it when told to, and ends. With a third argument it first starts another
// process and prints its id.

import { spawn } from "node:child_process";
import { argv, exit, stdin } from "node:process";
import { createStore } from "humansync/stores/file";

const [folder, other] = argv.slice(2);
const store = await createStore(folder);
await store.lock("name", async () => {
  if (other !== undefined) console.log(spawn(other, ["60"], { detached: true, stdio: "ignore" }).pid);
  console.log("held");
  await new Promise((resolve) => stdin.once("data", resolve));
});
console.log("done");
// A pending read of stdin keeps Deno alive.
exit();
