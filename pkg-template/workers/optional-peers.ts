// The packages that only the workers need: optional peers, which are imported when they are used.

import { type HumansyncError, humansyncError } from "../core/errors.js";

/** What pg-boss 12 needs. */
const NODE = [22, 12] as const;

/** Complains about a Node that pg-boss does not run on. Bun has a version of Node as well. */
export function checkNode(version: string | undefined = globalThis.process?.versions?.node): void {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  throw humansyncError("unsupported", `humansync/workers needs Node ${NODE.join(".")} or newer, for pg-boss 12; this is ${version === undefined ? "no Node" : `Node ${version}`}`);
}

export async function pgBoss(): Promise<typeof import("pg-boss")> {
  return import("pg-boss").catch((cause) => {
    throw missing("pg-boss", "pg-boss@12", cause);
  });
}

/** Of the tables that it makes: of an older version it brings up to date, and a newer one it takes for its own. */
export async function pgBossTables(): Promise<number> {
  const { default: packageJson } = await import("pg-boss/package.json", { with: { type: "json" } });
  return packageJson.pgboss.schema;
}

export async function pg(): Promise<typeof import("pg").default> {
  const module = await import("pg").catch((cause) => {
    throw missing("pg", "pg", cause);
  });
  return module.default;
}

export async function pglite(): Promise<typeof import("@electric-sql/pglite")> {
  return import("@electric-sql/pglite").catch((cause) => {
    throw missing("@electric-sql/pglite", "@electric-sql/pglite, or give a `database`", cause);
  });
}

function missing(name: string, install: string, cause: unknown): HumansyncError {
  return humansyncError("peer-missing", `humansync/workers needs the package ${name}, which could not be imported: npm install ${install}`, cause);
}
