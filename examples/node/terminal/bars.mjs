// A bar chart, with the longest bar first.

import { count } from "./quantities.mjs";
import { plain } from "./screen.mjs";

/** The lines of a bar chart of `sums`, a map from names to numbers. */
export function bars(screen, sums, { most = 6 } = {}) {
  const sorted = [...sums].map(([name, sum]) => [plain(name), sum]).sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, most);
  const left = sorted.slice(most).reduce((sum, [, one]) => sum + one, 0);
  if (left > 0) shown.push(["others", left]);

  const longest = Math.max(...shown.map(([, sum]) => sum));
  const names = Math.max(...shown.map(([name]) => name.length));
  const numbers = Math.max(...shown.map(([, sum]) => count(sum).length));
  const room = Math.max(4, Math.min(40, screen.width - names - numbers - 8));
  return shown.map(([name, sum]) => {
    const bar = "█".repeat(Math.max(1, Math.round((sum / longest) * room)));
    return `  ${name.padEnd(names)}   ${count(sum).padStart(numbers)}  ${screen.paint("cyan", bar)}`;
  });
}
