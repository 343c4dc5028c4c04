// Where the output goes: a terminal of some width, with or without colours, or a pipe.

/** Nothing is drawn wider, however wide the terminal is. */
const WIDEST = 120;

const STYLES = { bold: "1", faint: "2", red: "31", green: "32", yellow: "33", cyan: "36" };

/** What can be shown on `stream`, and the ways to show it. */
export function screenOn(stream, environment = process.env) {
  const live = stream.isTTY === true && environment.TERM !== "dumb";
  // https://no-color.org: NO_COLOR counts when it is not empty.
  const colours = live && !environment.NO_COLOR && stream.hasColors(256);
  let draft = false;

  const screen = {
    /** Whether a line can be written over. */
    live,
    /** Whether there are 256 colours. */
    colours,
    get width() {
      // Some terminals say 0 where they do not know.
      return Math.min(stream.columns || 80, WIDEST);
    },
    /** `text` in a style of the list above, or in one of the 256 colours by its number. */
    paint(style, text) {
      if (!colours || text === "") return text;
      return `\x1b[${STYLES[style] ?? `38;5;${style}`}m${text}\x1b[0m`;
    },
    line(text = "") {
      screen.clear();
      stream.write(`${text}\n`);
    },
    heading(text) {
      const rule = "─".repeat(Math.max(0, screen.width - text.length - 5));
      screen.line(`\n  ${screen.paint("bold", text)} ${screen.paint("faint", rule)}`);
    },
    /** A line that the next one takes the place of; on a live screen only. */
    draft(text) {
      stream.write(`\r\x1b[2K${text}`);
      draft = true;
    },
    /** Takes the draft away. */
    clear() {
      if (draft) stream.write("\r\x1b[2K");
      draft = false;
    },
  };
  return screen;
}

/** Text from elsewhere, without the control characters that could steer a terminal. */
export function plain(text) {
  return String(text).replace(/\p{Cc}|\p{Cf}/gu, "");
}
