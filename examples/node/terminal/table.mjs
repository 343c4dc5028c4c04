// Rows in columns, as wide as what they hold.

import { plain } from "./screen.mjs";

/**
 * The lines of a table. `columns` tell, in order, how each is aligned (`"left"` or `"right"`) and painted.
 */
export function table(screen, columns, rows) {
  const texts = rows.map((row) => row.map(plain));
  const widths = columns.map((_, index) => Math.max(0, ...texts.map((row) => row[index].length)));
  return texts.map((row) => {
    const cells = row.map((text, index) => {
      const { align = "left", style } = columns[index];
      const space = " ".repeat(widths[index] - text.length);
      const painted = style === undefined ? text : screen.paint(style, text);
      return align === "right" ? space + painted : painted + space;
    });
    return `  ${cells.join("   ").trimEnd()}`;
  });
}
