// Three browser engines with one interface: Chromium by Playwright, Firefox and WebKit by WebDriver.
//
// Each engine has its own new profile, which all of its tabs share. tab.mjs documents the tabs.

export const ENGINES = ["chromium", "firefox", "webkit"];

/** Starts the engine of this name. `close()` ends it, as does the end of this process. */
export async function launch(name) {
  if (!ENGINES.includes(name)) throw new Error(`there is no engine "${name}": there are ${ENGINES.join(", ")}`);
  const engine = await import(`./${name}.mjs`);
  return engine.launch();
}
