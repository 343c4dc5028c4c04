// Firefox, headless, driven by geckodriver.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Programs } from "./programs.mjs";
import { connect, WebDriverEngine, WebDriverTab } from "./webdriver.mjs";

export async function launch() {
  const path = process.env.HUMANSYNC_GECKODRIVER ?? "/usr/bin/geckodriver";
  const binary = [process.env.HUMANSYNC_FIREFOX_BIN, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => path && existsSync(path));
  if (binary === undefined) throw new Error("there is no Firefox: install it, or name it in HUMANSYNC_FIREFOX_BIN");
  if (!existsSync(path)) throw new Error("there is no geckodriver: name it in HUMANSYNC_GECKODRIVER; `cargo xtask test web` installs it");
  const programs = new Programs();
  try {
    const folder = programs.folder();
    const env = { PATH: process.env.PATH, LANG: "C.UTF-8", HOME: folder, TMPDIR: folder, MOZ_HEADLESS: "1", MOZ_CRASHREPORTER_DISABLE: "1" };
    // Port 0 lets geckodriver choose free ports. It prints the first one.
    const flags = ["--port", "0", "--websocket-port", "0", "--profile-root", folder];
    const { found: port } = await programs.start(path, flags, { env, tells: /Listening on 127\.0\.0\.1:(\d+)/ });
    const driver = await connect(`http://127.0.0.1:${port}`, {
      browserName: "firefox",
      webSocketUrl: true,
      "moz:firefoxOptions": {
        binary,
        args: ["-headless"],
        // All pages are on this machine, so that its proxy settings must not apply.
        prefs: { "network.proxy.type": 0 },
      },
    });
    return await Firefox.with(driver, programs);
  } catch (error) {
    await programs.close();
    throw error;
  }
}

class Firefox extends WebDriverEngine {
  name = "firefox";
  #bidi;
  #complaints = [];

  static async with(driver, programs) {
    const engine = new Firefox(driver, programs);
    engine.#bidi = await driver.getBidi();
    engine.#bidi.on("log.entryAdded", ({ level, text, source }) => {
      if (level === "error") engine.#complaints.push({ handle: source.context, text });
    });
    await engine.#bidi.subscribe("log.entryAdded");
    return engine;
  }

  tab(handle) {
    return new FirefoxTab(this, handle);
  }

  errors(handle) {
    return this.#complaints.filter((one) => one.handle === handle).map((one) => one.text);
  }

  /** Sends a command of WebDriver BiDi, which names its tab. */
  async send(method, params) {
    const { result, error, message } = await this.#bidi.send({ method, params });
    if (error !== undefined) throw new Error(`${method}: ${error}: ${message}`);
    return result;
  }
}

class FirefoxTab extends WebDriverTab {
  async errors() {
    return this.engine.errors(this.handle);
  }

  /** Sets the size of the viewport, because a window of Firefox cannot be as narrow as a phone's screen. */
  async setSize(width, height) {
    await this.engine.send("browsingContext.setViewport", { context: this.handle, viewport: { width, height } });
  }

  async wholePage() {
    const { data } = await this.engine.send("browsingContext.captureScreenshot", { context: this.handle, origin: "document" });
    return data;
  }
}
