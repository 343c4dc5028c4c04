/**
 * A store in memory: it lives as long as the program, and is seen by nobody else. Its locks hold within it.
 */
import type { Store } from "../index.js";

/** Makes an empty store. */
export declare function createStore(): Store;
