// A virtual display, because WebKit has no headless mode.

import { existsSync } from "node:fs";

/**
 * Without a window manager, the window under the pointer has the focus. The pointer is in the middle of the screen, and
 * the screen is so small that this is inside every window. Windows may be larger than the screen.
 */
const SCREEN = "600x1000x24";

/** Starts Xvfb on a free display, and returns the display's name. */
export async function startDisplay(programs) {
  const path = [process.env.HUMANSYNC_XVFB, "/usr/bin/Xvfb"].find((path) => path && existsSync(path));
  if (path === undefined) throw new Error("there is no Xvfb: install it, or name it in HUMANSYNC_XVFB");
  const flags = ["-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"];
  const { found } = await programs.start(path, flags, { tells: /^(\d+)\n/ });
  return `:${found}`;
}
