// pgbouncer in front of a server of PostgreSQL, for one test.

import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, serve, serverFolder, unprivileged } from "./process.mjs";

/** Starts one with few connections, each of which is anyone's after a transaction. `atEnd` stops things in reverse. */
export async function pgbouncerFor(atEnd, postgres) {
  const program = join(folderOf(["pgbouncer"], ["/usr/sbin"], "pgbouncer is not on this machine. Debian: apt-get install pgbouncer"), "pgbouncer");
  const identity = unprivileged();
  const folder = serverFolder(atEnd, "pgbouncer", identity);
  const settings = join(folder, "pgbouncer.ini");
  writeFileSync(
    settings,
    `[databases]
postgres = host=${postgres.folder} dbname=postgres user=tests
[pgbouncer]
unix_socket_dir = ${folder}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = 3
server_login_retry = 1
`,
  );
  if (identity.uid !== undefined) chownSync(settings, identity.uid, identity.gid);
  const server = await serve(program, [settings], { ...identity, cwd: folder, ready: "process up", stopSignal: "SIGINT" });
  atEnd(() => server.end("SIGTERM"));
  return { url: `postgres://tests@${encodeURIComponent(folder)}:6432/postgres` };
}
