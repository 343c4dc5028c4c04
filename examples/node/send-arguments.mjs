// The command line of send.mjs.

import { homedir } from "node:os";
import { join } from "node:path";
import { number, parsed, token, UsageError } from "./arguments.mjs";

const OPTIONS = {
  type: { type: "string" },
  format: { type: "string" },
  "base-url": { type: "string" },
  token: { type: "string" },
  store: { type: "string" },
  account: { type: "string" },
  "batch-size": { type: "string" },
  concurrency: { type: "string" },
  "on-unknown": { type: "string" },
  plan: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** The folder of the store, which is the same for every run, whatever its working directory. */
const STORE = join(homedir(), ".humansync");

/**
 * Reads the command line, ready for `new SampleUploader`. Absent options have the library's defaults, and the library
 * checks the values.
 */
export function readSendArguments(given = process.argv.slice(2), environment = process.env) {
  const { values, positionals } = parsed({ args: given, options: OPTIONS, allowPositionals: true });
  if (values.help) return { help: true };
  if (positionals.length !== 1) throw new UsageError("It takes one FILE. --help tells the options.");
  if (values["base-url"] === undefined) throw new UsageError("Where to? --base-url tells. A server to try it with: cargo xtask sandbox");
  return {
    help: false,
    file: positionals[0],
    type: values.type ?? "steps",
    format: values.format,
    folder: values.store ?? STORE,
    planOnly: values.plan === true,
    client: {
      baseUrl: values["base-url"],
      token: token(values, environment),
      ...(values.account !== undefined && { account: values.account }),
      ...(values["batch-size"] !== undefined && { batchSize: number("batch-size", values["batch-size"]) }),
      ...(values.concurrency !== undefined && { concurrency: number("concurrency", values.concurrency) }),
      ...(values["on-unknown"] !== undefined && { onUnknown: values["on-unknown"] }),
    },
  };
}

export const HELP = `Sends the samples of a file, and never one of them twice.

  node send.mjs FILE --base-url URL [options]

  FILE               an export.zip or export.xml of the Health app, or samples as JSON, NDJSON or CSV
  --base-url URL     where to
  --type TYPE        steps or bpm                                default: steps
  --format FORMAT    json, ndjson, csv or apple-health           default: as the content tells
  --token TOKEN      the access token                            default: $HUMANSYNC_TOKEN, or demo
  --store FOLDER     where it is kept what was sent              default: ~/.humansync
  --account NAME     whose samples they are, if several people's are kept there
  --batch-size N     samples in a request, 3 to 1000             default: 1000
  --concurrency N    requests in flight at once
  --on-unknown WHAT  resend or hold batches whose answer was lost
  --plan             tells what would be sent, and sends nothing
  --help             this text

  Ctrl-C ends it, a second one at once; the next run goes on from there. NO_COLOR=1 takes the colours away.`;
