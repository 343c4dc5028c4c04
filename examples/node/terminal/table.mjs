// Tables whose columns are as wide as their cells. On a narrow screen the last columns are left out.

import { plain } from "./screen.mjs";

/** The smallest width to which a column is cut. */
const NARROWEST = 16;

/**
 * The lines of a table. Each of `columns` has an alignment (`"left"` or `"right"`) and a style, which may be a function of
 * the cell's text, and may be `cut` on a narrow terminal. `heads` are optional headings.
 */
export function table(screen, columns, rows, heads) {
  const given = heads === undefined ? rows : [heads, ...rows];
  const texts = given.map((row) => row.map(plain));
  const widths = columns.map((_, index) => Math.max(0, ...texts.map((row) => row[index].length)));
  // In a pipe, columns that may be cut have their full width.
  const room = screen.live || !columns.some(({ cut }) => cut) ? screen.width : Infinity;
  cutToFit(columns, widths, room);
  const shown = columnsThatFit(widths, room);
  return texts.map((row, number) => {
    const cells = row.slice(0, shown).map((whole, index) => {
      const { align = "left" } = columns[index];
      const style = heads !== undefined && number === 0 ? "faint" : styleOf(columns[index], whole);
      const text = whole.length > widths[index] ? `${whole.slice(0, widths[index] - 1)}…` : whole;
      const space = " ".repeat(widths[index] - text.length);
      const painted = style === undefined ? text : screen.paint(style, text);
      return align === "right" ? space + painted : painted + space;
    });
    return `  ${cells.join("   ").trimEnd()}`;
  });
}

function styleOf({ style }, text) {
  return typeof style === "function" ? style(text) : style;
}

/** Narrows the columns that may be cut until the table fits into `room`. */
function cutToFit(columns, widths, room) {
  for (const [index, { cut = false }] of columns.entries()) {
    const excess = widths.reduce((sum, width) => sum + width + 3, -1) - room;
    if (cut && excess > 0) widths[index] = Math.max(Math.min(NARROWEST, widths[index]), widths[index] - excess);
  }
}

/** How many columns fit, at least one. There are two spaces before the first column, and three between any two. */
function columnsThatFit(widths, room) {
  let taken = -1;
  const first = widths.findIndex((width) => (taken += width + 3) > room);
  return first === -1 ? widths.length : Math.max(1, first);
}
