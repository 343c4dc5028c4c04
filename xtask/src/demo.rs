//! `cargo xtask demo`: the built package reads from the sandbox, in this terminal, and ends by itself.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::package::{self, Profile};
use crate::process;
use crate::project::root;
use crate::sandbox::{self, Sandbox};
use crate::tools::node::Node;

/// Reads a person's data, and shows it.
pub fn read() -> Result<ExitCode> {
    run("read.mjs", &[])
}

/// Walks one list twice, one request at a time and several at once, from a server that is 50 ms away.
pub fn measure_walk() -> Result<ExitCode> {
    run("measure-walk.mjs", &["--latency", "50ms"])
}

/// Builds what is needed, and runs a script of `examples/node` against a sandbox with these flags.
fn run(script: &str, sandbox_flags: &[&str]) -> Result<ExitCode> {
    let node = Node::with_tools()?;
    package::build(Profile::Release, &node)?;
    let examples = root().join("examples/node");
    // Its one dependency is `pkg/`: the scripts import the package by its name, as everyone does.
    node.install_local(&examples)?;
    let mut sandbox = Sandbox::start(sandbox_flags)?;
    let status =
        process::status(node.command().arg(examples.join(script)).arg("--base-url").arg(sandbox.base_url()))?;
    if let Some(words) = sandbox.last_words() {
        bail!("the sandbox ended before the script did\n{words}");
    }
    Ok(sandbox::exit_code(status))
}
