// Sets a key several times. Prints which file had the value each time, its length, and the last value.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { createStore } from "humansync/stores/file";

const [folder] = argv.slice(2);
const store = await createStore(folder);
const [files, lengths] = [[], []];
for (let number = 0; number < 6; number++) {
  await store.set("key", Uint8Array.of(number));
  const [name] = readdirSync(folder).filter((name) => name.startsWith("k-"));
  const { ino, size } = statSync(join(folder, name), { bigint: true });
  files.push(String(ino));
  lengths.push(Number(size));
}
console.log(JSON.stringify({ files, lengths, last: (await store.get("key"))[0] }));
