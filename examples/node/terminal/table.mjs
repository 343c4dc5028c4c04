// Rows in columns, as wide as what they hold. On a narrow screen the last columns are left out.

import { plain } from "./screen.mjs";

/** No column that may be cut becomes narrower. */
const NARROWEST = 16;

/**
 * The lines of a table. `columns` tell, in order, how each is aligned (`"left"` or `"right"`) and painted, and whether its texts
 * may be `cut` on a narrow terminal; `heads`, where there are any, stand above them.
 */
export function table(screen, columns, rows, heads) {
  const given = heads === undefined ? rows : [heads, ...rows];
  const texts = given.map((row) => row.map(plain));
  const widths = columns.map((_, index) => Math.max(0, ...texts.map((row) => row[index].length)));
  // In a pipe there is no end of a line: what may be cut is whole.
  const room = screen.live || !columns.some(({ cut }) => cut) ? screen.width : Infinity;
  cutToFit(columns, widths, room);
  const shown = columnsThatFit(widths, room);
  return texts.map((row, number) => {
    const cells = row.slice(0, shown).map((whole, index) => {
      const { align = "left" } = columns[index];
      const style = heads !== undefined && number === 0 ? "faint" : columns[index].style;
      const text = whole.length > widths[index] ? `${whole.slice(0, widths[index] - 1)}…` : whole;
      const space = " ".repeat(widths[index] - text.length);
      const painted = style === undefined ? text : screen.paint(style, text);
      return align === "right" ? space + painted : painted + space;
    });
    return `  ${cells.join("   ").trimEnd()}`;
  });
}

/** Takes from the columns that may be cut what is too much for `room`. */
function cutToFit(columns, widths, room) {
  for (const [index, { cut = false }] of columns.entries()) {
    const excess = widths.reduce((sum, width) => sum + width + 3, -1) - room;
    if (cut && excess > 0) widths[index] = Math.max(Math.min(NARROWEST, widths[index]), widths[index] - excess);
  }
}

/** How many columns have room, at least one: there are two spaces in front of the first, and three between any two. */
function columnsThatFit(widths, room) {
  let taken = -1;
  const first = widths.findIndex((width) => (taken += width + 3) > room);
  return first === -1 ? widths.length : Math.max(1, first);
}
