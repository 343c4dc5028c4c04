//! `cargo xtask demo`: the built package reads from the sandbox and sends to it, in this terminal, and ends by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::package::{self, Profile};
use crate::project::{metadata, root};
use crate::sandbox::{self, Sandbox};
use crate::tools::node::Node;
use crate::{process, terminal};

/// Step samples in the export that is sent: about three and a half years of a person's.
const SAMPLES: &str = "200000";

/// Where a first run over the sandbox's data begins: a year before its clock.
const SINCE: &str = "2024-06-30T12:00:00Z";

/// All of it: a person's data is read, an export is sent, and all users of an app are kept in sync.
pub fn everything() -> Result<ExitCode> {
    let mut stage = Stage::set(&[])?;
    let folder = Folder::empty(metadata()?.target_directory.join("demo"))?;
    let mut status = read_and_send(&mut stage, &folder)?;
    if status.success() {
        status = sync_twice(&mut stage, &folder)?;
    }
    Ok(sandbox::exit_code(status))
}

/// All users of an app alone.
pub fn keep_in_sync() -> Result<ExitCode> {
    let mut stage = Stage::set(&[])?;
    let folder = Folder::empty(metadata()?.target_directory.join("demo-sync"))?;
    let status = sync_twice(&mut stage, &folder)?;
    Ok(sandbox::exit_code(status))
}

/// Brings a database up to date, lets an hour pass in which something changes, and does it again: only that is fetched.
fn sync_twice(stage: &mut Stage, folder: &Folder) -> Result<ExitStatus> {
    let database = folder.path.join("users.db");
    terminal::heading("A year of all users of an app, into SQLite");
    let mut status = stage.sync(&database)?;
    if status.success() {
        terminal::heading("An hour later, when something has changed");
        status = stage.run(stage.script("pass-an-hour.mjs"))?;
    }
    if status.success() {
        status = stage.sync(&database)?;
    }
    if status.success() {
        let mut synced = stage.script("synced.mjs");
        synced.arg("--database").arg(&database);
        status = stage.run(synced)?;
    }
    Ok(status)
}

/// Reads a person's data and shows it; then sends an export of the Health app, twice, and asks what has arrived.
fn read_and_send(stage: &mut Stage, folder: &Folder) -> Result<ExitStatus> {
    let (export, store) = (folder.path.join("export.xml"), folder.path.join("store"));

    let mut status = stage.run(stage.script("read.mjs"))?;
    if status.success() {
        terminal::heading("What a phone has counted, sent");
        let mut make = stage.script("make-export.mjs");
        // A few that no server takes, and a few that are there twice: real exports have them.
        make.arg(&export).args(["--samples", SAMPLES, "--odd", "7", "--repeated", "3"]);
        process::run(&mut make)?;
        status = stage.send(&export, &store)?;
    }
    if status.success() {
        terminal::heading("The same file, once more");
        status = stage.send(&export, &store)?;
    }
    if status.success() {
        let mut arrived = stage.script("arrived.mjs");
        arrived.args(["--samples", SAMPLES]);
        status = stage.run(arrived)?;
    }
    Ok(status)
}

/// Walks one list twice, one request at a time and several at once, from a server that is 50 ms away.
pub fn measure_walk() -> Result<ExitCode> {
    let mut stage = Stage::set(&["--latency", "50ms"])?;
    let status = stage.run(stage.script("measure-walk.mjs"))?;
    Ok(sandbox::exit_code(status))
}

/// The package, built; the scripts of `examples/node`, ready to run; and a sandbox for them.
struct Stage {
    node: Node,
    examples: PathBuf,
    sandbox: Sandbox,
}

impl Stage {
    /// Builds what is needed, and starts a sandbox with these flags.
    fn set(sandbox_flags: &[&str]) -> Result<Self> {
        let node = Node::with_tools()?;
        package::build(Profile::Release, &node)?;
        let examples = root().join("examples/node");
        // Its one dependency is `dist/`: the scripts import the package by its name, as everyone does.
        node.install_local(&examples)?;
        Ok(Self { node, examples, sandbox: Sandbox::start(sandbox_flags)? })
    }

    /// A script, without arguments as yet.
    fn script(&self, name: &str) -> Command {
        let mut command = self.node.command();
        command.arg(self.examples.join(name));
        // The sandbox knows its own secrets only, and those of the environment are for other servers.
        for secret in ["HUMANSYNC_TOKEN", "HUMANSYNC_APP_KEY", "HUMANSYNC_CLIENT_ID"] {
            command.env_remove(secret);
        }
        command
    }

    fn send(&mut self, export: &Path, store: &Path) -> Result<ExitStatus> {
        let mut send = self.script("send.mjs");
        send.arg(export).args(["--type", "steps", "--store"]).arg(store);
        self.run(send)
    }

    fn sync(&mut self, database: &Path) -> Result<ExitStatus> {
        let mut sync = self.script("sync.mjs");
        sync.args(["--since", SINCE, "--database"]).arg(database);
        self.run(sync)
    }

    /// Runs a script against the sandbox, in this terminal.
    fn run(&mut self, mut script: Command) -> Result<ExitStatus> {
        let status = process::status(script.arg("--base-url").arg(self.sandbox.base_url()))?;
        if let Some(words) = self.sandbox.last_words() {
            bail!("the sandbox ended before the script did\n{words}");
        }
        Ok(status)
    }
}

/// A folder of this run's own, which goes with it.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn empty(path: PathBuf) -> Result<Self> {
        // What a run that was killed has left.
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        }
        fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}
