// A server of Redis that is empty, for one test.

import { join } from "node:path";
import { folderOf, freePort, serve, serverFolder } from "./process.mjs";

/**
 * Starts one that only listens on a socket in a folder of its own, unless `others` say more. `atEnd` stops things in
 * reverse.
 */
export async function redisFor(atEnd, others = []) {
  const program = join(folderOf(["redis-server"], [], "Redis is not on this machine. Debian: apt-get install redis-server"), "redis-server");
  const folder = serverFolder(atEnd, "redis");
  const socket = join(folder, "redis.sock");
  const settings = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder, ...others];
  const server = await serve(program, settings, { cwd: folder, ready: "ready to accept connections", stopSignal: "SIGKILL" });
  atEnd(() => server.end());
  return { socket };
}

/** Starts one that is a whole cluster by itself: a command whose keys are in several slots is refused. */
export async function redisClusterFor(atEnd) {
  const port = await freePort();
  const { socket } = await redisFor(atEnd, ["--bind", "127.0.0.1", "--port", String(port), "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"]);
  return { socket, port };
}
