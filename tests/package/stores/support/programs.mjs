// Programs that use the installed package in processes of their own, in any runtime.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageFolder, root } from "../../node/support/installed.mjs";

/** A stand-in for `after` inside hooks, where `after` itself would belong to the hook and not to the file. */
export function endOf(after) {
  const stops = [];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  return (stop) => void stops.push(stop);
}

/** A folder that is removed when the test or file that `after` belongs to ends. */
export function folderFor(after) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "humansync-stores-")));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project that has the package installed, with the files of `programs` in it. */
export function projectFor(after) {
  const folder = folderFor(after);
  cpSync(new URL("../programs", import.meta.url), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  cpSync(packageFolder, join(folder, "node_modules", "humansync"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  return folder;
}

/** The same, with the clients of the servers, which are the project's own tools. */
export function serverProjectFor(after) {
  const folder = projectFor(after);
  for (const name of readdirSync(modules)) {
    if (!name.startsWith(".") && name !== "humansync") symlinkSync(join(modules, name), join(folder, "node_modules", name));
  }
  return folder;
}

const modules = join(root, "node_modules");
/**
 * The executables themselves, not the scripts that npm puts in front of them: killing a script would leave its program
 * alive.
 */
const deno = existsSync(join(modules, "@deno")) ? readdirSync(join(modules, "@deno")).map((name) => join(modules, "@deno", name, "deno")).find(existsSync) : undefined;
const bun = join(modules, `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`, "bin/bun");

export const NODE = { name: "Node", command: [process.execPath] };
/** The permissions that the store's documentation names. */
export const DENO = { name: "Deno", command: [deno ?? "", "run", "--no-prompt", "--node-modules-dir=manual", "--allow-read", "--allow-write", "--allow-net"] };
export const BUN = { name: "Bun", command: [bun] };
export const RUNTIMES = [NODE, DENO, BUN];

export function unlessInstalled(...runtimes) {
  const missing = runtimes.find(({ command }) => !existsSync(command[0]));
  return { skip: missing === undefined ? false : `the npm package of ${missing.name} is not installed` };
}

/**
 * Starts a program whose output can be awaited line by line. It is killed when the test that `after` belongs to ends.
 */
export function start(after, runtime, program, ...args) {
  const [command, ...flags] = runtime.command;
  const child = spawn(command, [...flags, program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", (code, signal) => resolve({ code, signal, said })));
  ended.catch(() => {});
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  after(kill);
  return {
    pid: child.pid,
    ended,
    kill,
    /** The next line; undefined after the last one. */
    line: async () => (await lines.next()).value,
    say: (text) => child.stdin.write(`${text}\n`),
  };
}

/** Runs a program to its end and returns the JSON that it prints; rejects if the program fails or writes to stderr. */
export async function outcomeIn(after, runtime, program, ...args) {
  const running = start(after, runtime, program, ...args);
  let text = "";
  for (let line = await running.line(); line !== undefined; line = await running.line()) text += line;
  const { code, said } = await running.ended;
  if (code !== 0 || said !== "") throw new Error(`${program} ended with ${code} in ${runtime.name}: ${said}`);
  return JSON.parse(text);
}
