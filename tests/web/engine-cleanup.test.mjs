// A browser engine leaves no processes or files, however the process that started it ends.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { ENGINES } from "./support/engines.mjs";

const ENGINES_URL = pathToFileURL(join(import.meta.dirname, "support/engines.mjs")).href;

/** The ways to end, each with the code that runs once the engine has a tab. */
const ENDINGS = {
  "it closes the engine": "await engine.close();",
  "it is killed": "setInterval(() => {}, 1000);",
};

for (const name of ENGINES) {
  for (const [how, ending] of Object.entries(ENDINGS)) {
    test(`${name}: ${how}`, { timeout: 60_000 }, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), "humansync-endings-"));
      t.after(() => rmSync(folder, { recursive: true }));
      const program = `
        const { launch } = await import(${JSON.stringify(ENGINES_URL)});
        const engine = await launch(${JSON.stringify(name)});
        await engine.open("data:text/html,<p>open");
        console.log("open");
        ${ending}`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ["ignore", "pipe", "ignore"],
      });
      t.after(() => child.kill("SIGKILL"));
      const exit = once(child, "exit");
      const [said] = await Promise.race([once(child.stdout, "data"), exit]);
      assert.equal(String(said), "open\n");
      assert.notDeepEqual(processesOf(folder), []);
      if (how === "it is killed") child.kill("SIGKILL");
      await exit;
      const left = () => [...processesOf(folder), ...filesOf(folder)];
      for (let attempt = 0; attempt < 100 && left().length > 0; attempt += 1) await sleep(100);
      assert.deepEqual(left(), []);
    });
  }
}

/** The files in a folder. Playwright leaves an empty folder of its own when it is killed, which does not count. */
function filesOf(folder) {
  return readdirSync(folder).filter((name) => !name.startsWith("playwright-artifacts-"));
}

/** The processes with this folder in their environment or arguments. */
function processesOf(folder) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const isOfIt = command.includes(folder) || readFileSync(`/proc/${pid}/environ`, "utf8").includes(folder);
        return isOfIt ? [`${pid} ${command}`] : [];
      } catch {
        // The process has ended in the meantime.
        return [];
      }
    });
}
