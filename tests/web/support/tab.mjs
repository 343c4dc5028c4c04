// The commands for a tab in every engine. Each waits up to 20 s for the element that it is for.

import { setTimeout as sleep } from "node:timers/promises";

export const TIMEOUT = 20_000;
const STEP = 50;

/**
 * A tab. The queries are here for all engines. Each engine adds `run(source)`, which evaluates an expression that must
 * be a promise of a string, and the commands that act as a user does:
 *
 *     goto(url), reload(), close(), click(css), fill(css, text), press(css, "Enter" or "Shift+Tab"), chooseFile(css, path),
 *     screenshot(path, { fullPage }), setSize(width, height)     in pixels of the page, without the browser's own bars
 *
 * `raw` is Playwright's page, or Selenium's driver, for features that only one engine has. `errors()` returns the
 * errors of the page as far as the engine reports them: WebKit reports none from before the page is loaded.
 */
export class Tab {
  /** Runs a function, which may be async, in the page. Its arguments and its result are passed as JSON. */
  async evaluate(fn, ...args) {
    const call = `(${fn})(...${JSON.stringify(args)})`;
    const answer = JSON.parse(await this.run(`(async () => {
      try {
        return JSON.stringify({ value: await ${call} });
      } catch (error) {
        const { name = "Error", message = String(error), stack } = Object(error);
        return JSON.stringify({ error: { name, message, stack } });
      }
    })()`));
    if (answer.error === undefined) return answer.value;
    const { name, message, stack } = answer.error;
    throw Object.assign(new Error(`in the page: ${name}: ${message}`, { cause: stack }), { name });
  }

  /** The visible text of an element, or "" without any. */
  async text(css) {
    return (await this.look(css)).text;
  }

  async exists(css) {
    return (await this.look(css)).exists;
  }

  async isVisible(css) {
    return (await this.look(css)).visible;
  }

  look(css) {
    return this.evaluate((css) => {
      const element = document.querySelector(css);
      const visible = element?.checkVisibility({ visibilityProperty: true }) === true && element.getClientRects().length > 0;
      return {
        exists: element !== null,
        visible,
        enabled: element !== null && !element.matches(":disabled"),
        text: visible ? element.innerText.trim() : "",
      };
    }, css);
  }

  /**
   * Waits until the first element of this selector is visible and contains or matches `text`, or, with `gone`, until it
   * is not visible. Returns its text.
   */
  async waitFor(css, { text, gone = false, timeout = TIMEOUT } = {}) {
    const matches = (seen) => typeof text === "string" ? seen.includes(text) : text === undefined || seen.search(text) >= 0;
    const end = Date.now() + timeout;
    for (;;) {
      const seen = await this.look(css).catch((error) => ({ error }));
      if (seen.error === undefined && gone !== (seen.visible && matches(seen.text))) return seen.text;
      if (Date.now() > end) throw await this.#notSeen(css, { text, gone, timeout, seen });
      await sleep(STEP);
    }
  }

  async #notSeen(css, { text, gone, timeout, seen }) {
    const wanted = `${css}${text === undefined ? "" : ` with ${JSON.stringify(text instanceof RegExp ? String(text) : text)}`}`;
    const there = seen.error !== undefined
      ? `the page could not be asked: ${seen.error.message}`
      : !seen.exists
        ? "there is no such element"
        : `it ${seen.visible ? `shows ${JSON.stringify(seen.text)}` : "cannot be seen"}`;
    const errors = await this.errors();
    const body = seen.error === undefined && !gone ? await this.text("body").catch(() => "") : "";
    return new Error(
      [
        `${wanted} was ${gone ? "still" : "not"} there after ${timeout / 1000} s; ${there}`,
        `the page's errors: ${errors.length === 0 ? "none" : errors.join("\n  ")}`,
        ...(body === "" ? [] : [`the page: ${body.slice(0, 2000)}`]),
      ].join("\n"),
      { cause: seen.error },
    );
  }

  /** Chooses an option of a `<select>` by its value. */
  async select(css, value) {
    await this.acting(css, () => this.evaluate((css, value) => {
      const select = document.querySelector(css);
      if (![...select.options].some((option) => option.value === value))
        throw new Error(`${css} has the options ${[...select.options].map((option) => option.value)}, and not ${value}`);
      select.focus();
      select.value = value;
      for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
    }, css, value));
  }

  /** Acts on an element once it is visible and enabled. */
  async acting(css, act) {
    const end = Date.now() + TIMEOUT;
    await this.waitFor(css);
    while (!(await this.look(css)).enabled) {
      if (Date.now() > end) throw new Error(`${css} was still disabled after ${TIMEOUT / 1000} s`);
      await sleep(STEP);
    }
    return act();
  }
}
