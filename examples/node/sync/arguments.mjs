// The command lines of sync.mjs and sync-postgres.mjs, and what workers.mjs has in common with them.

import { number, parsed, UsageError } from "../arguments.mjs";

/** The options that say which app, where it is, and which of its records. */
export const APP_OPTIONS = {
  "base-url": { type: "string" },
  "client-id": { type: "string" },
  "app-key": { type: "string" },
  since: { type: "string" },
  types: { type: "string" },
};

const SHARED = { ...APP_OPTIONS, concurrency: { type: "string" }, help: { type: "boolean", short: "h" } };

/**
 * Reads the command line, ready for `new AppClient` and for its `sync`. Absent options have the library's defaults, and
 * the library checks the values. `own` is the option that names the database.
 */
export function readSyncArguments(own, given = process.argv.slice(2), environment = process.env) {
  const { values } = parsed({ args: given, options: { ...SHARED, [own.name]: { type: "string" } } });
  if (values.help) return { help: true };
  const database = values[own.name] ?? own.otherwise(environment);
  if (database === undefined) throw new UsageError(`Into which database? --${own.name} tells.`);
  return {
    help: false,
    database,
    client: {
      ...appOf(values, environment),
      ...(values.concurrency !== undefined && { concurrency: number("concurrency", values.concurrency) }),
    },
    options: {
      ...(values.since !== undefined && { since: values.since }),
      ...(values.types !== undefined && { types: values.types.split(",") }),
    },
  };
}

/** The app, ready for `new AppClient`. */
export function appOf(values, environment) {
  return {
    clientId: values["client-id"] ?? (environment.HUMANSYNC_CLIENT_ID || "demo-app"),
    // The environment is safer than the command line, which other users of the machine can see.
    appKey: values["app-key"] ?? (environment.HUMANSYNC_APP_KEY || "demo-app-key"),
    ...(values["base-url"] !== undefined && { baseUrl: values["base-url"] }),
  };
}

export const SYNC_OPTIONS = `  --client-id ID     the app                                 default: $HUMANSYNC_CLIENT_ID, or demo-app
  --app-key KEY      its App Key                             default: $HUMANSYNC_APP_KEY, or demo-app-key
  --base-url URL     where the API is                        default: Human API's own server
  --since INSTANT    where the first run begins              default: 31 days ago
  --types A,B        only these types                        default: all sixteen
  --concurrency N    requests in flight at once
  --help             this text

  Run it again to fetch what has changed since. Ctrl-C ends it, and so does anything else: the next run goes on from there.`;
