//! Builds and runs the server of `examples/sandbox`, by itself or for another command.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Server};
use crate::project::{SANDBOX, cargo, root, target_folder};
use crate::terminal;

/// Builds the sandbox, and replaces this process by it, so that signals and the exit code are the sandbox's. Returns
/// only if that fails.
pub fn run(arguments: &[String]) -> Result<()> {
    Err(Command::new(build()?).args(arguments).exec()).context("the sandbox could not be started")
}

/// Builds the sandbox and returns the path of its program.
pub fn build() -> Result<PathBuf> {
    terminal::step("Compiling", "the sandbox");
    process::run(cargo().args(["build", "--package", SANDBOX]))?;
    Ok(target_folder()?.join("debug").join(SANDBOX))
}

/// A sandbox that runs as long as this value lives, and cannot outlive this process.
pub struct Sandbox {
    server: Server,
    pub base_url: String,
    /// What the sandbox has written to stderr: the banner for users, and any errors.
    stderr: File,
}

impl Sandbox {
    /// Starts a sandbox on a free port, with further `flags`, and waits until it listens.
    pub fn start(flags: &[&str]) -> Result<Self> {
        let stderr = tempfile::tempfile()?;
        let mut child = Command::new(build()?)
            .args(["--port", "0", "--until-stdin-closes"])
            .args(flags)
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr.try_clone()?)
            .spawn()
            .context("the sandbox could not be started")?;
        let stdout = child.stdout.take().context("the sandbox has no stdout")?;
        let mut sandbox = Self { server: Server(child), base_url: String::new(), stderr };
        let mut line = String::new();
        // Its only line: the address, when it listens.
        BufReader::new(stdout).read_line(&mut line).context("the sandbox's stdout cannot be read")?;
        if line.is_empty() {
            sandbox.server.0.wait()?;
            bail!("the sandbox ended before it listened\n{}", process::written(&sandbox.stderr)?.trim_end());
        }
        sandbox.base_url = base_url(&line)?;
        Ok(sandbox)
    }

    /// Fails with the sandbox's stderr if the sandbox has ended by itself.
    pub fn check(&mut self, ended: &str) -> Result<()> {
        if self.server.0.try_wait()?.is_some() {
            bail!("{ended}\n{}", process::written(&self.stderr)?.trim_end());
        }
        Ok(())
    }
}

/// The address in the sandbox's first line.
fn base_url(line: &str) -> Result<String> {
    let line = line.trim_end();
    let json: Value = serde_json::from_str(line)
        .with_context(|| format!("the sandbox's first line should be JSON, and is: {line}"))?;
    let url = json["listening"].as_str().map(str::to_owned);
    url.with_context(|| format!("the sandbox's first line has no \"listening\": {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_first_line_of_the_sandbox() {
        let line = "{\"listening\":\"http://127.0.0.1:40123\"}\n";
        assert_eq!(base_url(line).unwrap(), "http://127.0.0.1:40123");
    }

    #[test]
    fn a_first_line_without_an_address_is_an_error_that_shows_it() {
        for line in ["listening on 127.0.0.1\n", "{\"url\":1}\n"] {
            assert!(format!("{:#}", base_url(line).unwrap_err()).contains(line.trim_end()));
        }
    }
}
