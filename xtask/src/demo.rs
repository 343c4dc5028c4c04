//! `cargo xtask demo`: shows in this terminal how the built package reads from the sandbox and sends to it, and exits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::package::{self, Profile};
use crate::project::{metadata, root};
use crate::sandbox::{self, Sandbox};
use crate::tools::node::Node;
use crate::{process, terminal};

/// The number of step samples in the export that is sent: about three and a half years of one person.
const SAMPLES: &str = "200000";

/// The start of the first sync of the sandbox's data: a year before its clock.
const SINCE: &str = "2024-06-30T12:00:00Z";

/// The whole demo: reads a person's data, sends an export, and syncs all users of an app.
pub fn everything() -> Result<ExitCode> {
    let mut stage = Stage::set(&[])?;
    let folder = Folder::empty(metadata()?.target_directory.join("demo"))?;
    let mut status = read_and_send(&mut stage, &folder)?;
    if status.success() {
        status = sync_twice(&mut stage, &folder)?;
    }
    Ok(sandbox::exit_code(status))
}

/// Only the sync of all users of an app.
pub fn keep_in_sync() -> Result<ExitCode> {
    let mut stage = Stage::set(&[])?;
    let folder = Folder::empty(metadata()?.target_directory.join("demo-sync"))?;
    let status = sync_twice(&mut stage, &folder)?;
    Ok(sandbox::exit_code(status))
}

/// Syncs a database, lets an hour pass in which some records change, and syncs again, which fetches only the changes.
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

/// Reads a person's data and shows it. Then sends an export of the Health app twice, and checks which samples have
/// arrived.
fn read_and_send(stage: &mut Stage, folder: &Folder) -> Result<ExitStatus> {
    let (export, store) = (folder.path.join("export.xml"), folder.path.join("store"));

    let mut status = stage.run(stage.script("read.mjs"))?;
    if status.success() {
        terminal::heading("What a phone has counted, sent");
        let mut make = stage.script("make-export.mjs");
        // Like real exports, this one has a few invalid samples, and a few that occur twice.
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

/// The built package, the scripts of `examples/node`, and a sandbox for them.
struct Stage {
    node: Node,
    examples: PathBuf,
    sandbox: Sandbox,
}

impl Stage {
    /// Builds everything, and starts a sandbox with these flags.
    fn set(sandbox_flags: &[&str]) -> Result<Self> {
        let node = Node::with_tools()?;
        package::build(Profile::Release, &node)?;
        let examples = root().join("examples/node");
        // The only dependency of the scripts is `dist/`, which they import by its name as users do.
        node.install_local(&examples)?;
        Ok(Self { node, examples, sandbox: Sandbox::start(sandbox_flags)? })
    }

    /// The command for a script, without arguments.
    fn script(&self, name: &str) -> Command {
        let mut command = self.node.command();
        command.arg(self.examples.join(name));
        // Secrets in the environment are for other servers, and the sandbox would refuse them.
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

/// A folder of this run, which is removed at its end.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn empty(path: PathBuf) -> Result<Self> {
        // A run that was killed may have left a folder.
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        }
        fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If this fails, the next run removes the folder.
        let _ = fs::remove_dir_all(&self.path);
    }
}
