// Sets and deletes a key, and is killed at the call of the file system with a given number: before it, or, of a write,
// when a part is written. Prints what it begins to set, and what it has set.

import { writeSync } from "node:fs";
import { argv, kill, pid } from "node:process";
import { watchFiles } from "./file-calls.mjs";
import { createStore } from "humansync/stores/file";
import { valueOf } from "./small-values.js";

const [folder, at, part] = argv.slice(2);
const store = await createStore(folder);
const say = (text) => writeSync(1, `${text}\n`);
let calls = 0;
watchFiles(async ({ name, given }, run) => {
  calls++;
  if (calls !== Number(at)) return run();
  say(`call ${name}`);
  if (part !== undefined && name === "handle.write") await run(given[0], 0, Number(part), given[3]);
  if (part !== undefined && name === "handle.writeFile") await run(given[0].subarray(0, Number(part)));
  kill(pid, "SIGKILL");
  await new Promise(() => {});
});
for (const number of [1, 2, 3, 0, 4, 5]) {
  say(`set ${number}`);
  if (number === 0) await store.delete("key");
  else await store.set("key", valueOf(number));
  say(`was ${number}`);
}
say("end");
