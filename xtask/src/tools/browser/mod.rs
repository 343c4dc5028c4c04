//! Browsers, and the programs that steer them: found where they are, else installed.
//!
//! - [`chromium`]: Chromium and chromedriver
//! - [`firefox`]: Firefox and geckodriver
//! - [`webkit`]: WebKit's driver, which brings a browser of its own, and a display for it

pub mod chromium;
pub mod firefox;
pub mod webkit;

use std::path::PathBuf;

/// The program that the variable `name` names, where there is one.
fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_file())
}
