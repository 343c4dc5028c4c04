//! Programs built from crates.io into a folder outside the work tree, one subfolder per version: they take minutes to
//! build, and survive `cargo clean` and `git clean` there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::folder_lock;
use crate::project::{cargo, locked_version};
use crate::{process, terminal};

/// The folder of `wasm-bindgen` and `wasm-bindgen-test-runner`, of exactly the version that the library is built with:
/// the two speak a private format that changes from version to version.
pub fn wasm_bindgen() -> Result<PathBuf> {
    ensure_installed("wasm-bindgen", "wasm-bindgen-cli", &locked_version("wasm-bindgen")?)
}

pub fn wasm_pack() -> Result<PathBuf> {
    Ok(ensure_installed("wasm-pack", "wasm-pack", "0.15.1")?.join("wasm-pack"))
}

/// Firefox's driver, which Debian does not package.
pub fn geckodriver() -> Result<PathBuf> {
    Ok(ensure_installed("geckodriver", "geckodriver", "0.37.1")?.join("geckodriver"))
}

/// The folder of `program`, which the crate `package` has, in exactly this version.
fn ensure_installed(program: &str, package: &str, version: &str) -> Result<PathBuf> {
    let tools = tools_folder()?;
    let folder = tools.join(format!("{program}-{version}"));
    let bin = folder.join("bin");
    let works = || {
        let path = bin.join(program);
        path.is_file() && process::run_quietly(Command::new(path).arg("--version")).is_ok()
    };
    if works() {
        return Ok(bin);
    }
    let _lock = folder_lock::acquire(&tools)?;
    // Another process may have installed it while this one waited.
    if !works() {
        let shown = folder.display();
        terminal::step("Installing", &format!("{package} {version} (once, some minutes) into {shown}"));
        if let Err(error) = process::run(&mut install(package, version, &folder)) {
            // Newest dependencies may ask for a newer Rust, the locked ones may be missing on a mirror:
            // whichever is wrong, the other form can still be right.
            terminal::error(&error);
            terminal::step("Retrying", &format!("{package} with the dependencies that it was released with"));
            process::run(install(package, version, &folder).arg("--locked"))?;
        }
        ensure!(works(), "{package} was installed into {shown}, but does not run");
    }
    Ok(bin)
}

fn install(package: &str, version: &str, folder: &Path) -> Command {
    let mut command = cargo();
    // Not in the project's folder: its .cargo/config.toml and target folder are not the tool's.
    command.current_dir(std::env::temp_dir()).env_remove("CARGO_TARGET_DIR");
    command.args(["install", package, "--version", version, "--force", "--quiet", "--root"]).arg(folder);
    command
}

fn tools_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("HUMANSYNC_TOOLS").filter(|folder| !folder.is_empty()) {
        return std::path::absolute(PathBuf::from(folder)).context("HUMANSYNC_TOOLS is no path");
    }
    let home =
        std::env::home_dir().context("no home folder is known; set HUMANSYNC_TOOLS to a folder for tools")?;
    Ok(home.join(".cache/humansync/tools"))
}
