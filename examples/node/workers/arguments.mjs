// The command line of workers.mjs.

import { number, parsed, UsageError } from "../arguments.mjs";
import { APP_OPTIONS, appOf } from "../sync/arguments.mjs";
import { APP_TYPES } from "../sync/types.mjs";

const COMMANDS = ["work", "status", "failed", "retry"];

const OPTIONS = {
  ...APP_OPTIONS,
  database: { type: "string" },
  folder: { type: "string" },
  schema: { type: "string" },
  concurrency: { type: "string" },
  "shared-concurrency": { type: "string" },
  every: { type: "string" },
  drain: { type: "boolean" },
  journal: { type: "boolean" },
  json: { type: "boolean" },
  once: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

export const HELP = `Workers keep all users of an app in sync with a database. Start as many as you like, on as many machines: they share the
work, and one that dies leaves its work to the others.

  node workers.mjs [options]           a worker: it works until Ctrl-C, or SIGTERM
  node workers.mjs status [options]    how far they are, in a table that renews itself
  node workers.mjs failed [options]    the windows that have failed too often, and why
  node workers.mjs retry [options]     has these done again

  --database URL          PostgreSQL                             default: $DATABASE_URL, or none: see below
  --folder FOLDER         without --database: where to           default: humansync-workers
  --schema NAME           where the workers keep their books     default: humansync
  --base-url URL          where the API is                       default: Human API's own server
  --client-id ID          the app                                default: $HUMANSYNC_CLIENT_ID, or demo-app

Give the same of these to all four commands: the tables know which app of which server they are of.

A worker

  --app-key KEY           the app's key                          default: $HUMANSYNC_APP_KEY, or demo-app-key
  --since INSTANT         where all of it begins                 default: 31 days ago
  --types A,B             only these types                       default: all sixteen
  --concurrency N         windows at once in this process        default: 2
  --shared-concurrency N  requests in flight at once, of all
                          workers together                       default: 6
  --every MS              how often they look for what is new    default: 300000, five minutes
  --drain                 does all there is to do now, and ends: for cron
  --journal               keeps a row for each delta in the table deltas: when it came, and from which process
  --json                  prints what happens as lines of JSON

The table of status

  --once                  prints it once, and ends with 1 if windows have failed too often, a type could not be planned, or there
                          are no workers yet; so it is in a pipe

A window is a stretch of time of one type: the records that were updated in it. Workers write a table for each type
(heart_rates, food_meals, …), with a row for each record. A page of records and the note of how far the window is done are
one transaction, so that a worker may be killed at any moment.

Give the same --since, --types and --shared-concurrency to all workers of an app.

Without --database everything is in PGlite, a PostgreSQL inside this process, which keeps its files in --folder. There is
one worker then, and it shows the table itself.`;

/** Reads the command line. Absent options have the library's defaults, and the library checks the values. */
export function readWorkersArguments(given = process.argv.slice(2), environment = process.env) {
  const { values, positionals } = parsed({ args: given, options: OPTIONS, allowPositionals: true });
  const [command = "work", ...more] = positionals;
  if (values.help) return { help: true };
  if (!COMMANDS.includes(command) || more.length > 0) {
    throw new UsageError(`There are the commands ${COMMANDS.join(", ")}; given: ${positionals.join(" ")}. --help tells more.`);
  }
  const database = values.database ?? (environment.DATABASE_URL || undefined);
  if (database !== undefined && values.folder !== undefined) throw new UsageError("--folder is where PGlite is, without --database: give one of the two.");
  const types = values.types?.split(",").map((type) => type.trim()) ?? APP_TYPES;
  const unknown = types.find((type) => !APP_TYPES.includes(type));
  // Each has a table, whose name would be part of a statement.
  if (unknown !== undefined) throw new UsageError(`There is no type ${unknown}; there are ${APP_TYPES.join(", ")}.`);
  const numbers = { every: "every", concurrency: "concurrency", "shared-concurrency": "sharedConcurrency" };
  return {
    help: false,
    command,
    types,
    drain: values.drain === true,
    journal: values.journal === true,
    json: values.json === true,
    once: values.once === true,
    options: {
      app: appOf(values, environment),
      types,
      since: values.since ?? new Date(Date.now() - 31 * 86_400_000),
      ...(database !== undefined ? { database } : { folder: values.folder ?? "humansync-workers" }),
      ...(values.schema !== undefined && { schema: values.schema }),
      ...Object.fromEntries(Object.entries(numbers).flatMap(([name, option]) => (values[name] === undefined ? [] : [[option, number(name, values[name])]]))),
    },
  };
}
