// The built page on one origin, a sandbox on another, and a connection between them that a test can cut.

import { rm, mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startSandbox } from "../../package/node/support/sandbox.mjs";

export const APP = join(import.meta.dirname, "../../../examples/web");

/** Starts the page with a sandbox of its own, until `close()`. `flags` are for the sandbox. */
export async function startStage(...flags) {
  const sandbox = await startSandbox(...flags);
  const line = await startLine(sandbox.url);
  const folder = await mkdtemp(join(tmpdir(), "humansync-web-"));
  const closeOthers = async () => {
    await line.close();
    await sandbox.stop();
    await rm(folder, { recursive: true });
  };
  let serve, page;
  try {
    serve = await builtPage(line.url, folder);
    page = await serve();
  } catch (error) {
    // Otherwise the sandbox keeps the tests' process alive after they have failed.
    await closeOthers();
    throw error;
  }
  return {
    get url() {
      return page.url;
    },
    /** Moves the page to a new origin, for which the browser has stored nothing. */
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
      await closeOthers();
    },
  };
}

/**
 * Builds the page for the API at `server`. Returns a function that serves it as `vite preview` does, on a new port each
 * time.
 */
async function builtPage(server, folder) {
  const { build, preview } = await import(pathToFileURL(createRequire(join(APP, "package.json")).resolve("vite")).href);
  process.env.VITE_SERVER = server;
  const options = { root: APP, configFile: join(APP, "vite.config.ts"), logLevel: "warn", build: { outDir: join(folder, "dist"), emptyOutDir: true } };
  await build(options);
  let port = 20_000 + (process.pid % 10_000);
  return async () => {
    // Vite skips ports that are in use. No port is used twice.
    const serving = await preview({ ...options, preview: { host: "127.0.0.1", port } });
    const { port: pagePort } = serving.httpServer.address();
    port = pagePort + 1;
    return { url: `http://127.0.0.1:${pagePort}/`, close: () => serving.close() };
  };
}

/** A proxy to `target` that can be cut, which also breaks the open connections, and mended. */
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
