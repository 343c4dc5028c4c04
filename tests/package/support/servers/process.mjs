// Servers of a test: programs of the system, each in a folder of its own, that end with the test, or with its process,
// however that ends.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { env, getuid } from "node:process";

/** The folder with `programs`: on PATH, or one of `others`. */
export function folderOf(programs, others, hint) {
  const folders = [...(env.PATH ?? "").split(delimiter), ...others];
  const found = folders.find((folder) => programs.every((name) => existsSync(join(folder, name))));
  assert.ok(found, hint);
  return found;
}

/** Some servers refuse to run as root, so that another user runs them then: the one of PostgreSQL's package. */
export function unprivileged() {
  if (getuid() !== 0) return {};
  const number = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}

/** A new folder, of the user that `identity` names; it is removed at the end. */
export function serverFolder(atEnd, name, identity = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `humansync-${name}-`)));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid);
  return folder;
}

/** A port of loopback that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Milliseconds, on a machine that has much else to do. */
const LONGEST_START = 60_000;

/** Starts a server, and waits until it has said `ready`. `end(signal)` ends it, and waits for that. */
export async function serve(command, args, { ready, stopSignal = "SIGTERM", ...options }) {
  const server = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => server.once("error", resolve).once("close", resolve));
  const guard = server.pid === undefined ? undefined : guardOf(server.pid, stopSignal);
  let log = "";
  await new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        // What comes after it is not kept: a server may say much.
        if (log === undefined) return;
        log += text;
        if (!log.includes(ready)) return;
        log = undefined;
        resolve();
      });
    }
    ended.then((reason) => reject(new Error(`${command} ended with ${reason}: ${log}`)));
    setTimeout(() => {
      reject(new Error(`${command} has not said that it is ready: ${log}`));
      if (log !== undefined) server.kill(stopSignal);
    }, LONGEST_START).unref();
  });
  return {
    pid: server.pid,
    async end(signal = stopSignal) {
      guard?.kill("SIGKILL");
      server.kill(signal);
      await ended;
    },
  };
}

/** A process that waits for the end of this one, which it sees by a pipe, and then ends the server. */
function guardOf(pid, signal) {
  const wait = `read -r _; kill -s ${signal.replace("SIG", "")} ${pid}`;
  const guard = spawn("sh", ["-c", wait], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  guard.unref();
  guard.stdin.unref();
  return guard;
}
