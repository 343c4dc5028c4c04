// Sets one key over and over until it is killed, to values that tell their own length and number. Prints each number before
// and after its write.

import { argv } from "node:process";
import { createStore } from "humansync/stores/file";
import { valueOf } from "./values.js";

const [folder, key, first] = argv.slice(2);
const store = await createStore(folder);
for (let number = Number(first); ; number++) {
  console.log(`set ${number}`);
  await store.set(key, valueOf(number));
  console.log(`was ${number}`);
}
