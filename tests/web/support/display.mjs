// A display that nobody sees: WebKit knows no headless mode.

import { existsSync } from "node:fs";

/**
 * Windows may be larger. The pointer stands in the middle of the screen, which is so small that it stands in each window, too: where
 * nobody manages windows, the one with the pointer has the focus.
 */
const SCREEN = "600x1000x24";

/** Starts Xvfb on a free display, and gives the name of it. */
export async function startDisplay(programs) {
  const path = [process.env.HUMANSYNC_XVFB, "/usr/bin/Xvfb"].find((path) => path && existsSync(path));
  if (path === undefined) throw new Error("there is no Xvfb: install it, or name it in HUMANSYNC_XVFB");
  const flags = ["-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"];
  const { found } = await programs.start(path, flags, { tells: /^(\d+)\n/ });
  return `:${found}`;
}
