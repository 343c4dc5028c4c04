// How a script begins and ends: Ctrl-C, exit codes, and messages for failures.

import { AuthenticationError, ConnectionError, HumansyncError, NotFoundError, RateLimitError } from "humansync";
import { UsageError } from "./arguments.mjs";
import { plain } from "./terminal/screen.mjs";

/** The reason of an abort by Ctrl-C. */
class Interrupted extends Error {}

/** The credential that most scripts need, for hints. */
const TOKEN = "token: --token, or HUMANSYNC_TOKEN";

/**
 * Runs `script` with a signal that Ctrl-C aborts. The process ends with 0 if `script` returns true or nothing, with 1
 * if it returns false or fails, and with 130 after Ctrl-C, for which `stopped` returns the message. `credential` and
 * `address` are named in the hints for a refused credential and a wrong address.
 */
export async function run(screen, script, { stopped = () => "Stopped.", credential = TOKEN, address = "--base-url" } = {}) {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interrupted());
  // The listener is removed after the first Ctrl-C, so that a second one ends the process at once.
  process.once("SIGINT", interrupt);
  // A reader that closes the pipe early (`| head`) is not a failure.
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
      // Any other error is a defect, for which the stack trace is useful.
      throw error;
    }
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

/** A hint about options of the scripts, which the library's message cannot know. */
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
