//! The npm package: the library compiled to WebAssembly, with the files of `pkg-template/` around it, in `dist/`.
//!
//! - [`compile`]: cargo, wasm-bindgen, wasm-opt → one `.wasm` and its JavaScript glue for the whole library, and for
//!   each part of it
//! - [`glue`]: removes unused code from the glue
//! - [`names`]: shortens the names of imports and exports
//! - [`javascript`]: the TypeScript of `pkg-template/` → JavaScript and declarations
//! - [`bundles`]: what Node loads, in a few files
//! - [`assemble`]: all of that → a folder that npm can publish
//! - [`notices`]: the licences of the crates that are compiled in
//! - [`sizes`]: measures how much a browser has to load, checks the budgets, and tells whose the bytes are
//!
//! The package's interface is defined in `pkg-template/`, not here.

mod assemble;
mod bundles;
mod compile;
mod glue;
mod javascript;
mod names;
mod notices;
mod sizes;

pub use javascript::compiler;
pub use sizes::measure;

use std::path::{Path, PathBuf};

use anyhow::Result;
use fs_err as fs;

use crate::project::{LIBRARY, locked_version, root, target_folder};
use crate::terminal;
use crate::tools::folder_lock;
use crate::tools::node::Node;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The build that is published.
    Release,
    /// A quick build without wasm-opt. The package is marked private.
    Dev,
}

/// Makes `dist/`, prints its sizes, and fails if one is over its budget.
pub fn build_and_judge(profile: Profile) -> Result<()> {
    let node = Node::with_tools()?;
    let package = build(profile, &node)?;
    let sizes = sizes::measure(&package, &node)?;
    match profile {
        Profile::Release => sizes.judge(),
        // It is not optimised for size.
        Profile::Dev => {
            sizes.print();
            Ok(())
        }
    }
}

/// Makes `dist/` as it is published, and takes its sizes as the baseline that later builds are compared with.
pub fn build_and_accept_sizes() -> Result<()> {
    let node = Node::with_tools()?;
    let package = build(Profile::Release, &node)?;
    let sizes = sizes::measure(&package, &node)?;
    // What is accepted is printed, and a budget holds all the same.
    let judged = sizes.judge();
    sizes.accept()?;
    judged
}

/// Makes `dist/` and returns its path. A build that fails leaves the previous `dist/` in place.
pub fn build(profile: Profile, node: &Node) -> Result<PathBuf> {
    // Concurrent builds would remove each other's files.
    let _lock = folder_lock::acquire(&target_folder()?)?;
    // On the same file system as `dist/`, so that the finished package can be renamed into place, and ignored by git.
    let cache = root().join("node_modules/.cache");
    fs::create_dir_all(&cache)?;
    let staging = tempfile::Builder::new().prefix("humansync-build-").tempdir_in(cache)?;
    let path = |name| staging.path().join(name);
    let version = locked_version(LIBRARY)?;
    compile::compile(profile, &path("compiled"), node)?;
    if profile == Profile::Release {
        sizes::take_apart(&path("compiled"))?;
    }
    assemble::assemble(staging.path(), profile, &version, node)?;
    let package = root().join("dist");
    if package.exists() {
        fs::rename(&package, path("previous"))?;
    }
    fs::rename(path("dist"), &package)?;
    terminal::step("Packaged", &format!("humansync {version} in {}", package.display()));
    Ok(package)
}

/// Writes a file, and makes its folder if need be.
fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    Ok(fs::write(path, contents)?)
}
