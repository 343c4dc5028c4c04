// How a script begins and ends: Ctrl-C, exit codes, and messages for failures.

import { AuthenticationError, ConnectionError, HumansyncError, NotFoundError, RateLimitError } from "humansync";
import { UsageError } from "./arguments.mjs";
import { plain } from "./terminal/screen.mjs";

/** The reason of an abort by Ctrl-C, or by a signal that ends services. */
class Interrupted extends Error {
  constructor(exitCode) {
    super();
    this.exitCode = exitCode;
  }
}

/** The credential that most scripts need, for hints. */
const TOKEN = "token: --token, or HUMANSYNC_TOKEN";

/**
 * Runs `script` with a signal that Ctrl-C aborts. The process ends with 0 if `script` returns true or nothing, with 1
 * if it returns false or fails, and with 130 after Ctrl-C, for which `stopped` returns the message. A `service` ends in
 * the same way when its supervisor asks it to (SIGTERM), but with 0. `credential` and `address` are named in the hints
 * for a refused credential and a wrong address.
 */
export async function run(screen, script, { stopped = () => "Stopped.", credential = TOKEN, address = "--base-url", service = false } = {}) {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interrupted(130));
  const end = () => controller.abort(new Interrupted(0));
  // The listener is removed after the first Ctrl-C, so that a second one ends the process at once.
  process.once("SIGINT", interrupt);
  if (service) process.once("SIGTERM", end);
  // A reader that closes the pipe early (`| head`) is not a failure.
  process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
  try {
    process.exitCode = (await script(controller.signal)) === false ? 1 : 0;
  } catch (error) {
    screen.clear();
    if (error instanceof Interrupted) {
      console.error(`\n  ${stopped()}`);
      process.exitCode = error.exitCode;
    } else if (error instanceof UsageError || error instanceof HumansyncError) {
      console.error(`\n  ${plain(error.message)}${hint(error, credential, address)}`);
      process.exitCode = 1;
    } else {
      // Any other error is a defect, for which the stack trace is useful.
      throw error;
    }
  } finally {
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", end);
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
