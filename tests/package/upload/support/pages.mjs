// Pages in tabs of one browser, which share the storage of their origin.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, serve } from "../../consumers/support/pages.mjs";
import { projectFor } from "./project.mjs";

/** Keeps every WebAssembly memory that the page makes, so that its size can be seen. */
function keepMemories() {
  globalThis.wasmMemories = [];
  const { Instance } = WebAssembly;
  const keep = (instance) => {
    for (const value of Object.values(instance.exports))
      if (value instanceof WebAssembly.Memory) globalThis.wasmMemories.push(value);
    return instance;
  };
  WebAssembly.Instance = new Proxy(Instance, { construct: (target, args) => keep(Reflect.construct(target, args)) });
  const { instantiate, instantiateStreaming } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args);
    keep(made.instance ?? made);
    return made;
  };
  WebAssembly.instantiateStreaming = async (...args) => {
    const made = await instantiateStreaming(...args);
    keep(made.instance);
    return made;
  };
}

/** A browser with one profile until the test `t` ends. `open` opens a tab with the program loaded. */
export async function browserFor(t) {
  const ending = (stop) => t.after(stop);
  const folder = projectFor(ending);
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><meta charset="utf-8"><title>humansync</title><script type="module" src="page.js"></script>',
  );
  const [url, browser] = await Promise.all([serve(t, folder), launch()]);
  t.after(() => browser.close());
  const context = await browser.newContext();
  await context.addInitScript(keepMemories);
  const loaded = (page) => page.waitForFunction(() => "program" in globalThis, undefined, { timeout: 20_000 });
  return {
    browser,
    context,
    async open() {
      const page = await context.newPage();
      await page.goto(url);
      await loaded(page);
      return page;
    },
    async reload(page) {
      await page.reload();
      await loaded(page);
    },
  };
}
