// The cause of a StoreError of a store on a server. The errors of servers and of their clients may quote what was sent
// (PostgreSQL's "Failing row contains …", a client's `parameters`): keys, and values with health data. So a cause is an
// error of its own, and has only what cannot be part of a value.

const IDENTIFIER = /^[A-Za-z_][\w$]{0,62}$/;

/** What is taken over of an error, and what it must look like. */
const TOLD: Readonly<Record<string, RegExp>> = {
  code: /^[A-Z0-9_]{2,40}$/,
  severity: /^[A-Z]{3,10}$/,
  syscall: /^[a-z]{1,20}$/,
  routine: IDENTIFIER,
  schema: IDENTIFIER,
  table: IDENTIFIER,
  constraint: IDENTIFIER,
};

/** The classes of PostgreSQL's codes, as its manual calls them. */
const STATES: Readonly<Record<string, string>> = {
  "08": "connection exception",
  "22": "data exception",
  "23": "integrity constraint violation",
  "25": "invalid transaction state",
  "28": "invalid authorization specification",
  "3D": "invalid catalog name",
  "3F": "invalid schema name",
  "40": "transaction rollback",
  "42": "syntax error or access rule violation",
  "53": "insufficient resources",
  "54": "program limit exceeded",
  "55": "object not in prerequisite state",
  "57": "operator intervention",
  "58": "system error",
  P0: "PL/pgSQL error",
  XX: "internal error",
};

/** How the errors of Redis begin. */
const REPLY =
  /^-?(ERR|OOM|NOAUTH|WRONGPASS|NOPERM|READONLY|MISCONF|WRONGTYPE|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|UNBLOCKED|MOVED|ASK|CROSSSLOT|NOSCRIPT) /;

/** What clients say of their connections, in their own words. */
const CONNECTION: ReadonlySet<string> = new Set([
  "There was no answer in time",
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "timeout exceeded when trying to connect",
  "Query read timeout",
  "Client was closed and is not queryable",
  "Client has encountered a connection error and is not queryable",
  "Cannot use a pool after calling end on the pool",
  "Connection is closed.",
  "Socket closed unexpectedly",
  "Socket closed unexpectedly and could not be reconnected",
  "The client is closed",
]);

/** What was thrown, as an error that may be logged. */
export function causeOf(thrown: unknown): Error {
  const error = ofWhich(thrown);
  const told = Object.entries(TOLD).flatMap(([name, shape]) => {
    const value = textIn(error, name);
    return shape.test(value) ? [[name, value] as const] : [];
  });
  const given = Object.fromEntries(told);
  const cause = new Error(messageFor(textIn(error, "message"), given));
  const name = IDENTIFIER.test(textIn(error, "name")) ? textIn(error, "name") : "Error";
  const hidden = { configurable: true, writable: true, enumerable: false };
  Object.defineProperty(cause, "name", { ...hidden, value: name });
  Object.defineProperty(cause, "stack", { ...hidden, value: `${name}: ${cause.message}${framesIn(error)}` });
  return Object.assign(cause, given);
}

/** Node gives one error for all the addresses of a host that it has tried. */
function ofWhich(thrown: unknown): unknown {
  return thrown instanceof AggregateError && textIn(thrown, "code") === "" && thrown.errors.length > 0 ? thrown.errors[0] : thrown;
}

function messageFor(message: string, { code = "", syscall }: { code?: string; syscall?: string }): string {
  if (CONNECTION.has(message)) return message;
  const reply = REPLY.exec(message)?.[1];
  if (reply !== undefined) return `${reply} (what else the server said is left out)`;
  const state = code.length === 5 ? STATES[code.slice(0, 2)] : undefined;
  if (state !== undefined) return `${state} (${code})`;
  if (syscall !== undefined) return `${syscall} ${code}`.trim();
  return `${code === "" ? "an error" : code} (its message is left out, as it may quote a value)`;
}

/** Where it was thrown: what follows the message, and nothing that only looks alike within it. */
function framesIn(error: unknown): string {
  const stack = textIn(error, "stack");
  const message = textIn(error, "message");
  const at = stack.indexOf(message);
  if (at < 0) return "";
  const lines = stack.slice(at + message.length).split("\n").filter((line) => /^ {4}at .*(?::\d+:\d+|<anonymous>)\)?$/.test(line));
  return lines.map((line) => `\n${line}`).join("");
}

/** A property that is a text; "" of any other, and where there is none. */
function textIn(error: unknown, name: string): string {
  try {
    const value = (error as Record<string, unknown> | null | undefined)?.[name];
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}
