//! The project's commands, run as `cargo xtask <command>`. `help.txt` describes each.
//!
//! - [`package`] makes `dist/`, the npm package
//! - [`test`] runs every check of the project
//! - [`sandbox`] and [`demo`] run the server of the Human API, and scripts against it
//! - [`web`] builds and serves the web app of `examples/web`
//! - [`worlds`] runs thousands of simulated worlds, optionally with faults put back
//! - [`bench`] compares the package with other libraries
//! - [`tools`] finds or installs what these need
//!
//! This crate has no code of the library, and is not needed to use it.

mod bench;
mod demo;
mod package;
mod process;
mod project;
mod sandbox;
mod terminal;
mod test;
mod tools;
mod web;
mod worlds;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = include_str!("help.txt");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            terminal::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let (command, rest) = match arguments.split_first() {
        None => ("help", arguments),
        Some((command, rest)) => (command.as_str(), rest),
    };
    let asks_for_help = rest.iter().any(|argument| argument == "--help" || argument == "-h");
    // These explain their own options.
    if asks_for_help && !matches!(command, "sandbox" | "bench") {
        return run(&[]);
    }
    let flags: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (command, &flags[..]) {
        ("help" | "--help" | "-h", _) => print!("{HELP}"),
        ("setup", _) => test::set_up(rest)?,
        ("build", []) => package::build_and_judge(package::Profile::Release)?,
        ("build", ["--dev"]) => package::build_and_judge(package::Profile::Dev)?,
        ("build", ["--accept-sizes"]) => package::build_and_accept_sizes()?,
        ("build", _) => {
            bail!("`build` takes nothing but --dev or --accept-sizes; given: {}", rest.join(" "))
        }
        ("test", _) => return test::run(rest),
        ("worlds", _) => return worlds::run(rest),
        ("faults", _) => return worlds::run_faults(rest),
        ("demo", []) => demo::everything()?,
        ("demo", ["--walk"]) => demo::measure_walk()?,
        ("demo", ["--sync"]) => demo::keep_in_sync()?,
        ("demo", ["--workers", options @ ..]) => demo::work_under_trouble(options)?,
        ("demo", ["--web"]) => return web::demo(),
        ("demo", _) => {
            bail!("`demo` takes nothing but --web, --walk, --sync or --workers; given: {}", rest.join(" "))
        }
        ("bench", _) => return bench::run(rest),
        ("sandbox", _) => sandbox::run(rest)?,
        (unknown, _) => bail!(
            "there is no command `{unknown}`; there are setup, build, test, worlds, faults, demo, bench and \
             sandbox (cargo xtask help)"
        ),
    }
    Ok(ExitCode::SUCCESS)
}
