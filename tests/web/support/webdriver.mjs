// Engines that are driven by WebDriver. A session sends its commands to one tab at a time, so that commands are queued,
// and each switches to its own tab first.

import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Builder, By, error as errors, Key } from "selenium-webdriver";
import { Tab, TIMEOUT } from "./tab.mjs";

/** Errors that are retried because the page may still be moving. */
const PASSING = [
  errors.ElementClickInterceptedError,
  errors.ElementNotInteractableError,
  errors.NoSuchElementError,
  errors.StaleElementReferenceError,
];
/** Types of `<input>` into which a value has to be typed in the format of the browser's language. */
const NOT_TYPED = ["color", "date", "datetime-local", "month", "range", "time", "week"];

/** Selenium's key for a name that pages use: `ArrowLeft` is its `ARROW_LEFT`. */
function keyOf(name) {
  if (name.length === 1) return name;
  const key = Key[name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase()];
  if (key === undefined) throw new Error(`there is no key "${name}"`);
  return key;
}

/** Starts a session with the driver at this address. */
export function connect(server, capabilities) {
  return new Builder().disableEnvironmentOverrides().usingServer(server).withCapabilities(capabilities).build();
}

export class WebDriverEngine {
  /** The handle of the tab with the focus, in engines where receiving commands does not focus a tab. */
  front;
  /** Whether further tabs are opened as tabs or as windows. */
  newTab = "tab";
  #queue = Promise.resolve();
  #focused;
  #isFirst = true;

  constructor(driver, programs) {
    this.driver = driver;
    this.programs = programs;
  }

  async open(url) {
    const handle = await this.inTurn(async (driver) => {
      // A session begins with one tab.
      if (!this.#isFirst) await openedTab(driver, this.newTab);
      this.#isFirst = false;
      this.#focused = await driver.getWindowHandle();
      this.front = undefined;
      return this.#focused;
    });
    const tab = this.tab(handle);
    await tab.setSize(1280, 900);
    await tab.goto(url);
    return tab;
  }

  tab(handle) {
    return new WebDriverTab(this, handle);
  }

  /** Runs `use` after all earlier commands, with the tab of this handle focused. */
  inTurn(use, handle) {
    const turn = this.#queue.then(async () => {
      if (handle !== undefined && handle !== this.#focused) {
        await this.driver.switchTo().window(handle);
        this.#focused = handle;
      }
      return use(this.driver);
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** Closes a tab. The last one is replaced by an empty tab, because the session would end without any. */
  closeTab(handle) {
    return this.inTurn(async (driver) => {
      if ((await driver.getAllWindowHandles()).length === 1) {
        await openedTab(driver, this.newTab);
        await driver.switchTo().window(handle);
        this.#isFirst = true;
      }
      await driver.close();
      const [next] = await driver.getAllWindowHandles();
      await driver.switchTo().window(next);
      this.#focused = next;
      this.front = undefined;
    }, handle);
  }

  async close() {
    // Programs that the driver does not end within this time are killed.
    await Promise.race([this.driver.quit().catch(() => {}), sleep(5000, undefined, { ref: false })]);
    await this.programs.close();
  }
}

/** Opens a tab. On a busy machine the first attempt of WebKit's driver sometimes fails. */
async function openedTab(driver, kind) {
  for (let left = 2; ; left--) {
    try {
      return await driver.switchTo().newWindow(kind);
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}

export class WebDriverTab extends Tab {
  #calls = 0;

  constructor(engine, handle) {
    super();
    this.engine = engine;
    this.handle = handle;
    this.raw = engine.driver;
  }

  /** Runs `use` with the driver, focused on this tab. */
  inTurn(use) {
    return this.engine.inTurn(use, this.handle);
  }

  /** The result is polled, so that a command that waits in one tab does not block the other tabs. */
  async run(expression) {
    const call = `call${(this.#calls += 1)}`;
    const begin = `
      const calls = (window.webDriverCalls ??= {});
      const call = (calls[arguments[0]] = {});
      ${expression}.then((value) => (call.value = value), (error) => (call.error = String(error)));
      return Promise.resolve().then(() => null);`;
    const ask = `
      const call = window.webDriverCalls?.[arguments[0]];
      if (call === undefined) return { error: "the page was left before the value was there" };
      if ("value" in call || "error" in call) delete window.webDriverCalls[arguments[0]];
      return call;`;
    await this.inTurn((driver) => driver.executeScript(begin, call));
    for (let step = 1; ; step = Math.min(2 * step, 50)) {
      const { value, error } = await this.inTurn((driver) => driver.executeScript(ask, call));
      if (typeof error === "string") throw new Error(error);
      if (typeof value === "string") return value;
      await sleep(step);
    }
  }

  async goto(url) {
    await this.inTurn((driver) => driver.get(url));
  }

  async reload() {
    await this.inTurn((driver) => driver.navigate().refresh());
  }

  close() {
    return this.engine.closeTab(this.handle);
  }

  click(css) {
    return this.#acting(css, (_, element) => element.click());
  }

  fill(css, text) {
    return this.#acting(css, async (driver, element) => {
      if (NOT_TYPED.includes(await element.getAttribute("type"))) {
        await driver.executeScript((element, text) => {
          element.focus();
          element.value = text;
          for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
        }, element, text);
        return;
      }
      await element.clear();
      if (text !== "") await element.sendKeys(text);
    });
  }

  press(css, key) {
    const keys = key.split("+").map(keyOf);
    return this.#acting(css, async (driver, element) => {
      await driver.executeScript("arguments[0].focus()", element);
      const actions = driver.actions();
      for (const key of keys) actions.keyDown(key);
      for (const key of keys.reverse()) actions.keyUp(key);
      await actions.perform();
    });
  }

  /** The input itself may be invisible, with a visible label. */
  async chooseFile(css, path) {
    await this.inTurn(async (driver) => (await driver.findElement(By.css(css))).sendKeys(path));
  }

  async screenshot(path, { fullPage = false } = {}) {
    const picture = await (fullPage ? this.wholePage() : this.inTurn((driver) => driver.takeScreenshot()));
    await writeFile(path, picture, "base64");
  }

  /** Resizes the window by the difference between the page's size and the size wanted. */
  async setSize(width, height) {
    await this.inTurn(async (driver) => {
      const inner = () => driver.executeScript("return { width: innerWidth, height: innerHeight }");
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const is = await inner();
        if (is.width === width && is.height === height) return;
        const outer = await driver.manage().window().getRect();
        const size = { width: outer.width + width - is.width, height: outer.height + height - is.height };
        await driver.manage().window().setRect(size);
        await sleep(100);
      }
      const { width: w, height: h } = await inner();
      if (w !== width || h !== height) throw new Error(`the page can be ${w} by ${h} only, not ${width} by ${height}`);
    });
  }

  /** Acts on a visible element, and retries while it moves or is covered. */
  #acting(css, act) {
    return this.acting(css, async () => {
      const end = Date.now() + TIMEOUT;
      for (;;) {
        try {
          return await this.inTurn(async (driver) => {
            await this.toFront?.(driver);
            return act(driver, await driver.findElement(By.css(css)));
          });
        } catch (error) {
          if (Date.now() > end || !PASSING.some((kind) => error instanceof kind)) throw error;
        }
        await sleep(100);
      }
    });
  }
}
