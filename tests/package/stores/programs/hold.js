// Takes the lock "name" and says "held"; lets go when it is told so, and ends. With a third argument it starts another
// process meanwhile, and says its number first.

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
// A read of stdin under way keeps Deno.
exit();
