//! The server of `examples/sandbox`: built, run for its own sake, or run beneath a command that needs it.

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

/// The longest time from the start to the line that tells the address.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// The longest time from closing stdin to the end; then it is killed.
const STOPPED_WITHIN: Duration = Duration::from_secs(3);

/// Builds the sandbox and becomes it: signals and the exit code are its own.
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

/// What this program exits with after one that ended with `status`.
pub fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    match status.code().map(u8::try_from) {
        Some(Ok(code)) => ExitCode::from(code),
        // Ended by a signal, or with a code that this system has and exit codes have not.
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
/// closes: so it cannot outlive this process, however that ends.
pub struct Sandbox {
    child: Child,
    base_url: String,
    /// Gives, in the end, what it wrote to stderr: its banner, which is for those who start it by hand, and any complaint.
    stderr: Option<JoinHandle<String>>,
}

impl Sandbox {
    /// Starts it on a free port, with further `flags`, and waits until it listens.
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

    /// What it wrote to stderr, if it has ended by itself. Told once.
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
            // A receiver that is gone has given up waiting: nothing to tell it.
            let _ = sender.send(read);
            // Read on, so that the sandbox never waits for a full pipe.
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
        // Both fail only where it has ended in the meantime.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All that comes from `pipe`; where it breaks, all that came.
fn read_to_end(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is in `bytes`, and is all there is to tell.
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
