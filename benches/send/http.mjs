// The server over HTTP on this machine, for as long as something is measured with it.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("http-server.mjs", import.meta.url));

/** Starts it: `url`, `counts()` of the requests and bytes since the last call, and `stop()`. */
export async function startServer() {
  const child = fork(SERVER);
  const [{ port }] = await once(child, "message");
  return {
    url: `http://127.0.0.1:${port}`,
    async counts() {
      const answer = once(child, "message");
      child.send("count");
      return (await answer)[0];
    },
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
