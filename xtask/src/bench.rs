//! `cargo xtask bench`: compares the built package with other libraries, with the scripts of `benches/`. No test runs
//! them, because the results depend on the machine and take minutes.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::package::{self, Profile};
use crate::project::root;
use crate::tools::node::Node;
use crate::{process, sandbox, terminal};

/// The names of the benches, and what they measure.
const BENCHES: [(&str, &str); 4] = [
    ("send", "samples → request bodies, against hand-written JavaScript, zod and sax"),
    (
        "sync",
        "first runs over growing lists and ever more records, against a loop by hand and an earlier build",
    ),
    ("scale", "the arithmetic of docs/scale.md, against a simulation"),
    ("workers", "1, 2, 4 and 8 worker processes, 50 ms away, with lanes enough and with one shared pace"),
];

/// An option of all benches: `dist/` is used without building it.
const NO_BUILD: &str = "--no-build";
/// An option of `scale`, which uses the package only with it.
const MEASURE: &str = "--measure";

/// Lists the benches or, with arguments, builds the package and runs the named bench with the further arguments.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) if !matches!(name.as_str(), "--help" | "-h") => (name, rest),
        _ => {
            list();
            return Ok(ExitCode::SUCCESS);
        }
    };
    let names = BENCHES.map(|(name, _)| name);
    let bench = names.iter().find(|bench| *bench == name);
    let bench =
        bench.with_context(|| format!("there is no bench `{name}`; there are: {}", names.join(", ")))?;
    let has = |flags: &[&str]| rest.iter().any(|argument| flags.contains(&argument.as_str()));
    let node = Node::with_tools()?;
    let benches = root().join("benches");
    let mut command = node.command();
    let uses_package = *bench != "scale" || has(&[MEASURE]);
    if uses_package && !has(&["--help", "-h"]) {
        if !has(&[NO_BUILD]) {
            package::build(Profile::Release, &node)?;
        }
        // The benches import the package by its name, and other libraries from the project's node_modules/.
        node.install_local(&benches)?;
        if *bench != "send" {
            command.env("HUMANSYNC_SANDBOX_BIN", sandbox::build()?);
        }
    }
    command.arg(benches.join(format!("{bench}.mjs")));
    command.args(rest.iter().filter(|argument| *argument != NO_BUILD));
    Ok(process::exit_code(process::status(&mut command)?))
}

fn list() {
    println!("The benches, run as `cargo xtask bench <name>`; each tells its options with --help.\n");
    for (name, measures) in BENCHES {
        println!("  {}   {measures}", terminal::bold(name));
    }
    println!("\n  {NO_BUILD}   with any of them: dist/ as it is");
}
