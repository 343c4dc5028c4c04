// Pages in headless Chromium: serves them from a folder, loads them, and returns the outcome of their program.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

export function launch() {
  const executablePath = [process.env.HUMANSYNC_CHROME_BIN, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
    (path) => path && existsSync(path),
  );
  if (executablePath === undefined) throw new Error("there is no Chromium: install it, or name it in HUMANSYNC_CHROME_BIN");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Serves a folder until the test `t` ends, with `headers` on each answer. */
export async function serve(t, folder, headers = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** The outcome of the page at `url` after it has read from `api`, or its error. */
export async function outcomeOf(browser, url, api) {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    const address = new URL(url);
    address.searchParams.set("api", api);
    await page.goto(address.href, { waitUntil: "load" });
    await page.waitForFunction(() => "outcome" in globalThis, undefined, { timeout: 20_000 }).catch((error) => {
      throw new Error(`the page has no outcome; its errors: ${errors.join("; ") || "none"}`, { cause: error });
    });
    const outcome = await page.evaluate(() =>
      globalThis.outcome.then(
        (value) => ({ value }),
        ({ name, code, message }) => ({ error: { name, code, message } }),
      ),
    );
    return { ...outcome, errors };
  } finally {
    await page.close();
  }
}
