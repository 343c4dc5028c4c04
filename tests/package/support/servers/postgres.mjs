// A server of PostgreSQL with an empty database, for one test.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { folderOf, serve, serverFolder, unprivileged } from "./process.mjs";

/** Nothing of a test has to survive a crash of the machine. A killed client is no crash of the server. */
const OF_TESTS = ["fsync=off"];

/**
 * Starts one that only listens on a socket in a folder of its own, with these `settings`. `atEnd` stops things in reverse.
 *
 * - `url` leads to its database
 * - `restart()` ends it at once, as a crash does, and starts it again; clients lose their connections
 * - `stop()` and `start()` do one half each
 */
export async function postgresFor(atEnd, { settings = OF_TESTS } = {}) {
  const programs = programsFolder();
  const identity = unprivileged();
  const folder = serverFolder(atEnd, "postgres", identity);
  const options = { ...identity, cwd: folder };
  const data = join(folder, "data");
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const flags = ["listen_addresses=", `unix_socket_directories=${folder}`, ...settings].flatMap((setting) => ["-c", setting]);
  const start = () => serve(join(programs, "postgres"), ["-D", data, ...flags], { ...options, ready: "ready to accept connections", stopSignal: "SIGINT" });
  let server = await start();
  atEnd(() => server?.end());
  return {
    folder,
    url: `postgres://tests@${encodeURIComponent(folder)}/postgres`,
    async stop() {
      // As `pg_ctl stop -m immediate` does it.
      await server?.end("SIGQUIT");
      server = undefined;
    },
    async start() {
      server ??= await start();
    },
    async restart() {
      await this.stop();
      await this.start();
    },
  };
}

/** The folder with the server's programs: on PATH, or where Debian has the newest. */
function programsFolder() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = versions.map((version) => join(debian, version, "bin"));
  return folderOf(["initdb", "postgres"], folders, "PostgreSQL is not on this machine. Debian: apt-get install postgresql");
}
