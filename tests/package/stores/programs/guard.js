// Takes the lock "name" again and again until it is killed. Under the lock it writes its own mark and checks that no other
// appears. Prints "in" each time, or "two" if another process held the lock too.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";
import { createStore } from "humansync/stores/file";

const [folder, mark] = argv.slice(2);
const store = await createStore(folder);
const place = join(folder, "inside");
for (;;) {
  await store.lock("name", async () => {
    await writeFile(place, mark);
    for (let look = 0; look < 3; look++) if ((await readFile(place, "utf8")) !== mark) console.log("two");
    console.log("in");
  });
}
