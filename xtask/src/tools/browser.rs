//! Chromium and the chromedriver that steers it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::on_path;
use crate::{process, terminal};

/// The programs of one browser; their versions must match, which a package manager sees to.
pub struct Browser {
    pub chrome: PathBuf,
    pub chromedriver: PathBuf,
}

/// Finds both programs, and installs them by apt-get where there is one.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    install_by_apt()?;
    find().context(
        "chromium and chromium-driver were installed, but `chromium` or `chromedriver` is not on PATH",
    )
}

fn find() -> Option<Browser> {
    let chrome = from_environment("CHROME").or_else(|| {
        ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"]
            .into_iter()
            .find_map(on_path)
    })?;
    let chromedriver = from_environment("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some(Browser { chrome, chromedriver })
}

fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_file())
}

fn install_by_apt() -> Result<()> {
    const BY_HAND: &str = "Chromium or Chrome, and the chromedriver of the same version, are needed on PATH \
                           (or named by CHROME and CHROMEDRIVER)";
    let Some(apt) = on_path("apt-get") else {
        bail!("{BY_HAND}; there is no apt-get here to install them with");
    };
    terminal::step("Installing", "Debian's chromium and chromium-driver");
    let root = process::capture(Command::new("id").arg("-u"))?.trim() == "0";
    for arguments in
        [&["update", "--quiet"][..], &["install", "--yes", "--quiet", "chromium", "chromium-driver"]]
    {
        let mut command = if root {
            Command::new(&apt)
        } else {
            let mut command = Command::new("sudo");
            command.arg(&apt);
            command
        };
        process::run_quietly(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
            .context(BY_HAND)?;
    }
    Ok(())
}
