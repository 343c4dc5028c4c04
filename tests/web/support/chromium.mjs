// Chromium, driven by Playwright.

import { existsSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Programs } from "./programs.mjs";
import { Tab } from "./tab.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch() {
  const executablePath = [process.env.HUMANSYNC_CHROME_BIN, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
    (path) => path && existsSync(path),
  );
  if (executablePath === undefined) throw new Error("there is no Chromium: install it, or name it in HUMANSYNC_CHROME_BIN");
  const programs = new Programs();
  try {
    const folder = programs.folder();
    const env = { ...process.env, TMPDIR: folder };
    const options = { executablePath, args: FLAGS, env, viewport: { width: 1280, height: 900 } };
    const context = await chromium.launchPersistentContext(folder, options);
    // Playwright starts Chromium in a process group of its own. The lock of the profile contains the process id:
    // "host-123".
    programs.adopt(Number(readlinkSync(join(folder, "SingletonLock")).split("-").at(-1)));
    return new Chromium(context, programs);
  } catch (error) {
    await programs.close();
    throw error;
  }
}

class Chromium {
  name = "chromium";
  #context;
  #programs;

  constructor(context, programs) {
    this.#context = context;
    this.#programs = programs;
  }

  async open(url) {
    const page = await this.#context.newPage();
    const tab = new ChromiumTab(page, await this.#context.newCDPSession(page));
    await tab.goto(url);
    return tab;
  }

  async close() {
    await this.#context.close().catch(() => {});
    await this.#programs.close();
  }
}

class ChromiumTab extends Tab {
  #errors = [];
  #protocol;

  constructor(page, protocol) {
    super();
    this.raw = page;
    this.#protocol = protocol;
    page.on("pageerror", (error) => this.#errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && this.#errors.push(message.text()));
  }

  /** Playwright's own evaluate() needs `eval`, which a page that requires Trusted Types does not allow. */
  async run(expression) {
    const { result, exceptionDetails } = await this.#protocol.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
      allowUnsafeEvalBlockedByCSP: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  async errors() {
    return [...this.#errors];
  }

  async goto(url) {
    await this.raw.goto(url, { waitUntil: "load" });
  }

  async reload() {
    await this.raw.reload({ waitUntil: "load" });
  }

  async close() {
    await this.raw.close();
  }

  click(css) {
    return this.acting(css, () => this.#first(css).click());
  }

  fill(css, text) {
    return this.acting(css, () => this.#first(css).fill(text));
  }

  press(css, key) {
    return this.acting(css, () => this.#first(css).press(key));
  }

  async chooseFile(css, path) {
    await this.#first(css).setInputFiles(path);
  }

  async screenshot(path, { fullPage = false } = {}) {
    await this.raw.screenshot({ path, fullPage });
  }

  async setSize(width, height) {
    await this.raw.setViewportSize({ width, height });
  }

  #first(css) {
    return this.raw.locator(css).first();
  }
}
