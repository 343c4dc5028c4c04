// The windows that have failed so often that workers leave them alone, until somebody says that they be tried again.

import { count, counted } from "../terminal/quantities.mjs";
import { table } from "../terminal/table.mjs";
import { arePresent } from "./present.mjs";
import { planErrors } from "./status-table.mjs";
import { watcher } from "./status.mjs";

/** Lists them, each with its last error, and says which types could not be planned. */
export async function showFailed(screen, signal, { options }) {
  return asked(screen, options, async (workers) => {
    const [parked, reasons] = [await workers.parked(), planErrors(await workers.status())];
    for (const reason of reasons) screen.line(`  ${screen.paint("yellow", screen.fitting(reason, 2))}`);
    if (parked.length === 0) return screen.line(`  ${screen.paint("green", "✔")} no window has failed too often`);
    const rows = parked.map(({ window, attempts, error }) => [window.type, window.since, window.before, count(attempts), error.message]);
    const columns = [{}, { style: "faint" }, { style: "faint" }, { align: "right" }, { cut: true }];
    for (const line of table(screen, columns, rows, ["type", "since", "before", "attempts", "the last error"])) screen.line(line);
    screen.line(`\n  ${counted(parked.length, "window")}: when the reason is gone, workers.mjs retry has them done again`);
  });
}

/** Gives them back to the workers. */
export async function retryFailed(screen, signal, { options }) {
  return asked(screen, options, async (workers) => {
    screen.line(`  ${counted(await workers.retry(), "window")} will be tried again`);
  });
}

async function asked(screen, options, question) {
  if (!(await arePresent(screen, options))) return false;
  const workers = await watcher(options);
  try {
    await question(workers);
    return true;
  } finally {
    await workers.stop();
  }
}
