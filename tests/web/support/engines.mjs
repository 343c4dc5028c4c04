// Three browser engines behind one interface: Chromium by Playwright, Firefox and WebKit by WebDriver.
//
// An engine has one profile, new and its own, and opens tabs that share it. How a tab is used is told in tab.mjs.

export const ENGINES = ["chromium", "firefox", "webkit"];

/** Starts the engine of this name. It ends by `close()`, and with this process. */
export async function launch(name) {
  if (!ENGINES.includes(name)) throw new Error(`there is no engine "${name}": there are ${ENGINES.join(", ")}`);
  const engine = await import(`./${name}.mjs`);
  return engine.launch();
}
