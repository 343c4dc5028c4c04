//! Runs other programs. A failure is an error that names the command.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

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
    command.status().with_context(|| format!("`{}` could not be started", shown(command)))
}

/// Runs `command`, and shows its output only if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    capture(command).map(drop)
}

/// Runs `command` and returns its stdout.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` could not be started", shown(command)))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!(
            "`{}` failed ({})\n{}{}",
            shown(command),
            output.status,
            stdout,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(stdout)
}

/// Runs `command`, shows its stdout line by line while it runs, and also returns it.
pub fn run_and_read(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` could not be started", shown(command)))?;
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
