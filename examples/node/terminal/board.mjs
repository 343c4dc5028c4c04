// Shows several concurrent tasks, each on its own line. On a terminal the lines are redrawn in place; in a pipe each
// line is printed once, when its task is done.

/** Milliseconds between two drawings. */
const TICK = 80;

/**
 * A board for the tasks `names`, in their order. `line(name)` returns a task's current line, and `foot()` the last one, or
 * several.
 */
export function board(screen, stream, names, line, foot) {
  let height = 0;
  let drawn = 0;
  const draw = () => {
    drawn = performance.now();
    const up = height > 0 ? `\x1b[${height}A` : "";
    // Lines that have scrolled off the screen cannot be redrawn. If there is not enough room, only the last ones are
    // shown.
    const lines = [...names.map(line), ...foot().split("\n")].slice(-Math.max(1, (stream.rows || 24) - 1));
    stream.write(`${up}${lines.map((text) => `\r\x1b[2K${text}\n`).join("")}\x1b[J`);
    height = lines.length;
  };
  const timer = screen.live ? setInterval(draw, TICK) : undefined;

  return {
    /** Reports a change of `name`; with `done`, the last one. */
    changed(name, { done = false } = {}) {
      if (!screen.live) return done ? screen.line(line(name)) : undefined;
      // Changes may be much more frequent than useful drawings.
      if (performance.now() - drawn >= TICK) draw();
    },
    /** Ends the board, and leaves the last state on the screen. */
    end() {
      clearInterval(timer);
      if (screen.live) draw();
    },
  };
}
