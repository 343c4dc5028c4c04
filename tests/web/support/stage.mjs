// The built page, served from one origin, and a sandbox behind another: as in life, with a line between them that can be cut.

import { rm, mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startSandbox } from "../../package/node/support/sandbox.mjs";

export const APP = join(import.meta.dirname, "../../../examples/web");

/** The page with a sandbox of its own, until `close()`. `flags` are the sandbox's. */
export async function startStage(...flags) {
  const sandbox = await startSandbox(...flags);
  const line = await startLine(sandbox.url);
  const folder = await mkdtemp(join(tmpdir(), "humansync-web-"));
  const serve = await builtPage(line.url, folder);
  let page = await serve();
  return {
    get url() {
      return page.url;
    },
    /** From here on the page is at another origin, where nothing is stored: a browser takes it for one that it does not know. */
    async move() {
      await page.close();
      page = await serve();
    },
    server: line.url,
    folder,
    sandbox,
    line,
    async close() {
      await page.close();
      await line.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Builds the page for the server at `server`; gives what serves it as `vite preview` does, each time at another port. */
async function builtPage(server, folder) {
  const { build, preview } = await import(pathToFileURL(createRequire(join(APP, "package.json")).resolve("vite")).href);
  process.env.VITE_SERVER = server;
  const options = { root: APP, configFile: join(APP, "vite.config.ts"), logLevel: "warn", build: { outDir: join(folder, "dist"), emptyOutDir: true } };
  await build(options);
  let port = 20_000 + (process.pid % 10_000);
  return async () => {
    // One that is taken is passed over; none comes twice.
    const serving = await preview({ ...options, preview: { host: "127.0.0.1", port } });
    const { port: taken } = serving.httpServer.address();
    port = taken + 1;
    return { url: `http://127.0.0.1:${taken}/`, close: () => serving.close() };
  };
}

/** A line to `target` that can be cut and mended: what is under way breaks, and nothing gets through. */
async function startLine(target) {
  const { hostname, port } = new URL(target);
  const sockets = new Set();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(port, hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut,
    mend: () => (isCut = false),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
