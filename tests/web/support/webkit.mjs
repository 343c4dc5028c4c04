// WebKitGTK, driven by its own WebDriver: its MiniBrowser on a virtual display.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDisplay } from "./display.mjs";
import { Programs } from "./programs.mjs";
import { connect, WebDriverEngine, WebDriverTab } from "./webdriver.mjs";

/** A position to the right of the screen. */
const ASIDE = 4000;
/** A style for the browser's toolbar, which would otherwise keep the window wider than a phone's screen. */
const NARROW = "* { min-width: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; }";

export async function launch() {
  const path = [process.env.HUMANSYNC_WEBKITWEBDRIVER, "/usr/bin/WebKitWebDriver"].find((path) => path && existsSync(path));
  if (path === undefined) throw new Error("there is no WebKitWebDriver: install it, or name it in HUMANSYNC_WEBKITWEBDRIVER");
  const programs = new Programs();
  try {
    const folder = programs.folder();
    const env = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      DISPLAY: await startDisplay(programs),
      HOME: folder,
      TMPDIR: folder,
      XDG_RUNTIME_DIR: folder,
      // Keeps the browser from talking to a desktop session.
      DBUS_SESSION_BUS_ADDRESS: "disabled:",
      NO_AT_BRIDGE: "1",
      GTK_A11Y: "none",
      GIO_USE_VFS: "local",
      GSETTINGS_BACKEND: "memory",
      LIBGL_ALWAYS_SOFTWARE: "1",
      HUMANSYNC_PROFILE: join(folder, "profile"),
      LD_PRELOAD: await profileLibrary(folder),
    };
    mkdirSync(join(folder, ".config/gtk-3.0"), { recursive: true });
    writeFileSync(join(folder, ".config/gtk-3.0/gtk.css"), NARROW);
    const port = await freePort();
    const server = `http://127.0.0.1:${port}`;
    await programs.start(path, [`--port=${port}`], { env, answers: () => isReady(server) });
    const driver = await connect(server, {
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": {
        binary: miniBrowser(),
        args: ["--automation"],
      },
    });
    return new WebKit(driver, programs);
  } catch (error) {
    await programs.close();
    throw error;
  }
}

/** Finds MiniBrowser, which the driver's package installs next to the system's libraries. */
function miniBrowser() {
  for (const libraries of ["/usr/lib", "/usr/libexec", "/usr/lib64"]) {
    if (!existsSync(libraries)) continue;
    for (const one of ["", ...readdirSync(libraries).filter((name) => name.endsWith("-linux-gnu"))]) {
      for (const version of ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]) {
        const path = join(libraries, one, version, "MiniBrowser");
        if (existsSync(path)) return path;
      }
    }
  }
  throw new Error("there is no MiniBrowser of WebKitGTK: it comes with WebKitWebDriver");
}

/** Compiles the library that gives the browser a persistent profile. */
async function profileLibrary(folder) {
  const library = join(folder, "profile.so");
  await promisify(execFile)(process.env.CC ?? "cc", ["-shared", "-fPIC", "-o", library, join(import.meta.dirname, "profile.c"), "-ldl"]);
  return library;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks the driver whether it is ready, because it prints nothing. */
async function isReady(server) {
  try {
    return (await (await fetch(`${server}/status`)).json()).value.ready;
  } catch {
    return false;
  }
}

class WebKit extends WebDriverEngine {
  name = "webkit";
  // A background tab is hidden, and a hidden page cannot be painted.
  newTab = "window";

  tab(handle) {
    return new WebKitTab(this, handle);
  }
}

class WebKitTab extends WebDriverTab {
  async goto(url) {
    await super.goto(url);
    await this.#listen();
  }

  async reload() {
    await super.reload();
    await this.#listen();
  }

  /**
   * Records errors in the page itself, because the driver does not report them. Errors before the page's load are
   * missed.
   */
  async #listen() {
    await this.evaluate(() => {
      const noted = (window.webDriverErrors = []);
      addEventListener("error", ({ message }) => noted.push(message));
      addEventListener("unhandledrejection", ({ reason }) => noted.push(`unhandled: ${reason}`));
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => noted.push(`blocked by ${violatedDirective}: ${blockedURI}`));
      const { error } = console;
      console.error = (...words) => {
        noted.push(words.join(" "));
        error.apply(console, words);
      };
    });
  }

  async errors() {
    return this.evaluate(() => window.webDriverErrors ?? []).catch(() => []);
  }

  /** Moves all other windows away from the pointer, because the window under it has the focus. */
  async toFront(driver) {
    if (this.engine.front === this.handle) return;
    for (const handle of await driver.getAllWindowHandles()) {
      await driver.switchTo().window(handle);
      await driver.manage().window().setRect({ x: handle === this.handle ? 0 : ASIDE, y: 0 });
    }
    await driver.switchTo().window(this.handle);
    this.engine.front = this.handle;
  }

  /** Waits until the page is painted, because a part that has just been resized would be black. */
  async screenshot(path, options) {
    await this.#painted();
    await super.screenshot(path, options);
  }

  #painted() {
    return this.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)));
      setTimeout(resolve, 1000);
    }));
  }

  /** Takes a picture of the whole page, for which the window is made as high as the page. */
  async wholePage() {
    const [width, height, whole] = await this.evaluate(() => [innerWidth, innerHeight, document.documentElement.scrollHeight]);
    await this.setSize(width, Math.max(height, whole));
    try {
      await this.#painted();
      return await this.inTurn((driver) => driver.takeScreenshot());
    } finally {
      await this.setSize(width, height);
    }
  }
}
