//! Node, and the tools from npm that `package.json` at the root names: binaryen, esbuild, TypeScript, bundlers, checkers.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::folder_lock::FolderLock;
use crate::project::root;
use crate::{process, terminal};

const NEEDED: &str = "Node 20.19 (or a later 20) or Node 22.12 or newer is needed (https://nodejs.org)";

/// Node, with the tools of `package.json` in place.
pub struct Node {
    program: PathBuf,
}

impl Node {
    /// Finds Node, and installs the tools where they are missing or not those of `package-lock.json`.
    pub fn with_tools() -> Result<Self> {
        let node = Self::find()?;
        node.install_locked(root())?;
        Ok(node)
    }

    /// Finds Node alone.
    pub fn find() -> Result<Self> {
        let program =
            super::on_path("node").with_context(|| format!("there is no `node` on PATH: {NEEDED}"))?;
        let version = process::capture(Command::new(&program).arg("--version"))?;
        if !is_supported(version.trim()) {
            bail!("{} is {}: {NEEDED}", program.display(), version.trim());
        }
        Ok(Self { program })
    }

    /// `node`, in the project's folder.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(root());
        command
    }

    /// The script of a tool, e.g. `publint/src/cli.js`, ready for its arguments.
    pub fn tool(&self, script: &str) -> Command {
        let mut command = self.command();
        command.arg(root().join("node_modules").join(script));
        command
    }

    /// Installs what the `package.json` of `folder` names, all of it from this machine.
    pub fn install_local(&self, folder: &Path) -> Result<()> {
        process::run_quietly(npm()?.current_dir(folder).args([
            "install",
            "--offline",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))
    }

    /// Installs what the `package-lock.json` of `folder` names, unless that is there already. A package that is linked from
    /// this machine must be there before.
    pub fn install_locked(&self, folder: &Path) -> Result<()> {
        let modules = folder.join("node_modules");
        let lock_path = folder.join("package-lock.json");
        let wanted = std::fs::read(&lock_path)
            .with_context(|| format!("{} cannot be read: it is part of the project", lock_path.display()))?;
        if are_installed(&modules, &wanted) {
            return Ok(());
        }
        let _lock = FolderLock::acquire(&root().join("target"))?;
        // Another process may have installed them while this one waited.
        if are_installed(&modules, &wanted) {
            return Ok(());
        }
        let mut npm = npm()?;
        let shown = modules.strip_prefix(root()).unwrap_or(&modules);
        terminal::step("Installing", &format!("packages from npm into {}/", shown.display()));
        // No install scripts: none of these packages needs one, and each would be a stranger's code run at once.
        process::run_quietly(npm.current_dir(folder).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))?;
        std::fs::write(stamp(&modules), &wanted)
            .with_context(|| format!("{} cannot be written", modules.display()))
    }
}

fn npm() -> Result<Command> {
    let npm = super::on_path("npm")
        .context("there is no `npm` on PATH: it comes with Node (https://nodejs.org)")?;
    Ok(Command::new(npm))
}

/// A copy of the lock file that `modules` was installed from. Written last, so that a broken installation has none.
fn stamp(modules: &Path) -> PathBuf {
    modules.join(".installed-package-lock.json")
}

fn are_installed(modules: &Path, wanted: &[u8]) -> bool {
    std::fs::read(stamp(modules)).is_ok_and(|installed| installed == wanted)
}

/// `^20.19.0 || >=22.12.0`, as in `package.json`: the first versions in which `require()` takes an ES module.
fn is_supported(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), Some(_)) => major > 22,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_supported_from_the_versions_on_that_require_es_modules() {
        for (version, supported) in [
            ("v18.20.4", false),
            ("v20.18.3", false),
            ("v20.19.0", true),
            ("v21.7.3", false),
            ("v22.11.0", false),
            ("v22.12.0", true),
            ("v23.0.0", true),
            ("v26.1.0", true),
            ("nonsense", false),
        ] {
            assert_eq!(is_supported(version), supported, "{version}");
        }
    }
}
