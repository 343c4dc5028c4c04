//! The project's root, the names of its packages, and its metadata from cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The crate that becomes the npm package.
pub const LIBRARY: &str = "humansync";
/// The package of `examples/sandbox`, and the name of its binary.
pub const SANDBOX: &str = "humansync-sandbox";
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The root folder of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The command of the `cargo` that started this program, in the project's folder.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The output of `cargo metadata`.
pub struct Metadata {
    pub version: String,
    pub target_directory: PathBuf,
}

pub fn metadata() -> Result<Metadata> {
    let text = process::capture(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let json: Value = serde_json::from_str(&text).context("`cargo metadata` printed no JSON")?;
    let library = json["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == LIBRARY))
        .with_context(|| format!("`cargo metadata` lists no package `{LIBRARY}`"))?;
    Ok(Metadata {
        version: library["version"].as_str().context("the library has no version")?.to_owned(),
        target_directory: json["target_directory"].as_str().context("no target directory")?.into(),
    })
}

/// The version of the crate `name` in Cargo.lock.
pub fn locked_version(name: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock =
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    version_in_lock(&lock, name).with_context(|| format!("Cargo.lock holds no `{name}`"))
}

fn version_in_lock(lock: &str, name: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{name}\""))?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_that_of_the_crate_with_exactly_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
        assert!(root().join("xtask").is_dir());
    }
}
