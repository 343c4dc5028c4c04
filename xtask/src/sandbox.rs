//! Builds and runs the server of `examples/sandbox`, by itself or for another command.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::{SANDBOX, cargo, metadata, root};
use crate::{process, terminal};

/// The longest time from the start to the line with the address.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// The longest time from closing stdin to the end, after which the sandbox is killed.
const STOPPED_WITHIN: Duration = Duration::from_secs(3);

/// Builds the sandbox, and replaces this process by it, so that signals and the exit code are the sandbox's.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut command = Command::new(build()?);
    command.args(arguments);
    become_program(&mut command)
}

#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("the sandbox could not be started")
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    Ok(exit_code(process::status(command)?))
}

/// The exit code of this program after a program that ended with `status`.
pub fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    match status.code().map(u8::try_from) {
        Some(Ok(code)) => ExitCode::from(code),
        // The program was ended by a signal, or its code is out of range.
        _ => ExitCode::FAILURE,
    }
}

/// Builds the sandbox and returns the path of its program.
pub fn build() -> Result<PathBuf> {
    terminal::step("Compiling", "the sandbox");
    process::run(cargo().args(["build", "--package", SANDBOX]))?;
    let program = format!("{SANDBOX}{}", std::env::consts::EXE_SUFFIX);
    Ok(metadata()?.target_directory.join("debug").join(program))
}

/// A sandbox that runs as long as this value lives. Its stdin is a pipe from this process, and it ends when that
/// closes, so that it cannot outlive this process, however that ends.
pub struct Sandbox {
    child: Child,
    base_url: String,
    /// Returns the sandbox's stderr after its end: the banner for users, and any errors.
    stderr: Option<JoinHandle<String>>,
}

impl Sandbox {
    /// Starts a sandbox on a free port, with further `flags`, and waits until it listens.
    pub fn start(flags: &[&str]) -> Result<Self> {
        let program = build()?;
        let mut child = Command::new(program)
            .args(["--port", "0", "--until-stdin-closes"])
            .args(flags)
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("the sandbox could not be started")?;
        let stderr = child.stderr.take().map(|pipe| std::thread::spawn(move || read_to_end(pipe)));
        let mut sandbox = Self { child, base_url: String::new(), stderr };
        let line = sandbox.first_line()?;
        if line.is_empty() {
            sandbox.child.wait()?;
            bail!("the sandbox ended before it listened\n{}", sandbox.last_words().unwrap_or_default());
        }
        sandbox.base_url = base_url(&line)?;
        Ok(sandbox)
    }

    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The sandbox's stderr, once, if the sandbox has ended by itself.
    pub fn last_words(&mut self) -> Option<String> {
        let ended = matches!(self.child.try_wait(), Ok(Some(_)));
        self.stderr.take_if(|_| ended)?.join().ok()
    }

    fn first_line(&mut self) -> Result<String> {
        let stdout = self.child.stdout.take().context("the sandbox has no stdout")?;
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = String::new();
            let read = reader.read_line(&mut line).map(|_| line);
            // Sending fails only if the receiver has stopped waiting.
            let _ = sender.send(read);
            // The rest is read and dropped, so that the sandbox never blocks on a full pipe.
            let mut rest = [0; 4096];
            while matches!(reader.read(&mut rest), Ok(count) if count > 0) {}
        });
        match receiver.recv_timeout(READY_WITHIN) {
            Ok(line) => line.context("the sandbox's stdout cannot be read"),
            Err(_) => {
                bail!("the sandbox did not tell its address within {}", terminal::duration(READY_WITHIN))
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let closed = Instant::now();
        while closed.elapsed() < STOPPED_WITHIN {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // Both fail only if the sandbox has ended in the meantime.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads `pipe` to its end, or up to an error.
fn read_to_end(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // After an error, `bytes` has everything that was read before.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// The address in the sandbox's first line.
fn base_url(line: &str) -> Result<String> {
    let json: Value = serde_json::from_str(line)
        .with_context(|| format!("the sandbox's first line should be JSON, and is: {}", line.trim_end()))?;
    let url = json["listening"].as_str();
    url.map(str::to_owned)
        .with_context(|| format!("the sandbox's first line has no \"listening\": {}", line.trim_end()))
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
