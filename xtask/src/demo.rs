//! `cargo xtask demo`: the built package reads a person's data from the sandbox, in this terminal, and ends by itself.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::package::{self, Profile};
use crate::process;
use crate::sandbox::{self, Sandbox};
use crate::tools::node::Node;

pub fn run() -> Result<ExitCode> {
    let node = Node::with_tools()?;
    package::build(Profile::Release, &node)?;
    let mut sandbox = Sandbox::start()?;
    let status = process::status(
        node.command().args(["examples/node/read.mjs", "--base-url"]).arg(sandbox.base_url()),
    )?;
    if let Some(words) = sandbox.last_words() {
        bail!("the sandbox ended before the script did\n{words}");
    }
    Ok(sandbox::exit_code(status))
}
