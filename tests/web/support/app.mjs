// Steps that many tests have in common: what a person does with the page.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ndjson, samples } from "../../package/upload/support/samples.mjs";
import { launch } from "./engines.mjs";

/** Opens the page and connects. */
export async function connected(engine, { url }, token) {
  const tab = await engine.open(url);
  if (token !== undefined) await tab.fill("#token", token);
  await tab.click("#connect");
  await tab.waitFor("#connection-state", { text: "Connected" });
  return tab;
}

/** Chooses a type and a time; a time is a number of days, or "all". */
export async function choose(tab, kind, range) {
  await tab.select("#kind", kind);
  await tab.select("#range", String(range));
}

/** Waits until everything is read, and returns the number of records. */
export async function allRead(tab, timeout = 40_000) {
  const text = await tab.waitFor("#read-state", { text: "all there are", timeout });
  return Number(text.split(" ")[0].replaceAll(",", ""));
}

/** Makes a file of `count` step samples, and returns its path and the samples. */
export async function stepsFile({ folder }, count, { first = 0, name = `steps-${count}-${first}.ndjson` } = {}) {
  const list = samples(count, { first });
  const path = join(folder, name);
  await writeFile(path, ndjson(list));
  return { path, list };
}

/** Opens the panel for sending with a file, and waits for its plan. */
export async function planned(engine, { url }, path) {
  const tab = await engine.open(`${url}#/send`);
  await tab.chooseFile("#file", path);
  await tab.waitFor("#job-state", { text: /to send\. Nothing has been sent yet|Nothing is new|nothing to send/ });
  return tab;
}

export const stateOf = (tab) => tab.evaluate(() => document.querySelector("#job").dataset.state);

/**
 * The server answers `after` more batches and holds the others until `letGo`, so that sending reliably stays in the
 * middle of the file.
 */
export function held({ sandbox }, after) {
  return sandbox.control("faults", { hold: { method: "POST", path: "/api/", after } });
}

/** Waits until `count` batches of a thousand samples have arrived. The page may show them a moment later. */
export async function batchesArrived(tab, stage, count) {
  const end = Date.now() + 40_000;
  for (;;) {
    const { distinct } = await arrived(stage);
    if (distinct >= count * 1000) return;
    if (Date.now() > end) throw new Error(`after 40 s only ${distinct} samples had arrived: ${await tab.text("#job")}`);
  }
}

/** Like `held`, for pages of a list. */
export function heldPages({ sandbox }, path, after) {
  return sandbox.control("faults", { hold: { method: "GET", path: `/v1/human/${path}`, after } });
}

/** Answers the requests that are held. */
export function letGo({ sandbox }) {
  return sandbox.control("faults", { hold: null });
}

/** The samples that have arrived at the sandbox. */
export async function arrived({ sandbox }) {
  const { total, distinct, duplicates, violationCount } = await sandbox.control("samples");
  return { total, distinct, duplicates, violationCount };
}

/** Resets the sandbox, and moves the page to an origin that the browser has never seen. */
export async function anew(stage) {
  const { sandbox, line } = stage;
  await stage.move();
  line.mend();
  await sandbox.control("reset", {});
  await fetch(new URL("/_sandbox/samples", sandbox.url), { method: "DELETE" });
}

/** Launches an engine for all tests of a file; `closeTabs()` closes the tabs that a test has opened. */
export async function launchForTests(name) {
  const engine = await launch(name);
  const tabs = new Set();
  return {
    name,
    async open(url) {
      const tab = await engine.open(url);
      tabs.add(tab);
      const close = tab.close.bind(tab);
      tab.close = () => {
        tabs.delete(tab);
        return close();
      };
      return tab;
    },
    async closeTabs() {
      for (const tab of [...tabs]) await tab.close();
    },
    close: () => engine.close(),
  };
}

/** Makes a file with every kind of sample that cannot be sent. */
export async function oddFile(stage) {
  const list = samples(2000);
  const odd = [
    [400, { ...list[400], value: 0 }],
    [500, { ...list[500], value: -1 }],
    [600, { ...list[600], start_date: "yesterday" }],
    [700, { ...list[700], device_name: "" }],
  ];
  for (const [index, sample] of odd) list[index] = sample;
  const path = join(stage.folder, "odd.ndjson");
  await writeFile(path, ndjson(list));
  return { path, list };
}
