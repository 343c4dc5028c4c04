//! The npm package: the library compiled to WebAssembly, with the files of `pkg-template/` around it, in `dist/`.
//!
//! - [`compile`]: cargo, wasm-bindgen, wasm-opt → one `.wasm` and its JavaScript glue for the whole library, and for
//!   each part of it
//! - [`glue`]: removes unused code from the glue
//! - [`names`]: shortens the names of imports and exports
//! - [`javascript`]: the TypeScript of `pkg-template/` → JavaScript and declarations
//! - [`assemble`]: all of that → a folder that npm can publish
//! - [`notices`]: the licences of the crates that are compiled in
//! - [`sizes`]: measures how much a browser has to load, and checks the budgets
//!
//! The package's interface is defined in `pkg-template/`, not here.

mod assemble;
mod compile;
mod glue;
mod javascript;
mod names;
mod notices;
mod sizes;

pub use javascript::check as check_types;
pub use sizes::measure;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::{self, root};
use crate::terminal;
use crate::tools::folder_lock::FolderLock;
use crate::tools::node::Node;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The build that is published.
    Release,
    /// A quick build without wasm-opt. The package is marked private.
    Dev,
}

/// Makes `dist/`, prints its sizes, and fails if one is over its ceiling.
pub fn build_and_judge(profile: Profile) -> Result<()> {
    let node = Node::with_tools()?;
    let package = build(profile, &node)?;
    let sizes = sizes::measure(&package, &node)?;
    match profile {
        Profile::Release => sizes.judge(),
        Profile::Dev => {
            sizes.show();
            Ok(())
        }
    }
}

/// Makes `dist/` and returns its path. A build that fails leaves the previous `dist/` in place.
pub fn build(profile: Profile, node: &Node) -> Result<PathBuf> {
    let metadata = project::metadata()?;
    // Concurrent builds would remove each other's files.
    let _lock = FolderLock::acquire(&metadata.target_directory)?;
    let staging = Staging::new()?;
    let compiled = compile::compile(profile, &metadata, &staging.path("compiled")?, node)?;
    let staged = staging.path("dist")?;
    assemble::assemble(&compiled, profile, &metadata.version, node, &staging.path("scripts")?, &staged)?;
    let package = root().join("dist");
    replace(&package, &staged, &staging.folder.join("previous"))?;
    terminal::step("Packaged", &format!("humansync {} in {}", metadata.version, package.display()));
    Ok(package)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// A temporary folder on the same file system as `dist/`, so that the finished package can be renamed into place. It is
/// in `node_modules/`, which always exists and is ignored by git.
struct Staging {
    folder: PathBuf,
}

impl Staging {
    fn new() -> Result<Self> {
        let folder = root().join(format!("node_modules/.cache/humansync-build-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder })
    }

    fn path(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(path)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // If this fails, the folder stays where git and npm ignore it.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Replaces `current` by `new`, and moves the old one to `aside`.
fn replace(current: &Path, new: &Path, aside: &Path) -> Result<()> {
    if current.exists() {
        fs::rename(current, aside).with_context(|| format!("{} cannot be replaced", current.display()))?;
    }
    fs::rename(new, current).with_context(|| format!("{} cannot be put in place", current.display()))
}
