//! Compiles the library to WebAssembly with cargo, generates the JavaScript glue with wasm-bindgen, and optimizes the
//! size with wasm-opt. This is done for the whole library, and for each of its parts.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Profile, glue, names};
use crate::project::{LIBRARY, Metadata, WASM_TARGET, cargo};
use crate::tools::node::Node;
use crate::tools::{rust, wasm};
use crate::{process, terminal};

/// The parameters of one WebAssembly module of the package.
#[derive(Clone, Copy)]
pub struct Cut {
    /// The name of its files.
    pub name: &'static str,
    /// The feature of the library that it needs; `None` for all.
    feature: Option<&'static str>,
}

pub const WHOLE: Cut = Cut { name: LIBRARY, feature: None };
/// The parts of the library, one for each job.
pub const PARTS: [Cut; 2] =
    [Cut { name: "read", feature: Some("read") }, Cut { name: "send", feature: Some("send") }];

/// The compiled library.
pub struct Compiled {
    pub whole: Module,
    pub parts: Vec<Module>,
}

/// A WebAssembly module and its JavaScript.
pub struct Module {
    pub name: &'static str,
    pub wasm: PathBuf,
    /// The glue, an ES module that takes the module or its bytes as an argument and fetches nothing by itself.
    pub glue: PathBuf,
    /// JavaScript files of the library that the glue imports; absent when there are none.
    pub snippets: PathBuf,
}

pub fn compile(profile: Profile, metadata: &Metadata, out: &Path, node: &Node) -> Result<Compiled> {
    rust::ensure_wasm_target()?;
    if profile == Profile::Release {
        rust::ensure_sources()?;
    }
    let bindgen = wasm::wasm_bindgen()?;
    let module = |cut: Cut| cut_out(cut, profile, metadata, &bindgen, &out.join(cut.name), node);
    // The parts are compiled first, so that cargo's folder has the whole library in the end.
    let parts = PARTS.into_iter().map(module).collect::<Result<_>>()?;
    Ok(Compiled { whole: module(WHOLE)?, parts })
}

fn cut_out(
    cut: Cut,
    profile: Profile,
    metadata: &Metadata,
    bindgen: &Path,
    out: &Path,
    node: &Node,
) -> Result<Module> {
    let Cut { name, feature } = cut;
    let what =
        feature.map_or("the library".to_owned(), |feature| format!("what of the library can {feature}"));
    terminal::step("Compiling", &format!("{what} to {WASM_TARGET}"));
    process::run(&mut build_command(profile, feature))?;
    let built = metadata
        .target_directory
        .join(WASM_TARGET)
        .join(match profile {
            Profile::Release => "release",
            Profile::Dev => "debug",
        })
        .join(format!("{LIBRARY}.wasm"));

    terminal::step("Binding", "to JavaScript with wasm-bindgen");
    let mut command = Command::new(bindgen.join("wasm-bindgen"));
    command.args(["--target", "web", "--omit-default-module-path", "--no-typescript", "--out-name", name]);
    if profile == Profile::Release {
        command.args(["--remove-name-section", "--remove-producers-section"]);
    }
    process::run_quietly(command.arg("--out-dir").arg(out).arg(&built))?;

    let bound = out.join(format!("{name}_bg.wasm"));
    let wasm = out.join(format!("{name}.wasm"));
    let glue = out.join(format!("{name}.js"));
    match profile {
        Profile::Release => {
            terminal::step("Optimising", "with wasm-opt -Oz");
            let text = fs::read_to_string(&glue).context("the glue cannot be read")?;
            fs::write(&glue, names::shorten(&bound, &glue::trimmed(&text)?, node)?)?;
            optimise(&bound, &wasm, node)?;
        }
        Profile::Dev => fs::rename(&bound, &wasm).context("the wasm cannot be renamed")?,
    }
    mark(&wasm, &format!("{LIBRARY}/{name}.wasm"))?;
    Ok(Module { name, wasm, glue, snippets: out.join("snippets") })
}

fn build_command(profile: Profile, feature: Option<&str>) -> Command {
    let mut command = cargo();
    command.args(["build", "--package", LIBRARY, "--lib", "--target", WASM_TARGET]);
    if let Some(feature) = feature {
        command.args(["--no-default-features", "--features", feature]);
    }
    if profile == Profile::Release {
        // rustup's standard library contains the code for panic messages, which nobody sees here, because a panic ends
        // in `unreachable`. Compiling it without them makes the package a tenth smaller. The option is unstable, but
        // the toolchain is pinned, so that it has the same effect on every machine.
        command.env("RUSTC_BOOTSTRAP", "1").args(["--release", "-Zbuild-std=std,panic_abort"]);
        // `Debug` prints nothing (also unstable). Only a few names are hashed, so that SHA-256 does not need an
        // unrolled loop.
        let mut flags = "'-Zunstable-options', '-Cpanic=immediate-abort', '-Zfmt-debug=none', \
                         '--cfg=sha2_backend_soft=\"compact\"'"
            .to_owned();
        // Source locations would publish this machine's paths in the package, and add to its size.
        if let Some(registry) = cargo_home().map(|home| home.join("registry").join("src")) {
            flags.push_str(&format!(", '--remap-path-prefix={}=crates'", registry.display()));
        }
        command.arg("--config").arg(format!("target.{WASM_TARGET}.rustflags=[{flags}]"));
    }
    command
}

fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// wasm-opt reads the features that it may use from the module's `target_features` section, which can then be removed.
/// With `--all-features`, the result would not load in current browsers.
fn optimise(input: &Path, output: &Path, node: &Node) -> Result<()> {
    process::run_quietly(
        node.tool("binaryen/bin/wasm-opt")
            // Repeats until the size does not shrink any more. The lowest addresses of the memory are the end of the
            // stack, and no computed address can wrap around to them.
            .args(["-Oz", "--converge", "--low-memory-unused"])
            .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
            // Functions compress better than copies of them that are inlined into their callers.
            .args(["--always-inline-max-function-size=1", "--one-caller-inline-max-function-size=20"])
            .arg(input)
            .arg("--output")
            .arg(output),
    )
}

/// Adds an empty custom section (WebAssembly core specification §5.5.3) with this name, by which
/// `pkg-template/loading.ts` recognizes the right file. The imports and exports cannot identify it, because their short
/// names occur in any module.
fn mark(wasm: &Path, name: &str) -> Result<()> {
    // Lengths below 128 are encoded as one byte.
    let length = u8::try_from(name.len())?;
    let section = [&[0, length + 1, length], name.as_bytes()].concat();
    let mut file = File::options().append(true).open(wasm)?;
    file.write_all(&section).with_context(|| format!("{} cannot be written", wasm.display()))
}
