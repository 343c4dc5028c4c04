//! Browsers, and the programs that drive them.

use std::path::PathBuf;

use anyhow::Result;

use super::compiled;
use super::system::Program;

pub const CHROMIUM: Program = Program {
    title: "Chromium",
    commands: &["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"],
    variable: Some("CHROME"),
    package: "chromium",
};

/// Must be of Chromium's own version, which the package manager sees to.
pub const CHROMEDRIVER: Program = Program {
    title: "chromedriver",
    commands: &["chromedriver"],
    variable: Some("CHROMEDRIVER"),
    package: "chromium-driver",
};

pub const FIREFOX: Program = Program {
    title: "Firefox",
    commands: &["firefox-esr", "firefox"],
    variable: Some("FIREFOX"),
    package: "firefox-esr",
};

/// Brings a small browser of its own.
pub const WEBKIT_DRIVER: Program = Program {
    title: "WebKitWebDriver",
    commands: &["WebKitWebDriver"],
    variable: None,
    package: "webkit2gtk-driver",
};

/// A display that nobody sees: WebKit's browser has no headless mode.
pub const XVFB: Program = Program { title: "Xvfb", commands: &["Xvfb"], variable: None, package: "xvfb" };

/// Firefox's driver, which Debian does not package.
pub fn geckodriver() -> Result<PathBuf> {
    let program = "geckodriver";
    let folder = compiled::ensure_installed(program, program, "0.37.1")?;
    Ok(folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
}
