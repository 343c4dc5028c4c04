// Shows workers under trouble while they work: the table of status, with what has gone wrong below it. In a pipe it is
// a line now and then.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { count, counted, duration } from "../../../../examples/node/terminal/quantities.mjs";
import { progress } from "../../../../examples/node/terminal/progress.mjs";

/** Milliseconds between two lines in a pipe. */
const EVERY = 10_000;
/** Milliseconds for which the latest that went wrong is shown. */
const LATEST_FOR = 8000;

/** For those who only want the account. */
export function nothingShown() {
  return { async begins() {}, log() {}, async ends() {}, compares() {} };
}

/** What `chaos` takes as `show`. */
export function showOn(screen, stream, { place, here, records, workers, latency }) {
  const began = performance.now();
  const where = here ? "one worker on PGlite" : `${counted(workers, "worker")} on PostgreSQL`;
  screen.heading(`${count(records)} records, ${where}, the server ${latency.replace("ms", " ms")} away`);
  let latest = { text: "", at: -Infinity };
  let shown;
  let comparing;

  const figures = ({ crew, windows }) => [
    `${count(crew.counts.killed)} killed`,
    `${counted(windows.account.takenOver, "window")} taken over`,
    duration(performance.now() - began),
  ];

  return {
    async begins(scene) {
      shown = screen.live ? await boarded(scene) : lines(scene);
    },
    log(text) {
      latest = { text, at: performance.now() };
      if (!screen.live) screen.line(`  ${stamp()}  ${text}`);
    },
    async ends() {
      await shown?.end();
      shown = undefined;
      screen.line();
    },
    compares(rows, ofAll) {
      comparing ??= progress(screen, "comparing");
      comparing.reach(rows, ofAll);
      if (rows === ofAll) comparing.end();
    },
  };

  async function boarded(scene) {
    const { statusBoard } = await import(pathToFileURL(join(place, "workers/status.mjs")).href);
    return statusBoard(screen, stream, scene.watch, scene.types, (line) => {
      const news = performance.now() - latest.at < LATEST_FOR ? [screen.paint("yellow", latest.text)] : [];
      return `${line === "" ? " " : line}\n  ${[screen.paint("faint", figures(scene).join(" · ")), ...news].join(screen.paint("faint", " · "))}`;
    });
  }

  function lines(scene) {
    const timer = setInterval(async () => {
      const rows = await scene.watch.status().catch(() => []);
      const there = rows.reduce((sum, { records }) => sum + records, 0);
      screen.line(`  ${stamp()}  ${count(there)} records · ${figures(scene).slice(0, 2).join(" · ")}`);
    }, EVERY);
    return { end: async () => clearInterval(timer) };
  }

  function stamp() {
    return duration(performance.now() - began).padStart(12);
  }
}
