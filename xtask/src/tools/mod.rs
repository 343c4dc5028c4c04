//! What the commands need from outside: found where it is, else installed, once.
//!
//! - [`rust`]: the WebAssembly target, clippy and rustfmt of the pinned toolchain
//! - [`compiled`]: wasm-bindgen, wasm-pack and geckodriver, built into a folder that `cargo clean` does not reach
//! - [`node`]: Node itself, and the tools that `package.json` names
//! - [`system`]: browsers, their drivers, PostgreSQL, pgbouncer and Redis, found on PATH or installed from Debian's packages
//! - [`folder_lock`]: keeps two processes from installing at once
//!
//! A command installs no more than it uses; what the system's package manager has to install only with the user's consent ([`system`]).

pub mod compiled;
pub mod folder_lock;
pub mod node;
pub mod rust;
pub mod system;

pub use system::Purpose;

use std::path::PathBuf;

use anyhow::Result;
use system::Program;

/// What a group of tests may need.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    Rustfmt,
    Clippy,
    WasmTarget,
    /// What makes the package, and the packages from npm that its tests use.
    Packaging,
    WasmPack,
    Chromium,
    Firefox,
    WebKit,
    PostgreSql,
    PgBouncer,
    Redis,
}

impl Tool {
    pub fn title(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::WasmTarget => "the Rust target for WebAssembly",
            Self::Packaging => "wasm-bindgen, and the packages from npm",
            Self::WasmPack => "wasm-pack",
            Self::Chromium => "Chromium and chromedriver",
            Self::Firefox => "Firefox and geckodriver",
            Self::WebKit => "WebKitWebDriver and Xvfb",
            Self::PostgreSql => "PostgreSQL",
            Self::PgBouncer => "pgbouncer",
            Self::Redis => "Redis",
        }
    }

    /// Those of it that the system's package manager brings.
    fn programs(self) -> &'static [&'static Program] {
        match self {
            Self::Chromium => &[&system::CHROMIUM, &system::CHROMEDRIVER],
            Self::Firefox => &[&system::FIREFOX],
            Self::WebKit => &[&system::WEBKIT_DRIVER, &system::XVFB],
            Self::PostgreSql => &[&system::POSTGRESQL],
            Self::PgBouncer => &[&system::PGBOUNCER],
            Self::Redis => &[&system::REDIS],
            _ => &[],
        }
    }

    /// Installs what needs no root, into folders of the user's.
    fn install(self) -> Result<()> {
        match self {
            Self::Rustfmt => rust::ensure_component("rustfmt", "fmt"),
            Self::Clippy => rust::ensure_component("clippy", "clippy"),
            Self::WasmTarget => rust::ensure_wasm_target(),
            Self::Packaging => {
                rust::ensure_wasm_target()?;
                rust::ensure_sources()?;
                compiled::wasm_bindgen()?;
                node::Node::with_tools().map(drop)
            }
            Self::WasmPack => compiled::wasm_bindgen().and_then(|_| compiled::wasm_pack()).map(drop),
            Self::Firefox => compiled::geckodriver().map(drop),
            Self::Chromium | Self::WebKit | Self::PostgreSql | Self::PgBouncer | Self::Redis => Ok(()),
        }
    }
}

/// Installs those of `tools` that are missing, or says how to. What may be refused comes first, before anything takes minutes.
pub fn ensure(tools: &[Tool], purpose: Purpose) -> Result<()> {
    let programs: Vec<&Program> = tools.iter().flat_map(|tool| tool.programs()).copied().collect();
    system::ensure(&programs, purpose)?;
    tools.iter().try_for_each(|tool| tool.install())
}

/// The program `name`, where PATH has it.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}
