// The declared rows as a table for a terminal: what was, what has to be reached, and what is reached.

import { count } from "../../examples/node/terminal/quantities.mjs";
import { ROWS, SIZES } from "./declared.mjs";
import { figuresOf, isHint, score, scoreInWords } from "./figures.mjs";
import { bound, written } from "./units.mjs";

const HEADS = ["", "before", "to reach", "reached", ""];
const NAMES = { samples: "samples", xmlBytes: "bytes", records: "records", largest: "records", rounds: "rounds" };

/** Prints all rows, and how many bounds are reached. */
export function printTable(screen, results) {
  screen.heading("Time and memory");
  const lines = ROWS.map((row) => ({ row, cells: cellsOf(row, results) }));
  printed(screen, lines, results);
  screen.heading("Sizes: what a browser loads, after brotli");
  printed(screen, [{ row: SIZES, cells: cellsOf(SIZES, results) }], results);
  const counts = score(results);
  screen.line(`\n  ${screen.paint(counts.reached === counts.all ? "green" : "bold", scoreInWords(counts))}`);
}

/** Prints some rows. */
export function printRows(screen, rows, results) {
  printed(screen, rows.map((row) => ({ row, cells: cellsOf(row, results) })), results);
}

function printed(screen, lines, results) {
  const all = [HEADS, ...lines.flatMap(({ cells }) => cells.map(({ texts }) => texts))];
  const widths = HEADS.map((_, column) => Math.max(...all.map((texts) => texts[column].length)));
  const line = (texts, style = () => undefined) => {
    const padded = texts.map((text, column) => {
      const space = " ".repeat(widths[column] - text.length);
      const painted = style(column) === undefined ? text : screen.paint(style(column), text);
      return column === 0 || column === texts.length - 1 ? painted + space : space + painted;
    });
    screen.line(`    ${padded.join("   ").trimEnd()}`);
  };
  line(HEADS, () => "faint");
  for (const { row, cells } of lines) {
    head(screen, row, note(row, results));
    for (const { texts, reached } of cells) {
      const colour = { true: "green", false: "red" }[reached];
      line(texts, (column) => (column >= 3 ? (colour ?? "bold") : column === 0 ? undefined : "faint"));
    }
  }
}

/** The line above a row's figures, and its note, which has a line of its own where there is no room. */
function head(screen, { what }, note) {
  const name = what === undefined ? "" : plain(what);
  const fits = name.length + note.length + 5 <= screen.width;
  const painted = [name && screen.paint("bold", name), fits && screen.paint("yellow", note)].filter(Boolean);
  if (painted.length > 0) screen.line(`  ${painted.join("   ")}`);
  if (!fits) screen.line(`    ${screen.paint("yellow", note)}`);
}

/** What has to be known of a row: that there is no result, or one of less than is stated. */
function note(row, results) {
  const stored = results.rows[row.id];
  if (stored === undefined) return `not measured: cargo xtask bench ${row.bench} --write`;
  if (!isHint(row, results)) return "";
  const size = Object.entries(row.size).map(([name, stated]) => `${count(stored.size[name] ?? 0)} of ${count(stated)} ${NAMES[name]}`);
  return `a hint: measured with ${size.join(", ")}`;
}

function cellsOf(row, results) {
  return figuresOf(row, results).map((figure) => {
    const { value, reached, before } = figure;
    const mark = reached === undefined ? "" : reached ? "✓" : "✗";
    const shown = value === undefined ? "–" : written(row.unit, value);
    return { texts: [plain(figure.against ?? figure.what), before, bound(row.unit, figure), shown, mark], reached };
  });
}

/** Without the marks of Markdown. */
function plain(text) {
  return text.replaceAll("`", "");
}
