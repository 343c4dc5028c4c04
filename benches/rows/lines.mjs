// A chart of lines over sizes that grow by powers of ten.

import { dot, path, picture, rule, text } from "./svg.mjs";

const [WIDTH, HEIGHT] = [760, 320];
/** The height of a name. */
const NAME = 18;
const PLOT = { left: 74, right: 600, top: 44, bottom: 262 };

/** `series` are `{ name, style, points: [[x, y]] }`; `xName` and `yName` write a value of an axis. */
export function lines(label, { title, foot, series, xName, yName }) {
  const all = series.flatMap(({ points }) => points);
  const [low, high] = [Math.min, Math.max].map((of) => Math.log10(of(...all.map(([x]) => x))));
  const step = stepOf(Math.max(...all.map(([, y]) => y)));
  const most = Math.ceil(Math.max(...all.map(([, y]) => y)) / step + 0.25) * step;
  const x = (value) => PLOT.left + 16 + ((Math.log10(value) - low) / Math.max(high - low, 1e-9)) * (PLOT.right - PLOT.left - 32);
  const y = (value) => PLOT.bottom - (value / most) * (PLOT.bottom - PLOT.top);
  const grid = Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step);
  const marks = [...new Set(all.map(([value]) => value))];
  return picture(WIDTH, HEIGHT, label, [
    text(20, 26, title, { style: "title" }),
    ...grid.flatMap((value) => [
      rule(PLOT.left, y(value), PLOT.right, y(value), value === 0 ? "axis" : "grid"),
      text(PLOT.left - 8, y(value) + 4, yName(value), { anchor: "end", style: "faint value" }),
    ]),
    ...marks.map((value) => text(x(value), PLOT.bottom + 20, xName(value), { anchor: "middle", style: "faint value" })),
    ...series.flatMap(({ name, style, points }) => [
      path(points.map(([a, b]) => [x(a), y(b)]), `line ${style}`),
      ...points.map(([a, b]) => dot(x(a), y(b), `dot ${style}`)),
    ]),
    ...apart(series.map(({ name, style, points }) => ({ name, style, at: y(points.at(-1)[1]) }))).flatMap(({ name, style, at }) => [
      dot(PLOT.right + 16, at, `dot ${style}`),
      text(PLOT.right + 26, at + 4, name),
    ]),
    text(20, HEIGHT - 16, foot, { style: "faint" }),
  ]);
}

/** The names of lines from top to bottom, moved down where two would be in one place. */
function apart(names) {
  const sorted = [...names].sort((one, other) => one.at - other.at);
  let free = -Infinity;
  return sorted.map((name) => {
    const at = Math.max(name.at, free);
    free = at + NAME;
    return { ...name, at };
  });
}

/** A round step of which an axis has about four. */
function stepOf(most) {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => most / step <= 5);
}
