// What axe-core finds wrong with a page for those who cannot see it, or not well, or use no mouse.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The findings that are serious or critical, in the page as it stands. */
export async function violations(tab) {
  // As text into the page: its policy, which allows no script of others, is asked about none that way.
  await tab.run(`(async () => { ${await source}; return "loaded"; })()`);
  return tab.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        nodes: nodes.map(({ target, html, failureSummary }) => ({ target: target.flat().join(" "), html, why: failureSummary })),
      }));
  });
}
