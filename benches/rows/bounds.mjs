// The chart of all bounds: how far each figure is above what it has to reach, or below.

import { dot, picture, rule, text } from "./svg.mjs";

const [WIDTH, LEFT, RIGHT, TOP, LINE] = [760, 390, 650, 72, 22];
/** The ends of the scale, as multiples of a bound. */
const [LEAST, MOST] = [0.5, 2];

/** `groups` are `{ title, figures: [{ name, share, shown, reached }] }`, the share being 1 at the bound. */
export function bounds(label, groups) {
  const x = (share) => LEFT + (Math.log(Math.min(MOST, Math.max(LEAST, share)) / LEAST) / Math.log(MOST / LEAST)) * (RIGHT - LEFT);
  const pieces = [];
  let y = TOP;
  for (const { title, figures } of groups) {
    pieces.push(text(20, y + 4, title, { style: "title" }));
    y += LINE;
    for (const { name, share, shown, reached } of figures) {
      const style = reached ? "reached" : "missed";
      pieces.push(
        text(32, y + 4, name),
        rule(x(1), y, x(share), y, `stem ${style}`),
        dot(x(share), y, style),
        text(WIDTH - 16, y + 4, shown, { anchor: "end", style: `value ${style}` }),
      );
      y += LINE;
    }
    y += 8;
  }
  const bottom = y - LINE / 2;
  const scale = [
    text(20, 26, "Reached, of what is to be reached", { style: "title" }),
    ...[0.5, 1, 2].map((share) => rule(x(share), TOP - 16, x(share), bottom, share === 1 ? "axis" : "grid")),
    text(x(1), TOP - 24, "the bound", { anchor: "middle", style: "faint" }),
    text(x(LEAST), TOP - 24, "half or less", { anchor: "middle", style: "faint" }),
    text(x(MOST), TOP - 24, "twice or more", { anchor: "middle", style: "faint" }),
  ];
  const foot = text(20, bottom + 20, "Where ± 10 % is stated, as for growth: how often the deviation fits into it.", { style: "faint" });
  return picture(WIDTH, bottom + 36, label, [...scale, ...pieces, foot]);
}
