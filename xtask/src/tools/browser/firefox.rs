//! Firefox and the geckodriver that steers it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::from_environment;
use crate::tools::{apt, compiled, on_path};

/// Debian has no package of it.
const GECKODRIVER_VERSION: &str = "0.37.1";

pub struct Firefox {
    pub firefox: PathBuf,
    pub geckodriver: PathBuf,
}

/// Finds both programs; installs Firefox by apt-get, and geckodriver from crates.io.
pub fn ensure() -> Result<Firefox> {
    let firefox = match find() {
        Some(firefox) => firefox,
        None => {
            apt::install(&["firefox-esr"], "Firefox is needed on PATH (or named by FIREFOX)")?;
            find().context("firefox-esr was installed, but is not on PATH")?
        }
    };
    let program = "geckodriver";
    let folder = compiled::ensure_installed(program, program, GECKODRIVER_VERSION)?;
    let geckodriver = folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    Ok(Firefox { firefox, geckodriver })
}

fn find() -> Option<PathBuf> {
    from_environment("FIREFOX").or_else(|| ["firefox-esr", "firefox"].into_iter().find_map(on_path))
}
