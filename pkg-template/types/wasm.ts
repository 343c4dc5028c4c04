// The WebAssembly, as `init` takes it.

/** `WebAssembly.Module`, where the project's `lib` or types know it. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;
