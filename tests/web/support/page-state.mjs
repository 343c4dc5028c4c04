// Reads the state of the page: the chosen types, the picture, and downloads.

import { readFile } from "node:fs/promises";

export function focused(tab) {
  return tab.evaluate(() => document.activeElement.textContent.trim());
}

/** Whether the boxes of steps and heart rate are checked. */
export function boxes(tab) {
  return tab.evaluate(() => ["take-steps", "take-bpm"].map((id) => document.getElementById(id).checked));
}

/** The picture in its current state. */
export function picture(tab) {
  return tab.evaluate(() => document.querySelector(".plot canvas").toDataURL());
}

/** The picture once it has not changed for sixty frames, because it is drawn again and again while records arrive. */
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

/** The text of the file that a click downloads. */
export async function saved(tab, css) {
  const download = tab.raw.waitForEvent("download");
  await tab.click(css);
  return readFile(await (await download).path(), "utf8");
}

/** Advances the page's mocked clock until `holds` resolves to true. */
export async function passing(tab, holds) {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it does not come about; the page says: ${await tab.text("#job")}`);
    await tab.raw.clock.runFor(250);
  }
}
