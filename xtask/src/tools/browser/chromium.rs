//! Chromium and the chromedriver that steers it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::from_environment;
use crate::tools::{apt, on_path};

/// The programs of one browser; their versions must match, which a package manager sees to.
pub struct Chromium {
    pub chrome: PathBuf,
    pub chromedriver: PathBuf,
}

/// Finds both programs, and installs them by apt-get where there is one.
pub fn ensure() -> Result<Chromium> {
    if let Some(chromium) = find() {
        return Ok(chromium);
    }
    apt::install(
        &["chromium", "chromium-driver"],
        "Chromium or Chrome, and the chromedriver of the same version, are needed on PATH (or named by CHROME and \
         CHROMEDRIVER)",
    )?;
    find().context(
        "chromium and chromium-driver were installed, but `chromium` or `chromedriver` is not on PATH",
    )
}

fn find() -> Option<Chromium> {
    let chrome = from_environment("CHROME").or_else(|| {
        ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"]
            .into_iter()
            .find_map(on_path)
    })?;
    let chromedriver = from_environment("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some(Chromium { chrome, chromedriver })
}
