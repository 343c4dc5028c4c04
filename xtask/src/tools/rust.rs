//! Parts of the Rust toolchain that `rust-toolchain.toml` pins. rustup brings them with the toolchain; where it was
//! installed without them, they are added.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::{WASM_TARGET, cargo, root};
use crate::{process, terminal};

/// The standard library for WebAssembly.
pub fn ensure_wasm_target() -> Result<()> {
    let what = format!("the Rust target {WASM_TARGET}");
    ensure_in_sysroot(&format!("lib/rustlib/{WASM_TARGET}"), &what, &["target", "add", WASM_TARGET])
}

/// The sources of the standard library, to compile it without what the package does not need.
pub fn ensure_sources() -> Result<()> {
    let what = "the sources of Rust's standard library";
    ensure_in_sysroot("lib/rustlib/src/rust/library/std", what, &["component", "add", "rust-src"])
}

fn ensure_in_sysroot(folder: &str, what: &str, rustup_arguments: &[&str]) -> Result<()> {
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?;
    if Path::new(sysroot.trim()).join(folder).is_dir() {
        return Ok(());
    }
    terminal::step("Installing", what);
    rustup(rustup_arguments)
}

/// `clippy` or `rustfmt`, with the name of cargo's command for it.
pub fn ensure_component(component: &str, command: &str) -> Result<()> {
    if process::run_quietly(cargo().args([command, "--version"])).is_ok() {
        return Ok(());
    }
    terminal::step("Installing", &format!("the Rust component {component}"));
    rustup(&["component", "add", component])
}

fn rustup(arguments: &[&str]) -> Result<()> {
    process::run(Command::new("rustup").args(arguments).current_dir(root())).with_context(|| {
        let shown = arguments.join(" ");
        format!("where Rust does not come from rustup, install by hand what `rustup {shown}` would")
    })
}
