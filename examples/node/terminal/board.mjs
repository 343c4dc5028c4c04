// Several things that go on at once, each with a line of its own: redrawn in place on a terminal, and told once each in a pipe, when
// it is done.

/** Milliseconds between two drawings. */
const TICK = 80;

/** A board for the lines of `names`, in their order; `line(name)` gives one as it is now, and `foot()` one for beneath them. */
export function board(screen, stream, names, line, foot) {
  let height = 0;
  let drawn = 0;
  const draw = () => {
    drawn = performance.now();
    const up = height > 0 ? `\x1b[${height}A` : "";
    // What has left the screen cannot be drawn over: where there is not room for all, it is the last ones that are shown.
    const lines = [...names.map(line), foot()].slice(-Math.max(1, (stream.rows || 24) - 1));
    stream.write(`${up}${lines.map((text) => `\r\x1b[2K${text}\n`).join("")}\x1b[J`);
    height = lines.length;
  };
  const timer = screen.live ? setInterval(draw, TICK) : undefined;

  return {
    /** Something about `name` is new; with `done` for the last time. */
    changed(name, { done = false } = {}) {
      if (!screen.live) return done ? screen.line(line(name)) : undefined;
      // What comes a thousand times a second is not drawn a thousand times.
      if (performance.now() - drawn >= TICK) draw();
    },
    /** Leaves the last state on the screen. */
    end() {
      clearInterval(timer);
      if (screen.live) draw();
    },
  };
}
