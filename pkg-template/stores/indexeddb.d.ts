/**
 * A store in the browser's IndexedDB, for pages and workers.
 *
 * - A value is on the disk when `set` resolves (durability "strict").
 * - All tabs and workers of one origin that give the same name share values and locks. A lock ends with the tab that holds it.
 *   A work must not ask for a lock that it runs under: it would wait for itself.
 * - Locks are Web Locks, which browsers have on https and localhost alone: elsewhere `lock` rejects.
 * - Browsers may delete what a site has stored when they run out of room; `navigator.storage.persist()` asks them not to.
 */
import type { Store } from "../index.js";

/** Opens the database `name`, which is this store's alone; it is made where it is missing. */
export declare function createStore(name: string): Promise<Store>;
