// Takes the pictures of the web app in docs/web/: both panels, light and dark, wide and narrow. With `--all` also every
// other state.
//
//   node tests/web/pictures.mjs [--all] [folder]

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { allRead, anew, choose } from "./support/app.mjs";
import { launch } from "./support/engines.mjs";
import { startStage } from "./support/stage.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { all: { type: "boolean" } } });
const folder = positionals[0] ?? join(import.meta.dirname, "../../docs/web");
const SIZES = { wide: [1280, 1000], narrow: [360, 800] };
const SCHEMES = ["light", "dark"];
/** The type of data and the time that each of the four pictures of the first panel shows. */
const EXPLORED = {
  "wide-light": ["heart-rate", 30],
  "wide-dark": ["activities", "all"],
  "narrow-light": ["sleep", 30],
  "narrow-dark": ["places", 365],
};

const stage = await startStage();
try {
  await mkdir(folder, { recursive: true });
  const exported = await exportOf(stage);
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    for (const scheme of SCHEMES) {
      await anew(stage);
      const engine = await launch("chromium");
      try {
        const tab = await engine.open("about:blank");
        await tab.setSize(width, height);
        await tab.raw.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        await shoot(tab, `${size}-${scheme}`, exported);
      } finally {
        await engine.close();
      }
    }
  }
} finally {
  await stage.close();
}

async function shoot(tab, name, exported) {
  const take = async (state, { fullPage = false, top } = {}) => {
    if (top !== undefined) await tab.evaluate((css) => document.querySelector(css).scrollIntoView({ block: "start" }), top);
    await tab.screenshot(join(folder, `${state}-${name}.png`), { fullPage });
  };
  const also = async (...args) => values.all && (await take(...args));
  await tab.goto(stage.url);
  await also("first", { fullPage: true });
  await tab.click("#connect");
  await allRead(tab);
  if (values.all) {
    for (const kind of ["steps", "heart-rate", "sleep", "blood-pressure", "weight", "places", "activities", "meals", "medical-vitals"]) {
      await choose(tab, kind, 90);
      await allRead(tab);
      await take(`explore-${kind}`, { fullPage: true });
    }
    await tab.click("#events summary");
    await take("events", { top: "#events" });
    await tab.click("#events summary");
  }
  const [kind, range] = EXPLORED[name];
  await choose(tab, kind, range);
  await allRead(tab);
  await tab.evaluate(() => document.activeElement.blur());
  await take("explore", { top: name.startsWith("narrow") ? "#latest-title + .cards + .bar" : "body" });
  if (values.all) {
    await stage.sandbox.control("faults", { failNext: [{ status: 429, retryAfter: 9 }] });
    await tab.click("#load");
    await tab.waitFor("[data-notice=reading]");
    await take("asked-to-wait");
    await allRead(tab);
    await stage.sandbox.control("faults", { tokens: ["other"] });
    await tab.click("#load");
    await tab.waitFor("[data-notice=reading]", { text: "not accepted" });
    await take("token-refused");
    await stage.sandbox.control("faults", { tokens: ["demo"] });
    await tab.click("#connect");
    await allRead(tab);
  }

  await tab.click("#tab-send");
  await also("send-first", { fullPage: true });
  await tab.chooseFile("#file", exported);
  await tab.waitFor("#job-state", { text: "to send" });
  await tab.evaluate(() => document.activeElement.blur());
  await also("send-plan", { fullPage: true });
  await stage.sandbox.control("faults", { latencyMs: 400 });
  await tab.click("#start");
  await tab.waitFor("#job-figures", { text: /left$/ });
  await tab.evaluate(() => document.activeElement.blur());
  await take("send", { top: name.startsWith("narrow") ? "#job" : "body" });
  if (!values.all) return;
  stage.line.cut();
  await tab.waitFor("[data-notice=sending]");
  await take("no-answer");
  stage.line.mend();
  await tab.waitFor("#pause");
  await tab.click("#pause");
  await tab.waitFor("#job-state", { text: "Paused" });
  await take("paused");
  await stage.sandbox.control("faults", { latencyMs: null });
  await tab.click("#pause");
  await tab.waitFor("#job-state", { text: /samples sent\./, timeout: 60_000 });
  await take("sent", { fullPage: true });
  await tab.chooseFile("#file", exported);
  await tab.waitFor("#job-state", { text: "Nothing is new" });
  await take("nothing-new", { fullPage: true });
}

/** Makes an export of the Health app with some samples that cannot be sent. */
async function exportOf({ folder: place }) {
  const path = join(place, "export.xml");
  const script = join(import.meta.dirname, "../../examples/node/make-export.mjs");
  const child = spawn(process.execPath, [script, path, "--samples", "40000", "--odd", "12", "--repeated", "3"], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`make-export.mjs ended with ${code}`);
  return path;
}
