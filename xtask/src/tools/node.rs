//! Node, and the tools from npm that `package.json` at the root names: binaryen, esbuild, TypeScript, bundlers, checkers.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use super::folder_lock;
use crate::project::root;
use crate::{process, terminal};

const NEEDED: &str = "Node 20.19 (or a later 20) or Node 22.12 or newer is needed (https://nodejs.org)";

/// Node, with the tools of `package.json` in place.
#[derive(Clone)]
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
        // What the package and its tests need is that `require()` takes an ES module.
        let script = "`${process.version} ${process.features.require_module === true}`";
        let answer = process::capture(Command::new(&program).args(["--print", script]))?;
        let (version, is_supported) = answer.trim().split_once(' ').unwrap_or((answer.trim(), "false"));
        ensure!(is_supported == "true", "{} is {version}: {NEEDED}", program.display());
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
        npm(folder, &["install", "--offline"])
    }

    /// Installs what the `package-lock.json` of `folder` names, unless that is there already. A package that is linked from
    /// this machine must be there before.
    pub fn install_locked(&self, folder: &Path) -> Result<()> {
        let modules = folder.join("node_modules");
        let wanted = fs::read(folder.join("package-lock.json"))?;
        if are_installed(&modules, &wanted) {
            return Ok(());
        }
        let _lock = folder_lock::acquire(&root().join("target"))?;
        // Another process may have installed them while this one waited.
        if are_installed(&modules, &wanted) {
            return Ok(());
        }
        let shown = modules.strip_prefix(root()).unwrap_or(&modules);
        terminal::step("Installing", &format!("packages from npm into {}/", shown.display()));
        npm(folder, &["ci"])?;
        Ok(fs::write(stamp(&modules), &wanted)?)
    }
}

/// Runs npm in `folder`, without install scripts: none of the packages needs one, and each would be a stranger's code
/// run at once.
fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    let npm = super::on_path("npm")
        .context("there is no `npm` on PATH: it comes with Node (https://nodejs.org)")?;
    let flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    process::run_quietly(Command::new(npm).current_dir(folder).args(arguments).args(flags))
}

/// A copy of the lock file that `modules` was installed from. Written last, so that a broken installation has none.
fn stamp(modules: &Path) -> PathBuf {
    modules.join(".installed-package-lock.json")
}

fn are_installed(modules: &Path, wanted: &[u8]) -> bool {
    fs::read(stamp(modules)).is_ok_and(|installed| installed == wanted)
}
