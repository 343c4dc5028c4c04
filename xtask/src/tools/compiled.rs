//! Programs built from crates.io into a folder outside the work tree, one subfolder per version: they take minutes to
//! build, and survive `cargo clean` and `git clean` there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::folder_lock::FolderLock;
use crate::project::cargo;
use crate::{process, terminal};

/// The folder of `program`, which the crate `package` has, in exactly this version.
pub fn ensure_installed(program: &str, package: &str, version: &str) -> Result<PathBuf> {
    let tools = tools_folder()?;
    let folder = tools.join(format!("{program}-{version}"));
    if works(&folder, program) {
        return Ok(folder.join("bin"));
    }
    let _lock = FolderLock::acquire(&tools)?;
    // Another process may have installed it while this one waited.
    if !works(&folder, program) {
        terminal::step(
            "Installing",
            &format!("{package} {version} (once, some minutes) into {}", folder.display()),
        );
        let plain = process::run(&mut install(package, version, &folder, false));
        if let Err(error) = plain {
            // Newest dependencies may ask for a newer Rust, the locked ones may be missing on a mirror:
            // whichever is wrong, the other form can still be right.
            terminal::error(&error);
            terminal::step("Retrying", &format!("{package} with the dependencies that it was released with"));
            process::run(&mut install(package, version, &folder, true))?;
        }
        ensure!(
            works(&folder, program),
            "{package} was installed into {}, but does not run",
            folder.display()
        );
    }
    Ok(folder.join("bin"))
}

fn install(package: &str, version: &str, folder: &Path, locked: bool) -> Command {
    let mut command = cargo();
    // Not in the project's folder: its .cargo/config.toml and target folder are not the tool's.
    command.current_dir(std::env::temp_dir()).env_remove("CARGO_TARGET_DIR");
    command.args(["install", package, "--version", version, "--force", "--quiet", "--root"]).arg(folder);
    if locked {
        command.arg("--locked");
    }
    command
}

fn works(folder: &Path, program: &str) -> bool {
    let path = folder.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    path.is_file() && process::run_quietly(Command::new(path).arg("--version")).is_ok()
}

fn tools_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("HUMANSYNC_TOOLS").filter(|folder| !folder.is_empty()) {
        return std::path::absolute(PathBuf::from(folder)).context("HUMANSYNC_TOOLS is no path");
    }
    let home =
        std::env::home_dir().context("no home folder is known; set HUMANSYNC_TOOLS to a folder for tools")?;
    Ok(home.join(".cache/humansync/tools"))
}
