//! WebKit: the driver of WebKitGTK, beside which its small browser lies, and a display, as it knows no headless mode.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools::{apt, on_path};

pub struct WebKit {
    pub driver: PathBuf,
    /// A display that nobody sees.
    pub xvfb: PathBuf,
}

/// Finds both programs, and installs them by apt-get where there is one.
pub fn ensure() -> Result<WebKit> {
    if let Some(webkit) = find() {
        return Ok(webkit);
    }
    apt::install(
        &["webkit2gtk-driver", "xvfb"],
        "WebKitWebDriver of WebKitGTK, with its MiniBrowser, and Xvfb are needed on PATH",
    )?;
    find()
        .context("webkit2gtk-driver and xvfb were installed, but `WebKitWebDriver` or `Xvfb` is not on PATH")
}

fn find() -> Option<WebKit> {
    Some(WebKit { driver: on_path("WebKitWebDriver")?, xvfb: on_path("Xvfb")? })
}
