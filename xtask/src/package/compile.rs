//! Compiles the library to WebAssembly with cargo, generates the JavaScript glue with wasm-bindgen, and optimizes the
//! size with wasm-opt. This is done for the whole library, and for each of its parts.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use fs_err::{self as fs, File};

use super::sizes::NamedAndOptimised;
use super::{Profile, glue, names};
use crate::project::{LIBRARY, WASM_TARGET, cargo, target_folder};
use crate::tools::node::Node;
use crate::tools::{compiled, rust};
use crate::{process, terminal};

/// The parts of the library, one for each job. Each is a feature of the library, and the name of the part's files.
pub const PARTS: [&str; 2] = ["read", "send"];

/// Compiles each part and the whole library into a folder of its name in `out`. The folder then has:
/// - `<name>.wasm`
/// - the glue `<name>.js`, an ES module that takes the module or its bytes as an argument and fetches nothing by itself
/// - `snippets/`, the JavaScript files of the library that the glue imports
pub fn compile(profile: Profile, out: &Path, node: &Node) -> Result<()> {
    rust::ensure_wasm_target()?;
    if profile == Profile::Release {
        rust::ensure_sources()?;
    }
    let bindgen = compiled::wasm_bindgen()?.join("wasm-bindgen");
    // The parts are compiled first, so that cargo's folder has the whole library in the end.
    for feature in PARTS.map(Some).into_iter().chain([None]) {
        compile_one(feature, profile, &bindgen, out, node)?;
    }
    Ok(())
}

/// Compiles what the library has for one of its features, or the whole library.
fn compile_one(
    feature: Option<&str>,
    profile: Profile,
    bindgen: &Path,
    out: &Path,
    node: &Node,
) -> Result<()> {
    let name = feature.unwrap_or(LIBRARY);
    let out = out.join(name);
    let what =
        feature.map_or("the library".to_owned(), |feature| format!("what of the library can {feature}"));
    terminal::step("Compiling", &format!("{what} to {WASM_TARGET}"));
    process::run(&mut build_command(profile, feature))?;
    let profile_folder = if profile == Profile::Release { "release" } else { "debug" };
    let built = target_folder()?.join(WASM_TARGET).join(profile_folder).join(format!("{LIBRARY}.wasm"));

    terminal::step("Binding", "to JavaScript with wasm-bindgen");
    let bind = || {
        let mut command = Command::new(bindgen);
        command.args(["--target", "web", "--omit-default-module-path", "--no-typescript", "--out-name"]);
        command.arg(name);
        command
    };
    let mut command = bind();
    if profile == Profile::Release {
        command.args(["--remove-name-section", "--remove-producers-section"]);
        // The same once more with the names of its functions, which are not in the package.
        let named = out.join(NAMED);
        process::run_quietly(bind().arg("--no-demangle").arg("--out-dir").arg(named).arg(&built))?;
    }
    process::run_quietly(command.arg("--out-dir").arg(&out).arg(built))?;

    let bound = out.join(format!("{name}_bg.wasm"));
    let wasm = out.join(format!("{name}.wasm"));
    match profile {
        Profile::Release => {
            terminal::step("Optimising", "with wasm-opt -Oz");
            let glue = out.join(format!("{name}.js"));
            let text = glue::trimmed(&fs::read_to_string(&glue)?)?;
            fs::write(&glue, names::shorten(&bound, &text, node)?)?;
            optimise(&bound, &wasm, node)?;
        }
        Profile::Dev => fs::rename(&bound, &wasm)?,
    }
    mark(&wasm, &format!("{LIBRARY}/{name}.wasm"))
}

/// The folder for what [`named_and_optimised`] needs.
const NAMED: &str = "named";

/// What [`super::sizes`] needs to tell whose the bytes of `name` are, of the library or a part that was compiled into
/// `out`.
pub fn named_and_optimised(out: &Path, name: &str) -> Result<NamedAndOptimised> {
    let folder = out.join(name);
    Ok(NamedAndOptimised {
        named: fs::read(folder.join(NAMED).join(format!("{name}_bg.wasm")))?,
        optimised: fs::read(folder.join(format!("{name}.wasm")))?,
        symbols: fs::read_to_string(symbols(&folder.join(format!("{name}.wasm"))))?,
    })
}

/// Where wasm-opt writes the symbols of the `optimised` WebAssembly.
fn symbols(optimised: &Path) -> PathBuf {
    optimised.with_added_extension("symbols")
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
        command.arg("-Zbuild-std-features=optimize_for_size");
        // Also unstable:
        // - `Debug` prints nothing.
        // - A function is compiled into each crate that calls it, instead of once for all: there the compiler leaves out
        //   what that caller does not need. It saves 5 to 10 %. What the loops of `ingest` call is inlined by name
        //   (ingest/src/lib.rs), as the compiler would call it.
        // Only a few names are hashed, so that SHA-256 does not need an unrolled loop.
        let mut flags = "'-Zunstable-options', '-Cpanic=immediate-abort', '-Zfmt-debug=none', \
                         '-Zcross-crate-inline-threshold=always', '--cfg=sha2_backend_soft=\"compact\"'"
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
            .arg(format!("--symbolmap={}", symbols(output).display()))
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
    Ok(File::options().append(true).open(wasm)?.write_all(&section)?)
}
