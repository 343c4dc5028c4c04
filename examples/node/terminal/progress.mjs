// The progress of a walk or a transfer: a bar on a terminal, a line for each quarter in a pipe.

import { count, duration } from "./quantities.mjs";

/** Milliseconds between two drawings. */
const TICK = 80;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Shows the progress of `what`, formatted by `quantity`; `note()` may say why nothing progresses. */
export function progress(screen, what, { note = () => "", quantity = count } = {}) {
  const began = performance.now();
  let done = 0;
  let total;
  let quarter = 0;
  let drawn = began;

  const shown = () => {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const numbers = total === undefined ? quantity(done) : `${quantity(done)} of ${quantity(total)}`;
    const known = total === undefined ? "" : `${String(Math.floor(share * 100)).padStart(3)} %`;
    const text = `${numbers.padStart(16)}  ${known}  ${duration(performance.now() - began)}`;
    return { share, text };
  };
  const bar = () => {
    const { share, text } = shown();
    const room = Math.max(8, screen.width - what.length - text.length - 9);
    return `  ${what}  ${filled(screen, share, room)}  ${text}`;
  };
  const redraw = () => {
    drawn = performance.now();
    const pause = note();
    const line = bar();
    screen.draft(pause === "" ? line : `  ${what}  ${screen.paint("yellow", pause)}`);
  };
  // The time and the pauses also change between two pages.
  const timer = screen.live ? setInterval(redraw, TICK) : undefined;

  return {
    /** Adds `more` to the progress, of `ofAll` in total. */
    add(more, ofAll) {
      this.reach(done + more, ofAll);
    },
    /** Sets the progress to `now`, of `ofAll` in total. */
    reach(now, ofAll) {
      done = now;
      total = ofAll ?? total;
      // Changes may be much more frequent than useful drawings.
      if (screen.live) return performance.now() - drawn < TICK ? undefined : redraw();
      const { share, text } = shown();
      if (Math.floor(share * 4) > quarter && share < 1) {
        quarter = Math.floor(share * 4);
        screen.line(`  ${what}  ${text}`);
      }
    },
    /** Ends successfully, and leaves the last state on the screen. */
    end() {
      clearInterval(timer);
      screen.line(screen.live ? bar() : `  ${what}  ${shown().text}`);
    },
    /** Removes the bar. */
    cancel() {
      clearInterval(timer);
      screen.clear();
    },
  };
}

function filled(screen, share, room) {
  const eighths = Math.round(share * room * 8);
  const full = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return screen.paint("cyan", full) + screen.paint("faint", "·".repeat(room - full.length));
}
