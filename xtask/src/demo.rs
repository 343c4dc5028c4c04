//! `cargo xtask demo`: shows in this terminal how the built package reads from the sandbox and sends to it, and exits.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use fs_err as fs;
use tempfile::TempDir;

use crate::package::{self, Profile};
use crate::project::{root, target_folder};
use crate::sandbox::{self, Sandbox};
use crate::tools::node::Node;
use crate::tools::{self, Purpose, Tool};
use crate::{process, terminal};

/// The number of step samples in the export of the Health app: about three and a half years of one person.
pub const SAMPLES: &str = "200000";

/// The start of the first sync of the sandbox's data: a year before its clock.
const SINCE: &str = "2024-06-30T12:00:00Z";

/// The whole demo: reads a person's data, sends an export, and syncs all users of an app, and one person.
pub fn everything() -> Result<()> {
    let mut stage = Stage::set(&[])?;
    let folder = empty_folder("demo")?;
    stage.read_and_send(folder.path())?;
    stage.sync_all(folder.path())
}

/// Only the syncs of all users of an app, and of one person.
pub fn keep_in_sync() -> Result<()> {
    Stage::set(&[])?.sync_all(empty_folder("demo-sync")?.path())
}

/// Walks one list twice, one request at a time and several at once, from a server that is 50 ms away.
pub fn measure_walk() -> Result<()> {
    Stage::set(&["--latency", "50ms"])?.run("measure-walk.mjs", |script| script)
}

/// Brings all records of an app into a database by workers in processes of their own, while these are killed, the
/// database crashes, and the server asks for a pause. The script explains its `options`.
pub fn work_under_trouble(options: &[&str]) -> Result<()> {
    // With this option, one worker has its database in its own process.
    if !options.contains(&"--here") {
        // The group of tests whose tools are installed by the same command.
        tools::ensure(&[Tool::PostgreSql], Purpose::Tests("sync"))?;
    }
    let (node, _) = packaged()?;
    let mut script = node.command();
    script.arg(root().join("tests/package/workers/chaos.mjs")).args(options);
    process::run(script.env("HUMANSYNC_SANDBOX_BIN", sandbox::build()?))
}

/// A folder of this run below cargo's, which is removed at its end.
fn empty_folder(name: &str) -> Result<TempDir> {
    let target = target_folder()?;
    // A run that was killed may have left it.
    if target.join(name).exists() {
        fs::remove_dir_all(target.join(name))?;
    }
    Ok(tempfile::Builder::new().prefix(name).rand_bytes(0).tempdir_in(target)?)
}

/// Node, and the folder of `examples/node` with the package, which is built for it.
fn packaged() -> Result<(Node, PathBuf)> {
    let node = Node::with_tools()?;
    package::build(Profile::Release, &node)?;
    let examples = root().join("examples/node");
    // The only dependency of the scripts is `dist/`, which they import by its name as users do.
    node.install_local(&examples)?;
    Ok((node, examples))
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
        let (node, examples) = packaged()?;
        Ok(Self { node, examples, sandbox: Sandbox::start(sandbox_flags)? })
    }

    /// Reads a person's data and shows it. Then sends an export of the Health app twice, and checks which samples have
    /// arrived.
    fn read_and_send(&mut self, folder: &Path) -> Result<()> {
        let (export, store) = (folder.join("export.xml"), folder.join("store"));
        self.run("read.mjs", |script| script)?;
        terminal::heading("What a phone has counted, sent");
        let mut make = self.script("make-export.mjs");
        process::run(make.arg(&export).args(["--samples", SAMPLES, "--odd", "7", "--repeated", "3"]))?;
        self.send(&export, &store)?;
        terminal::heading("The same file, once more");
        self.send(&export, &store)?;
        self.run("arrived.mjs", |script| script.args(["--samples", SAMPLES]))
    }

    fn send(&mut self, export: &Path, store: &Path) -> Result<()> {
        self.run("send.mjs", |script| script.arg(export).args(["--type", "steps", "--store"]).arg(store))
    }

    /// Syncs all users of an app, and then one person.
    fn sync_all(&mut self, folder: &Path) -> Result<()> {
        self.sync_app_twice(folder)?;
        self.sync_person_twice(folder)
    }

    /// Syncs a database, lets an hour pass in which some records change, and syncs again, which fetches only the
    /// changes.
    fn sync_app_twice(&mut self, folder: &Path) -> Result<()> {
        let database = folder.join("users.db");
        terminal::heading("A year of all users of an app, into SQLite");
        self.sync(&database)?;
        terminal::heading("An hour later, when something has changed");
        self.run("pass-an-hour.mjs", |script| script)?;
        self.sync(&database)?;
        self.run("synced.mjs", |script| script.arg("--database").arg(&database))
    }

    /// The same with all lists of one person, of which some change in a day, medical ones as well.
    fn sync_person_twice(&mut self, folder: &Path) -> Result<()> {
        let database = folder.join("person.db");
        terminal::heading("One person, medical records included, into SQLite");
        self.run("sync-person.mjs", |script| script.arg("--database").arg(&database))?;
        terminal::heading("A day later, when something has changed");
        self.run("change-person.mjs", |script| script)?;
        self.run("sync-person.mjs", |script| script.arg("--database").arg(&database))?;
        self.run("synced.mjs", |script| script.arg("--person").arg("--database").arg(&database))
    }

    fn sync(&mut self, database: &Path) -> Result<()> {
        self.run("sync.mjs", |script| script.args(["--since", SINCE, "--database"]).arg(database))
    }

    /// Runs a script against the sandbox, in this terminal.
    fn run(&mut self, name: &str, with_arguments: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
        let mut script = self.script(name);
        let ran = process::run(with_arguments(&mut script).arg("--base-url").arg(&self.sandbox.base_url));
        self.sandbox.check("the sandbox ended before the script did")?;
        ran
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
}
