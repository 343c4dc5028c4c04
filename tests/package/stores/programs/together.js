// Sets, deletes and gets one key over and over, beside other programs that do. Prints each call with when it began and
// ended: in milliseconds by the system's clock, as the runtimes have no finer one in common.

import { writeSync } from "node:fs";
import { argv } from "node:process";
import { createStore } from "humansync/stores/file";
import { numberOf, valueOf } from "./small-values.js";

const [folder, first, times] = argv.slice(2).map((value, index) => (index === 0 ? value : Number(value)));
const store = await createStore(folder);
const say = (...words) => writeSync(1, `${words.join(" ")}\n`);
for (let time = 0; time < times; time++) {
  const chance = Math.random();
  const number = chance < 0.05 ? 0 : first + time;
  if (chance < 0.6) {
    say("set", number, Date.now());
    if (number === 0) await store.delete("key");
    else await store.set("key", valueOf(number));
    say("was", number, Date.now());
  } else {
    const begun = Date.now();
    const read = numberOf(await store.get("key"));
    say("got", read ?? "damaged", begun, Date.now());
  }
}
say("end");
