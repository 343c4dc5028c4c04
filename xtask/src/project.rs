//! The project's root, its files, the names of its packages, and what cargo knows of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use walkdir::{DirEntry, WalkDir};

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

/// The folder that cargo builds into.
pub fn target_folder() -> Result<PathBuf> {
    let metadata = process::json(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    Ok(metadata["target_directory"].as_str().context("no target directory")?.into())
}

/// The version of the crate `name` in Cargo.lock.
pub fn locked_version(name: &str) -> Result<String> {
    let id = process::capture(cargo().args(["pkgid", name]))?;
    let (_, version) = id.trim().rsplit_once(['@', '#']).with_context(|| format!("no version in {id}"))?;
    Ok(version.to_owned())
}

/// The files below `folder`, as sorted paths within it. Leaves out installed packages, and hidden files, which editors
/// and systems create.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_ours = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !name.starts_with('.') && name != "node_modules"
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_ours) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            files.push(entry.path().strip_prefix(folder)?.to_owned());
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_that_of_the_crate_with_exactly_this_name() {
        let manifest = fs_err::read_to_string(root().join("Cargo.toml")).unwrap();
        let version = locked_version("wasm-bindgen").unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={version}\"")), "{version}");
        assert_eq!(locked_version("xtask").unwrap(), env!("CARGO_PKG_VERSION"));
        assert!(locked_version("wasm").is_err());
    }

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
        assert!(root().join("xtask").is_dir());
    }

    #[test]
    fn files_are_found_in_subfolders_but_not_in_installed_packages() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["a.test.mjs", "b/c.test.cjs", "b/.hidden", "node_modules/d/e.test.js"] {
            let path = folder.path().join(file);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        }
        assert_eq!(files_below(folder.path()).unwrap(), [Path::new("a.test.mjs"), Path::new("b/c.test.cjs")]);
    }
}
