// WebKit, as GTK has it, by its own driver: a small browser on a display that nobody sees.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDisplay } from "./display.mjs";
import { Programs } from "./programs.mjs";
import { connect, WebDriverEngine, WebDriverTab } from "./webdriver.mjs";

/** Right of the screen. */
const ASIDE = 4000;
/** The browser's own bar, which would keep the window wider than a phone. */
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
      // Nothing of the desktop is asked for.
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

/** Beside the libraries of the system, where the driver's package puts it. */
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

/** Compiles what gives the browser a profile that is kept. */
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

/** The driver says nothing by itself. */
async function isReady(server) {
  try {
    return (await (await fetch(`${server}/status`)).json()).value.ready;
  } catch {
    return false;
  }
}

class WebKit extends WebDriverEngine {
  name = "webkit";
  // A tab that is not in front is hidden, and a hidden page makes no pictures.
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

  /** The driver tells of no errors; the page notes its own, from the time on when it is loaded. */
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

  /** The focus is where the pointer is: all other windows stand aside. */
  async toFront(driver) {
    if (this.engine.front === this.handle) return;
    for (const handle of await driver.getAllWindowHandles()) {
      await driver.switchTo().window(handle);
      await driver.manage().window().setRect({ x: handle === this.handle ? 0 : ASIDE, y: 0 });
    }
    await driver.switchTo().window(this.handle);
    this.engine.front = this.handle;
  }

  /** What has just changed its size may not be painted yet, and would be black. */
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

  /** Makes the window as high as the page, for as long as it takes. */
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
