// Writes the stored results into docs/benchmarks.md: blocks between a comment with their name and the comment `end`.

import { charts } from "./charts.mjs";
import { tables } from "./tables.mjs";

/** The page with its tables and charts as they are now. Throws where one is missing in the page, or unknown. */
export function filledIn(page, results) {
  const drawn = new Set(charts(results).map(([name]) => name));
  const blocks = tables(results);
  const used = new Set();
  const table = (_, name) => {
    if (!(name in blocks)) throw new Error(`docs/benchmarks.md has a place for "${name}", which is not computed`);
    used.add(`table: ${name}`);
    return `<!-- table: ${name} -->\n${blocks[name].join("\n")}\n<!-- end -->`;
  };
  const chart = (_, name, words) => {
    used.add(`chart: ${name}`);
    const shown = drawn.has(`${name}.svg`) ? `![${words}](benchmarks/${name}.svg)` : "*Not measured yet.*";
    return `<!-- chart: ${name}: ${words} -->\n${shown}\n<!-- end -->`;
  };
  const filled = page
    .replace(/^<!-- table: ([\w-]+) -->\n[^]*?^<!-- end -->$/gm, table)
    .replace(/^<!-- chart: ([\w-]+): (.+) -->\n[^]*?^<!-- end -->$/gm, chart);
  const all = [...Object.keys(blocks).map((name) => `table: ${name}`), ...[...drawn].map((name) => `chart: ${name.replace(/\.svg$/, "")}`)];
  const unused = all.find((name) => !used.has(name));
  if (unused !== undefined) throw new Error(`docs/benchmarks.md has no place for "${unused}"`);
  return filled;
}
