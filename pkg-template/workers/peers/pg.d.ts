// What is used of pg, which has no declarations of its own.

import type { DatabasePool } from "../../types/workers.js";

interface Pool extends DatabasePool {
  on(event: "error", listener: (error: unknown) => void): unknown;
  off(event: "error", listener: (error: unknown) => void): unknown;
  end(): Promise<void>;
  readonly options: { readonly max?: number };
}
declare const pg: { readonly Pool: new (options: object) => Pool };
export default pg;
