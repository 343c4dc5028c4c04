//! `cargo xtask bench`: compares the built package with other libraries, with the scripts of `benches/`. No test runs
//! them, because the results depend on the machine and take minutes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::package::{self, Profile};
use crate::project::{cargo, root};
use crate::tools::node::Node;
use crate::{process, sandbox, terminal};

/// A script of `benches/`, and what it needs besides the package.
struct Bench {
    name: &'static str,
    measures: &'static str,
    sandbox: bool,
    /// The Rust program of `benches/simd-json`.
    native: bool,
}

const BENCHES: [Bench; 9] = [
    Bench {
        name: "all",
        measures: "every row of docs/benchmarks.md, by the benches below; --write stores them",
        sandbox: true,
        native: true,
    },
    Bench {
        name: "send",
        measures: "samples → request bodies, against other libraries and code by hand",
        sandbox: false,
        native: true,
    },
    Bench {
        name: "walk",
        measures: "walks of a list against Octokit, got and ky; a page over a bare loop",
        sandbox: true,
        native: false,
    },
    Bench {
        name: "sync",
        measures: "first runs over growing lists and ever more records, against a loop by hand",
        sandbox: true,
        native: false,
    },
    Bench {
        name: "memory",
        measures: "what is held of ten million samples, and of ten million records",
        sandbox: false,
        native: false,
    },
    Bench {
        name: "import",
        measures: "from the start of Node to the first answer, over plain JavaScript",
        sandbox: true,
        native: false,
    },
    Bench { name: "sizes", measures: "what a browser loads of each entry", sandbox: false, native: false },
    Bench {
        name: "workers",
        measures: "1, 2, 4 and 8 worker processes, with lanes enough and with one shared pace",
        sandbox: true,
        native: false,
    },
    Bench {
        name: "scale",
        measures: "the arithmetic of docs/scale.md, against a simulation",
        sandbox: false,
        native: false,
    },
];

/// An option of all benches: `dist/` is used without building it.
const NO_BUILD: &str = "--no-build";
/// An option of `scale`, which uses the package only with it.
const MEASURE: &str = "--measure";
/// In place of a bench: what is stated, and what the stored results reach of it.
const TABLE: &str = "--table";
/// With it, what the stored results say is also written into the page.
const WRITE: &str = "--write";

/// Lists the benches or, with arguments, builds the package and runs the named bench with the further arguments.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) if !matches!(name.as_str(), "--help" | "-h") => (name, rest),
        _ => {
            list();
            return Ok(ExitCode::SUCCESS);
        }
    };
    if name == TABLE {
        ensure!(
            rest.is_empty() || rest == [WRITE],
            "`bench {TABLE}` takes nothing but {WRITE}; given: {}",
            rest.join(" ")
        );
        let mut command = Node::find()?.command();
        command.arg(root().join("benches/table.mjs")).args(rest);
        return Ok(process::exit_code(process::status(&mut command)?));
    }
    let names = BENCHES.map(|bench| bench.name);
    let bench = BENCHES.iter().find(|bench| bench.name == name);
    let bench =
        bench.with_context(|| format!("there is no bench `{name}`; there are: {}", names.join(", ")))?;
    let has = |flags: &[&str]| rest.iter().any(|argument| flags.contains(&argument.as_str()));
    let node = Node::with_tools()?;
    let benches = root().join("benches");
    let mut command = node.command();
    let measures_scale = has(&[MEASURE]);
    let uses_package = bench.name != "scale" || measures_scale;
    if uses_package && !has(&["--help", "-h"]) {
        if !has(&[NO_BUILD]) {
            package::build(Profile::Release, &node)?;
        }
        // The benches import the package by its name, and other libraries from the project's node_modules/.
        node.install_local(&benches)?;
        if bench.sandbox || measures_scale {
            command.env("HUMANSYNC_SANDBOX_BIN", sandbox::build()?);
        }
        if bench.native {
            command.env("HUMANSYNC_BENCH_SIMD_JSON", build_native()?);
        }
    }
    command.arg(benches.join(format!("{}.mjs", bench.name)));
    command.args(rest.iter().filter(|argument| *argument != NO_BUILD));
    Ok(process::exit_code(process::status(&mut command)?))
}

/// Compiles the program of `benches/simd-json` for this machine's processor, and returns its path. It is no member of the
/// workspace, so that nobody else compiles it.
fn build_native() -> Result<PathBuf> {
    terminal::step("Compiling", "simd-json, for this processor");
    let folder = root().join("benches/simd-json");
    let target = root().join("target/bench/simd-json");
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    command.arg("--target-dir").arg(&target).env("RUSTFLAGS", "-C target-cpu=native");
    process::run(&mut command)?;
    Ok(target.join("release/humansync-bench-simd-json"))
}

fn list() {
    println!("The benches, run as `cargo xtask bench <name>`; each tells its options with --help.\n");
    for Bench { name, measures, .. } in &BENCHES {
        println!("  {}   {measures}", terminal::bold(&format!("{name:<10}")));
    }
    let option = |name: &str| terminal::bold(&format!("{name:<10}"));
    println!("\n  {}   what is to be reached, and what the stored results reach of it", option(TABLE));
    println!("  {}   with any of them: dist/ as it is", option(NO_BUILD));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bench_has_a_script() {
        for Bench { name, .. } in &BENCHES {
            assert!(root().join("benches").join(format!("{name}.mjs")).is_file(), "{name}");
        }
    }

    #[test]
    fn a_bench_that_is_not_there_and_more_than_a_table_are_errors() {
        let error = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
            run(&arguments).unwrap_err().to_string()
        };
        assert!(error(&["sned"]).starts_with("there is no bench `sned`; there are: all, send, "));
        assert_eq!(error(&[TABLE, "send"]), "`bench --table` takes nothing but --write; given: send");
    }
}
