/**
 * humansync without its WebAssembly: call `init` once before anything else.
 *
 * Everything used before gives a HumansyncError with the code "not-loaded".
 */
export * from "./index.js";
