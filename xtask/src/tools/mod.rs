//! What the commands need from outside: found where it is, else installed, once.
//!
//! - [`rust`]: the WebAssembly target, clippy and rustfmt of the pinned toolchain
//! - [`wasm`]: wasm-bindgen and wasm-pack
//! - [`node`]: Node itself, and the tools that `package.json` names
//! - [`browser`]: Chromium, Firefox and WebKit, and the programs that steer them
//!
//! [`compiled`] builds programs into a folder that `cargo clean` does not reach, [`apt`] installs packages of Debian, and
//! [`folder_lock`] keeps two processes from installing at once. Each function asks for one thing, so that a command
//! installs no more than it uses.

mod apt;
pub mod browser;
mod compiled;
pub mod folder_lock;
pub mod node;
pub mod rust;
pub mod wasm;

use std::path::PathBuf;

/// The program `name`, where PATH has it.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|candidate| candidate.is_file())
}
