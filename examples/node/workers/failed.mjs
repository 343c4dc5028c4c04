// The windows that have failed so often that workers leave them alone, until somebody says that they be tried again.

import { count, counted } from "../terminal/quantities.mjs";
import { table } from "../terminal/table.mjs";
import { watcher } from "./status.mjs";

/** Lists them, each with its last error. */
export async function showFailed(screen, signal, { options }) {
  await asked(options, async (workers) => {
    const parked = await workers.parked();
    if (parked.length === 0) return screen.line(`  ${screen.paint("green", "✔")} no window has failed too often`);
    const rows = parked.map(({ window, attempts, error }) => [window.type, window.since, window.before, count(attempts), error.message]);
    const columns = [{}, { style: "faint" }, { style: "faint" }, { align: "right" }, { cut: true }];
    for (const line of table(screen, columns, rows, ["type", "since", "before", "attempts", "the last error"])) screen.line(line);
    screen.line(`\n  ${counted(parked.length, "window")}: when the reason is gone, workers.mjs retry has them done again`);
  });
}

/** Gives them back to the workers. */
export async function retryFailed(screen, signal, { options }) {
  await asked(options, async (workers) => {
    screen.line(`  ${counted(await workers.retry(), "window")} will be tried again`);
  });
}

async function asked(options, question) {
  const workers = await watcher(options);
  try {
    await question(workers);
  } finally {
    await workers.stop();
  }
}
