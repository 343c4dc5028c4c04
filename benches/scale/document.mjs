// Writes what is computed into docs/scale.md: tables between a comment with their name and the comment `end`, and
// single figures between a comment with their name and the next comment.

import { figures, tables } from "./tables.mjs";

/** The page with its tables and figures as they are now. Throws where one is missing in the page, or unknown. */
export function filledIn(page, simulated) {
  const blocks = tables(simulated);
  const values = figures(simulated);
  const used = new Set();
  const noted = (known, name) => {
    if (!(name in known)) throw new Error(`docs/scale.md has a place for "${name}", which is not computed`);
    used.add(name);
    return known[name];
  };
  const table = (_, name) => `<!-- table: ${name} -->\n${noted(blocks, name).join("\n")}\n<!-- end -->`;
  const figure = (_, name) => `<!-- ${name} -->${noted(values, name)}<!-- -->`;
  const filled = page
    .replace(/^<!-- table: ([\w-]+) -->\n[^]*?^<!-- end -->$/gm, table)
    .replace(/<!-- ([\w-]+) -->[^<]*<!-- -->/g, figure);
  const unused = [...Object.keys(blocks), ...Object.keys(values)].find((name) => !used.has(name));
  if (unused !== undefined) throw new Error(`docs/scale.md has no place for "${unused}"`);
  return filled;
}
