//! wasm-bindgen and wasm-pack.

use std::path::PathBuf;

use anyhow::Result;

use super::compiled::ensure_installed;
use crate::project::locked_version;

const WASM_PACK_VERSION: &str = "0.15.1";

/// The folder of `wasm-bindgen` and `wasm-bindgen-test-runner`, of exactly the version that the library is built with:
/// the two speak a private format that changes from version to version.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    ensure_installed("wasm-bindgen", "wasm-bindgen-cli", &version)
}

/// The folder of `wasm-pack`.
pub fn wasm_pack() -> Result<PathBuf> {
    ensure_installed("wasm-pack", "wasm-pack", WASM_PACK_VERSION)
}
