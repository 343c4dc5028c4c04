// Rows in columns, as wide as what they hold. On a narrow screen the last columns are left out.

import { plain } from "./screen.mjs";

/**
 * The lines of a table. `columns` tell, in order, how each is aligned (`"left"` or `"right"`) and painted.
 */
export function table(screen, columns, rows) {
  const texts = rows.map((row) => row.map(plain));
  const widths = columns.map((_, index) => Math.max(0, ...texts.map((row) => row[index].length)));
  const shown = columnsThatFit(widths, screen.width);
  return texts.map((row) => {
    const cells = row.slice(0, shown).map((text, index) => {
      const { align = "left", style } = columns[index];
      const space = " ".repeat(widths[index] - text.length);
      const painted = style === undefined ? text : screen.paint(style, text);
      return align === "right" ? space + painted : painted + space;
    });
    return `  ${cells.join("   ").trimEnd()}`;
  });
}

/** How many columns have room, at least one: there are two spaces in front of the first, and three between any two. */
function columnsThatFit(widths, room) {
  let taken = -1;
  const first = widths.findIndex((width) => (taken += width + 3) > room);
  return first === -1 ? widths.length : Math.max(1, first);
}
