/**
 * A store in a folder, for Node, Deno and Bun: one file for each key.
 *
 * - A value is replaced as a whole and is on the disk when `set` resolves. A crash leaves the old one or the new one.
 * - Files and folders are made for their owner alone (0600, 0700): what they hold is health data.
 * - A lock holds between all stores, processes and containers that use the folder on one machine (one kernel), and ends with
 *   the process that holds it, however that ends. It goes to those who wait in the order in which they came. A work must
 *   not ask for a lock that it runs under: it would wait for itself.
 * - The folder must be on a local file system. Machines that share one over a network are not kept apart.
 * - Deno needs `--allow-read` and `--allow-write`, and for locks, which are sockets in the folder, all three of them and
 *   `--allow-net` without lists.
 */
import type { Store } from "../index.js";

/** Opens the store in `folder`, a path or a file: URL; the folder is made where it is missing. */
export declare function createStore(folder: string | URL): Promise<Store>;
