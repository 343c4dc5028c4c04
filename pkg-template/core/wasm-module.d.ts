// In Cloudflare Workers a WebAssembly is imported as a module.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
