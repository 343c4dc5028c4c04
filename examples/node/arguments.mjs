// The command lines of these scripts.

import { parseArgs } from "node:util";

const SHARED = {
  "base-url": { type: "string" },
  token: { type: "string" },
  concurrency: { type: "string" },
  limit: { type: "string" },
  help: { type: "boolean", short: "h" },
};

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {}

/**
 * Reads the options that all scripts have, ready for `new HumanClient` and for a query. Absent options have the
 * library's defaults, and the library checks the bounds of numbers.
 */
export function readArguments(given = process.argv.slice(2), environment = process.env) {
  const { values } = parsed({ args: given, options: SHARED });
  return {
    help: values.help === true,
    client: {
      accessToken: token(values, environment),
      ...(values["base-url"] !== undefined && { baseUrl: values["base-url"] }),
      ...(values.concurrency !== undefined && { concurrency: number("concurrency", values.concurrency) }),
    },
    query: values.limit === undefined ? {} : { limit: number("limit", values.limit) },
  };
}

/** Parses a command line with `parseArgs`. */
export function parsed(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error.message.split(". ")[0]}. --help tells the options.`);
  }
}

/** The token. The environment is safer than the command line, which other users of the machine can see. */
export function token(values, environment) {
  return values.token ?? (environment.HUMANSYNC_TOKEN || "demo");
}

export function number(name, text) {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`--${name} takes a number; given: ${text}`);
  return value;
}

/** The help for those options. */
export const OPTIONS_HELP = `  --base-url URL     where the API is                     default: Human API's own server
  --token TOKEN      the person's access token            default: $HUMANSYNC_TOKEN, or demo
  --concurrency N    requests in flight at once
  --limit N          records per page, 1 to 500
  --help             this text

  Ctrl-C ends it. NO_COLOR=1 takes the colours away.`;
