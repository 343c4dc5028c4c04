// The output: a terminal with its width, with or without colours, or a pipe.

/** The greatest width that is used on wide terminals. */
const WIDEST = 120;

const STYLES = { bold: "1", faint: "2", red: "31", green: "32", yellow: "33", cyan: "36" };

/** The capabilities of `stream`, and functions for printing. */
export function screenOn(stream, environment = process.env) {
  const live = stream.isTTY === true && environment.TERM !== "dumb";
  // https://no-color.org: NO_COLOR counts when it is not empty.
  const colours = live && !environment.NO_COLOR && stream.hasColors(256);
  let draft = false;

  const screen = {
    /** Whether lines can be overwritten. */
    live,
    /** Whether there are 256 colours. */
    colours,
    get width() {
      // Some terminals report 0 if they do not know their width.
      return Math.min(stream.columns || 80, WIDEST);
    },
    /** `text` in a style of the list above, or in one of the 256 colours, by number. */
    paint(style, text) {
      if (!colours || text === "") return text;
      return `\x1b[${STYLES[style] ?? `38;5;${style}`}m${text}\x1b[0m`;
    },
    /** `text` as it fits into a line that is drawn again and again, with so many characters before it. */
    fitting(text, before = 0) {
      const room = screen.width - before;
      return live && text.length > room ? `${text.slice(0, room - 1)}…` : text;
    },
    line(text = "") {
      screen.clear();
      stream.write(`${text}\n`);
    },
    heading(text) {
      const rule = "─".repeat(Math.max(0, screen.width - text.length - 5));
      screen.line(`\n  ${screen.paint("bold", text)} ${screen.paint("faint", rule)}`);
    },
    /** Prints a line that the next one replaces. Does nothing in a pipe. */
    draft(text) {
      stream.write(`\r\x1b[2K${text}`);
      draft = true;
    },
    /** Removes the draft. */
    clear() {
      if (draft) stream.write("\r\x1b[2K");
      draft = false;
    },
  };
  return screen;
}

/** Removes control characters, which could control the terminal, from foreign text. */
export function plain(text) {
  return String(text).replace(/\p{Cc}|\p{Cf}/gu, "");
}
