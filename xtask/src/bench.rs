//! `cargo xtask bench`: compares the built package with other libraries, with the scripts of `benches/`. No test runs
//! them, because the results depend on the machine and take minutes.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::package::{self, Profile};
use crate::project::root;
use crate::tools::node::Node;
use crate::{process, sandbox, terminal};

struct Bench {
    name: &'static str,
    measures: &'static str,
    needs_sandbox: bool,
}

const BENCHES: [Bench; 2] = [
    Bench {
        name: "send",
        measures: "samples → request bodies, against hand-written JavaScript, zod and sax",
        needs_sandbox: false,
    },
    Bench {
        name: "sync",
        measures: "a first run over five million records of all users: time and memory, against a loop by hand",
        needs_sandbox: true,
    },
];

/// An option of all benches: `dist/` is used without building it.
const NO_BUILD: &str = "--no-build";

/// Lists the benches or, with arguments, builds the package and runs the named bench with the further arguments.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) if !matches!(name.as_str(), "--help" | "-h") => (name, rest),
        _ => {
            list();
            return Ok(ExitCode::SUCCESS);
        }
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        bail!("there is no bench `{name}`; there are: {}", names.join(", "));
    };
    let has = |flags: &[&str]| rest.iter().any(|argument| flags.contains(&argument.as_str()));
    let node = Node::with_tools()?;
    let benches = root().join("benches");
    if !has(&["--help", "-h"]) {
        if !has(&[NO_BUILD]) {
            package::build(Profile::Release, &node)?;
        }
        // The benches import the package by its name, and other libraries from the project's node_modules/.
        node.install_local(&benches)?;
    }
    let mut command = node.command();
    if bench.needs_sandbox && !has(&["--help", "-h"]) {
        command.env("HUMANSYNC_SANDBOX_BIN", sandbox::build()?);
    }
    let script = benches.join(format!("{}.mjs", bench.name));
    let given = rest.iter().filter(|argument| *argument != NO_BUILD);
    Ok(sandbox::exit_code(process::status(command.arg(script).args(given))?))
}

fn list() {
    println!("The benches, run as `cargo xtask bench <name>`; each tells its options with --help.\n");
    for bench in &BENCHES {
        println!("  {}   {}", terminal::coloured(terminal::Colour::Bold, bench.name), bench.measures);
    }
    println!("\n  {NO_BUILD}   with any of them: dist/ as it is");
}
