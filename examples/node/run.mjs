// How a script begins and ends: Ctrl-C, exit codes, and failures told calmly.

import { AuthenticationError, ConnectionError, HumansyncError, NotFoundError, RateLimitError } from "humansync";
import { UsageError } from "./arguments.mjs";
import { plain } from "./terminal/screen.mjs";

/** Why the user's Ctrl-C ended it. */
class Interrupted extends Error {}

/** What opens most servers here. */
const TOKEN = "token: --token, or HUMANSYNC_TOKEN";

/**
 * Runs `script` with a signal that Ctrl-C aborts. The process ends with 0 when `script` gives true or nothing, with 1
 * when it gives false or fails, and with 130 after Ctrl-C; `stopped` gives what there is to say then. `credential` and `address` tell
 * what to try where the server knows neither.
 */
export async function run(screen, script, { stopped = () => "Stopped.", credential = TOKEN, address = "--base-url" } = {}) {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interrupted());
  // Once: a second Ctrl-C finds no listener, and ends the process there and then.
  process.once("SIGINT", interrupt);
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
  try {
    process.exitCode = (await script(controller.signal)) === false ? 1 : 0;
  } catch (error) {
    screen.clear();
    if (error instanceof Interrupted) {
      console.error(`\n  ${stopped()}`);
      process.exitCode = 130;
    } else if (error instanceof UsageError || error instanceof HumansyncError) {
      console.error(`\n  ${plain(error.message)}${hint(error, credential, address)}`);
      process.exitCode = 1;
    } else {
      // A defect: its stack is what helps.
      throw error;
    }
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

/** What to do about it, as far as these scripts know more than the library. */
function hint(error, credential, address) {
  if (error instanceof AuthenticationError) return `\n  Give another ${credential}.`;
  if (error instanceof NotFoundError) return `\n  Is this the right ${address}?`;
  if (error instanceof ConnectionError) {
    return "\n  Is the server running, and is this its --base-url? A sandbox: cargo xtask sandbox";
  }
  if (error instanceof RateLimitError && error.retryAt !== undefined) {
    return `\n  The server takes requests again at ${error.retryAt.toISOString()}.`;
  }
  return "";
}
