// Prints the results.

import { table } from "../../examples/node/terminal/table.mjs";
import { screenOn } from "../../examples/node/terminal/screen.mjs";

/** The output, which can also print rows of figures. */
export function screenWithRows(stream) {
  const screen = screenOn(stream);
  /** Prints a table: names on the left, figures on the right. */
  screen.rows = (heads, rows) => {
    const columns = heads.map((_, index) => (index === 0 ? { cut: true } : { align: "right" }));
    for (const line of table(screen, columns, rows, heads)) screen.line(line);
    screen.line();
  };
  return screen;
}

/** Prints whether a bound was kept, and returns it. */
export function verdict(screen, kept, text) {
  screen.line(`  ${screen.paint(kept ? "green" : "red", kept ? "✔" : "✘")} ${text}`);
  return kept;
}
