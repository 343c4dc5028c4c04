// The file store under SIGKILL: whenever a writer is killed, the value is complete, and finished writes are kept.

import assert from "node:assert/strict";
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "../node/support/installed.mjs";
import { BUN, DENO, NODE, folderFor, projectFor, start, unlessInstalled } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/file");
const project = projectFor(after);
const { numberOf, valueOf } = await import(join(project, "values.js"));

test("a damaged value can be distinguished from a complete one", () => {
  const value = valueOf(7);
  assert.equal(numberOf(value), 7);
  assert.equal(numberOf(value.slice(0, -1)), undefined);
  assert.equal(numberOf(value.with(20, 8)), undefined);
});

for (const [runtime, kills, key] of [
  [NODE, 30, "key"],
  [NODE, 10, "k".repeat(300)],
  [DENO, 15, "key"],
  [BUN, 15, "key"],
]) {
  test(`${runtime.name}, killed ${kills} times while it writes ${key.length === 3 ? "a value" : "one with a long key"}`, unlessInstalled(runtime), async (t) => {
    const ending = (stop) => t.after(stop);
    const folder = folderFor(ending);
    let next = 0;
    for (let kill = 0; kill < kills; kill++) {
      const writer = start(ending, runtime, join(project, "write.js"), folder, key, String(next));
      let [begun, done] = [next - 1, next - 1];
      const hear = (line) => {
        const [word, number] = line.split(" ");
        if (word === "set") begun = Number(number);
        else done = Number(number);
      };
      // After some writes, as soon as the next one is in progress, or a little later.
      for (let heard = 2 + Math.floor(Math.random() * 12); heard > 0; heard--) hear(await writer.line());
      if (kill % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      await writer.kill();
      for (let line = await writer.line(); line !== undefined; line = await writer.line()) hear(line);

      const store = await createStore(folder);
      const number = numberOf(await store.get(key));
      assert.ok(number >= done && number <= begun, `${number} is there; ${done} was done, ${begun} was begun`);
      assert.deepEqual(await store.keys(""), [key]);
      next = number + 1;
    }
    // Leftovers of killed writers are removed once they are old enough.
    const names = () => readdirSync(folder).filter((name) => name.startsWith("t-"));
    t.diagnostic(`${next} values, ${names().length} files left over`);
    for (const name of names()) utimesSync(join(folder, name), new Date(0), new Date(0));
    await createStore(folder);
    assert.deepEqual(names(), []);
    assert.ok(existsSync(join(folder, "locks")));
  });
}
