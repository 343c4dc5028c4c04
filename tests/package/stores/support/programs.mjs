// Programs that use the installed package, in processes of their own, in whatever runtime.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageFolder, root } from "../../node/support/installed.mjs";

/** What hooks may call in the place of `after`, which means something else inside of them: `after` has to be that of the file. */
export function endOf(after) {
  const stops = [];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  return (stop) => void stops.push(stop);
}

/** A folder for a test, until `after` (of a test, or of a file) says that it has ended. */
export function folderFor(after) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "humansync-stores-")));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project that has the package installed, with the programs of this folder's neighbour and the contract beside them. */
export function projectFor(after) {
  const folder = folderFor(after);
  cpSync(new URL("../programs", import.meta.url), folder, { recursive: true });
  // As servers and browsers know modules.
  cpSync(new URL("../contract.mjs", import.meta.url), join(folder, "contract.js"));
  mkdirSync(join(folder, "node_modules"));
  cpSync(packageFolder, join(folder, "node_modules", "humansync"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  return folder;
}

const modules = join(root, "node_modules");
/** The programs themselves, not the scripts that npm puts before them: those would be killed in their place. */
const deno = existsSync(join(modules, "@deno")) ? readdirSync(join(modules, "@deno")).map((name) => join(modules, "@deno", name, "deno")).find(existsSync) : undefined;
const bun = join(modules, `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`, "bin/bun");

export const NODE = { name: "Node", command: [process.execPath] };
/** With the permissions that the store's documentation names. */
export const DENO = { name: "Deno", command: [deno ?? "", "run", "--no-prompt", "--node-modules-dir=manual", "--allow-read", "--allow-write", "--allow-net"] };
export const BUN = { name: "Bun", command: [bun] };
export const RUNTIMES = [NODE, DENO, BUN];

export function unlessInstalled(...runtimes) {
  const missing = runtimes.find(({ command }) => !existsSync(command[0]));
  return { skip: missing === undefined ? false : `the npm package of ${missing.name} is not installed` };
}

/** Starts a program; what it prints can be awaited line by line. It is killed when `after` says so, if it is still there. */
export function start(after, runtime, program, ...given) {
  const [command, ...flags] = runtime.command;
  const child = spawn(command, [...flags, program, ...given], { stdio: ["pipe", "pipe", "pipe"] });
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
    /** The next line; undefined behind the last one. */
    line: async () => (await lines.next()).value,
    say: (text) => child.stdin.write(`${text}\n`),
  };
}

/** Runs a program to its end and gives the JSON that it prints; fails where it fails or complains. */
export async function outcomeIn(after, runtime, program, ...given) {
  const running = start(after, runtime, program, ...given);
  let text = "";
  for (let line = await running.line(); line !== undefined; line = await running.line()) text += line;
  const { code, said } = await running.ended;
  if (code !== 0 || said !== "") throw new Error(`${program} ended with ${code} in ${runtime.name}: ${said}`);
  return JSON.parse(text);
}
