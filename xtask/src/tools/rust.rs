//! Parts of the Rust toolchain that `rust-toolchain.toml` pins. rustup brings them with the toolchain; where it was
//! installed without them, they are added.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::{WASM_TARGET, cargo, root};
use crate::{process, terminal};

/// The standard library for WebAssembly.
pub fn ensure_wasm_target() -> Result<()> {
    if sysroot()?.join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    terminal::step("Installing", &format!("the Rust target {WASM_TARGET}"));
    rustup(&["target", "add", WASM_TARGET])
}

/// The sources of the standard library, to compile it without what the package does not need.
pub fn ensure_sources() -> Result<()> {
    if sysroot()?.join("lib/rustlib/src/rust/library/std").is_dir() {
        return Ok(());
    }
    terminal::step("Installing", "the sources of Rust's standard library");
    rustup(&["component", "add", "rust-src"])
}

fn sysroot() -> Result<PathBuf> {
    let path = process::capture(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?;
    Ok(PathBuf::from(path.trim()))
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
