// Workers in processes of their own, which tests can tell what to do, stop, and kill.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { folder } from "../../node/support/installed.mjs";
import { node } from "./node.mjs";

/** A copy of the programs beside the installed package, removed at the end. */
export function programsFor(atEnd) {
  const place = mkdtempSync(join(folder, "workers-"));
  atEnd(() => rmSync(place, { recursive: true, force: true }));
  cpSync(new URL("../programs", import.meta.url), place, { recursive: true });
  return place;
}

/**
 * Starts the program `worker.js`. What it tells can be awaited, `ask` gives what a method of its workers comes to.
 */
export function workerFor(atEnd, place, options, { runtime = node } = {}) {
  const child = spawn(runtime, [join(place, "worker.js"), JSON.stringify(options)], { cwd: place, stdio: ["pipe", "pipe", "pipe"] });
  const told = [];
  const watching = new Set();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const event = JSON.parse(line);
    told.push(event);
    for (const watch of watching) watch(event);
  });
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, complaint, told })));
  /** Resolves with the next event that `is` says yes to, of those from now on. */
  const next = (is) =>
    new Promise((resolve, reject) => {
      const watch = (event) => {
        if (!is(event)) return;
        watching.delete(watch);
        resolve(event);
      };
      watching.add(watch);
      ended.then(({ code, signal }) => reject(new Error(`the worker ended with ${code ?? signal}: ${complaint}`)));
    });
  let asked = 0;
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  atEnd(kill);
  return {
    pid: child.pid,
    told,
    ended,
    next,
    kill,
    signal: (signal) => child.kill(signal),
    /** Calls a method of the workers; rejects with what that does, as far as it can be told. */
    async ask(method, ...given) {
      const id = ++asked;
      const answer = next((event) => event.type === "answer" && event.id === id);
      child.stdin.write(`${JSON.stringify({ id, method, given })}\n`);
      const { value, error } = await answer;
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      return value;
    },
    /** Lets the program end by itself. */
    async end() {
      child.stdin.end();
      return ended;
    },
  };
}
