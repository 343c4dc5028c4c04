// Accessibility checks by axe-core.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The serious and critical findings in the page's current state. */
export async function violations(tab) {
  // The source is evaluated by the engine because the page's policy allows no further scripts.
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
