// A server of PostgreSQL with an empty database, for one test.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { env, getuid } from "node:process";

/** Starts one that only listens on a socket in a folder of its own, and returns its URL. `atEnd` stops things in reverse. */
export async function postgresFor(atEnd) {
  const programs = programsFolder();
  const identity = unprivileged();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "humansync-postgres-")));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid);
  const options = { ...identity, cwd: folder };
  const data = join(folder, "data");
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  // Nothing here has to survive a crash of the machine. A killed client is no crash of the server.
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off"].flatMap((setting) => ["-c", setting]);
  const server = spawn(join(programs, "postgres"), ["-D", data, ...settings], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => server.once("close", resolve));
  const stop = () => server.kill("SIGINT");
  process.once("exit", stop);
  atEnd(async () => {
    stop();
    process.removeListener("exit", stop);
    await ended;
  });
  await ready(server, ended);
  return `postgres://tests@${encodeURIComponent(folder)}/postgres`;
}

function ready(server, ended) {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr.setEncoding("utf8").on("data", (text) => {
      log += text;
      if (log.includes("ready to accept connections")) resolve();
    });
    ended.then((code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)));
  });
}

/** The folder with the server's programs: on PATH, or where Debian has the newest. */
function programsFolder() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...(env.PATH ?? "").split(delimiter), ...versions.map((version) => join(debian, version, "bin"))];
  const found = folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name))));
  assert.ok(found, "PostgreSQL is not on this machine. Debian: apt-get install postgresql");
  return found;
}

/** PostgreSQL refuses to run as root, so that another user runs it then: the one of its package. */
function unprivileged() {
  if (getuid() !== 0) return {};
  const number = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}
