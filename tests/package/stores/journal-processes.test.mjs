// The journals of the file store between processes: of those that are killed at any call of the file system, and of those
// that set, delete and get one key at once, without a lock.

import assert from "node:assert/strict";
import { copyFileSync, cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { required } from "../node/support/installed.mjs";
import { BUN, DENO, NODE, folderFor, projectFor, start, unlessInstalled } from "./support/programs.mjs";

const { createStore } = required("humansync/stores/file");
const project = projectFor(after);
copyFileSync(new URL("support/file-calls.mjs", import.meta.url), join(project, "file-calls.mjs"));
const { numberOf, valueOf } = await import(join(project, "small-values.js"));

async function linesOf(program) {
  const lines = [];
  for (let line = await program.line(); line !== undefined; line = await program.line()) lines.push(line.split(" "));
  return lines;
}

for (const part of [undefined, 5000, 8192]) {
  test(`a writer that is killed at each call of the file system${part === undefined ? "" : `, when ${part} bytes are written,`} leaves the old value or the new one`, async (t) => {
    const ending = (stop) => t.after(stop);
    const prepared = folderFor(ending);
    // The next but one fills the file.
    const filled = await createStore(prepared);
    for (let size = 0; size < 2; size++) await filled.set("key", valueOf(9));
    const called = new Map();
    for (let at = 1, isOver = false; !isOver; ) {
      // Several at once, as starting them is what takes the time.
      const lives = await Promise.all(
        [0, 1, 2, 3].map(async (index) => {
          const folder = folderFor(ending);
          cpSync(prepared, folder, { recursive: true });
          const writer = start(ending, NODE, join(project, "ended.js"), folder, String(at + index), ...(part === undefined ? [] : [String(part)]));
          const lines = await linesOf(writer);
          const { said } = await writer.ended;
          return { folder, lines, said };
        }),
      );
      at += lives.length;
      for (const { folder, lines, said } of lives) {
        assert.equal(said, "");
        isOver ||= lines.at(-1)[0] === "end";
        const last = (word) => Number(lines.findLast(([first]) => first === word)?.[1] ?? 9);
        const [call] = lines.filter(([word]) => word === "call").map(([, name]) => name);
        called.set(call, (called.get(call) ?? 0) + 1);
        const store = await createStore(folder);
        const number = numberOf(await store.get("key"));
        assert.ok([last("was"), last("set")].includes(number), `${number} is there; ${last("was")} was set, ${last("set")} was being set, at ${call}`);
        await store.set("key", valueOf(6));
        assert.equal(numberOf(await store.get("key")), 6);
        assert.deepEqual(await store.keys(""), ["key"]);
      }
    }
    t.diagnostic([...called].map(([name, times]) => `${times} ${name}`).join(", "));
    for (const name of ["handle.write", "handle.datasync", "handle.writeFile", "handle.sync", "rename", "unlink"]) assert.ok(called.get(name) >= 1, name);
  });
}

for (const [title, runtimes, kills] of [
  ["four processes of Node", [NODE, NODE, NODE, NODE], false],
  ["processes of Node, Deno and Bun", [NODE, DENO, BUN, NODE], false],
  ["processes of which some are killed", [NODE, NODE, BUN, NODE, NODE], true],
]) {
  test(`${title} set, delete and get one key at once: what was set last is not lost`, unlessInstalled(...runtimes), async (t) => {
    const ending = (stop) => t.after(stop);
    const folder = folderFor(ending);
    const programs = runtimes.map((runtime, index) => start(ending, runtime, join(project, "together.js"), folder, String((index + 1) * 10_000), "250"));
    const logs = programs.map(async (program, index) => {
      const lines = [];
      for (let line = await program.line(); line !== undefined; line = await program.line()) {
        lines.push(line.split(" "));
        // All but the first one, at different times.
        if (kills && index > 0 && lines.length === 60 * index) program.kill();
      }
      const { said, signal } = await program.ended;
      assert.equal(said, "");
      assert.equal(signal === "SIGKILL", kills && index > 0);
      return lines;
    });
    const { writes, reads } = historyOf(await Promise.all(logs));
    const store = await createStore(folder);
    const end = Date.now();
    reads.push({ number: numberOf(await store.get("key")) ?? "damaged", begun: end, ended: end });
    t.diagnostic(`${writes.length} writes, ${reads.length} reads`);
    assert.ok(writes.length > 200 && reads.length > 100);
    for (const read of reads) assertCurrent(read, writes);
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("t-") && !kills), []);
  });
}

/** All writes and reads. A write whose end was not seen has none: it may take effect at any time, or never. */
function historyOf(logs) {
  const writes = [{ number: 0, begun: 0, ended: 0 }];
  const reads = [];
  for (const lines of logs) {
    for (const [word, number, begun, ended] of lines) {
      if (word === "set") writes.push({ number: Number(number), begun: Number(begun), ended: undefined });
      if (word === "was") writes.at(-1).ended = Number(begun);
      if (word === "got") reads.push({ number: number === "damaged" ? number : Number(number), begun: Number(begun), ended: Number(ended) });
    }
  }
  return { writes, reads };
}

/** A value is current if its write has begun before the read ended, and no later write had ended before the read began. */
function assertCurrent({ number, begun, ended }, writes) {
  const candidates = writes.filter((write) => write.number === number && write.begun <= ended);
  assert.ok(candidates.length > 0, `${number} is read, which nobody has set by then`);
  const isCurrent = candidates.some((write) => !writes.some((other) => write.ended !== undefined && other.begun > write.ended && other.ended !== undefined && other.ended < begun));
  assert.ok(isCurrent, `${number} is read, though something else was set after it`);
}
