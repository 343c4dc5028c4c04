//! Packages of Debian and Ubuntu.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::on_path;
use crate::{process, terminal};

/// Installs `packages` by apt-get; `by_hand` says what to do where that is not there, or fails.
pub fn install(packages: &[&str], by_hand: &str) -> Result<()> {
    let Some(apt) = on_path("apt-get") else {
        bail!("{by_hand}; there is no apt-get here to install it with");
    };
    terminal::step("Installing", &format!("Debian's {}", packages.join(" and ")));
    let root = process::capture(Command::new("id").arg("-u"))?.trim() == "0";
    let install = [&["install", "--yes", "--quiet"][..], packages].concat();
    for arguments in [&["update", "--quiet"][..], &install] {
        let mut command = if root {
            Command::new(&apt)
        } else {
            let mut command = Command::new("sudo");
            command.arg(&apt);
            command
        };
        process::run_quietly(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
            .with_context(|| by_hand.to_owned())?;
    }
    Ok(())
}
