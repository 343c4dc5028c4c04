// Bar charts in panels, two side by side: in each the package's bar and those of the others, longer ones being better
// or, where it says so, worse.

import { picture, rectangle, text } from "./svg.mjs";

const [WIDTH, MARGIN, GAP] = [760, 20, 36];
const [HEAD, LINE, BAR, FOOT] = [38, 24, 14, 18];
/** Room for names on the left of bars, and for values on their right. */
const [NAMES, VALUES] = [124, 74];

/** A panel is `{ title, bars: [{ name, value, shown, style }] }`; `columns` of them are side by side. */
export function bars(label, panels, { columns = 2, foot = "" } = {}) {
  const width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const pieces = [];
  let top = 14;
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns);
    row.forEach((panel, column) => pieces.push(...drawn(panel, MARGIN + column * (width + GAP), top, width)));
    top += HEAD + Math.max(...row.map(({ bars }) => bars.length)) * LINE + FOOT;
  }
  if (foot !== "") pieces.push(text(MARGIN, top + 6, foot, { style: "faint" }));
  return picture(WIDTH, top + (foot === "" ? 0 : 22), label, pieces);
}

function drawn({ title, bars }, left, top, width) {
  const longest = Math.max(...bars.map(({ value }) => value));
  const room = width - NAMES - VALUES;
  return [
    text(left, top + 14, title, { style: "title" }),
    ...bars.flatMap(({ name, value, shown, style = "" }, index) => {
      const y = top + HEAD + index * LINE;
      const length = (value / longest) * room;
      return [
        text(left + NAMES - 8, y + 11, name, { anchor: "end", style: style === "ours" ? "ours" : "" }),
        rectangle(left + NAMES, y, length, BAR, `bar ${style}`.trim()),
        text(left + NAMES + length + 6, y + 11, shown, { style: style === "ours" ? "value ours" : "value" }),
      ];
    }),
  ];
}
