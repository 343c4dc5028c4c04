// What a test sees of the page, and gets from it.

import { readFile } from "node:fs/promises";

export function focused(tab) {
  return tab.evaluate(() => document.activeElement.textContent.trim());
}

/** Whether steps and heart rate are chosen. */
export function boxes(tab) {
  return tab.evaluate(() => ["take-steps", "take-bpm"].map((id) => document.getElementById(id).checked));
}

/** The picture as it is painted now. */
export function picture(tab) {
  return tab.evaluate(() => document.querySelector(".plot canvas").toDataURL());
}

/** The picture once it stays as it is for sixty frames: while records come, it is painted again and again. */
export function settled(tab) {
  return tab.evaluate(async () => {
    const painted = () => document.querySelector(".plot canvas").toDataURL();
    let last = painted();
    for (let frames = 0; frames < 60; frames += 1) {
      await new Promise(requestAnimationFrame);
      const now = painted();
      if (now !== last) frames = 0;
      last = now;
    }
    return last;
  });
}

export async function changes(tab, before) {
  const end = Date.now() + 10_000;
  while ((await picture(tab)) === before) if (Date.now() > end) throw new Error("the picture is still the same after 10 s");
}

/** The text of the file that a click gives. */
export async function saved(tab, css) {
  const download = tab.raw.waitForEvent("download");
  await tab.click(css);
  return readFile(await (await download).path(), "utf8");
}

/** Lets the page's own time pass until something holds. */
export async function passing(tab, holds) {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it does not come about; the page says: ${await tab.text("#job")}`);
    await tab.raw.clock.runFor(250);
  }
}
