//! Runs other programs. A failure is an error that names the command.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Runs `command` in this terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs `command` in this terminal, and returns its status.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| not_started(command))
}

/// Runs `command`, and shows its output only if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    capture(command).map(drop)
}

/// Runs `command` and returns its stdout.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| not_started(command))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({})\n{stdout}{stderr}", shown(command), output.status);
    }
    Ok(stdout)
}

/// Runs `command` and returns the JSON that it prints.
pub fn json(command: &mut Command) -> Result<Value> {
    let text = capture(command)?;
    serde_json::from_str(&text).with_context(|| format!("`{}` printed no JSON", shown(command)))
}

/// Runs `command`, shows its stdout line by line while it runs, and also returns it.
pub fn run_and_read(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| not_started(command))?;
    let mut output = String::new();
    if let Some(pipe) = child.stdout.take() {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            std::io::stdout().write_all(&line)?;
            output.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child.wait()?;
    Ok((status, output))
}

/// A server whose standard input is a pipe from this process, which closes however this process ends; the server has to
/// end then. Dropping this closes it, too.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        const ENDS_WITHIN: Duration = Duration::from_secs(3);
        drop(self.0.stdin.take());
        let closed = Instant::now();
        while closed.elapsed() < ENDS_WITHIN {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        // Both fail only if the server has ended in the meantime.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// All that a program, which has ended, wrote to `file`.
pub fn written(mut file: &File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The exit code of this program after a program that ended with `status`.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    // Without a code, the program was ended by a signal.
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn not_started(command: &Command) -> String {
    format!("`{}` could not be started", shown(command))
}

/// The command as one would type it, without its environment and the folders of programs.
pub fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        let quote = if argument.is_empty() || argument.contains(char::is_whitespace) { "'" } else { "" };
        text.push_str(&format!(" {quote}{argument}{quote}"));
    }
    text
}
