// The sandbox of examples/sandbox, on a free port of this machine.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./installed.mjs";

/** Starts a sandbox. It ends with this process, because its stdin is closed then. */
export async function startSandbox(...flags) {
  const child = spawn(program(), ["--port", "0", "--until-stdin-closes", ...flags], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code} before it listened: ${said}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line).listening));
  });
  return {
    url,
    /** Requests a control endpoint, with `body` if there is one, and returns the answer. */
    async control(path, body) {
      const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const answer = await fetch(new URL(`/_sandbox/${path}`, url), init);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`/_sandbox/${path} answered ${answer.status}: ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

function program() {
  const fromEnvironment = process.env.HUMANSYNC_SANDBOX_BIN;
  const places = fromEnvironment ? [fromEnvironment] : ["release", "debug"].map((profile) => join(root, "target", profile, "humansync-sandbox"));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`the sandbox is not in ${places.join(" or ")}: run \`cargo build -p humansync-sandbox\``);
  return found;
}
