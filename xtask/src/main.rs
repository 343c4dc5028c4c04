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
    // The sandbox and the benches explain their own options.
    if !matches!(command, "sandbox" | "bench")
        && rest.iter().any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    match command {
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        "build" => {
            let profile = match rest {
                [] => package::Profile::Release,
                [flag] if flag == "--dev" => package::Profile::Dev,
                _ => bail!("`build` takes nothing but --dev; given: {}", rest.join(" ")),
            };
            package::build_and_judge(profile)?;
            Ok(ExitCode::SUCCESS)
        }
        "setup" => test::set_up(rest),
        "test" => test::run(rest),
        "demo" => match rest {
            [] => demo::everything(),
            [flag] if flag == "--walk" => demo::measure_walk(),
            [flag] if flag == "--sync" => demo::keep_in_sync(),
            [flag] if flag == "--web" => web::demo(),
            _ => bail!("`demo` takes nothing but --web, --walk or --sync; given: {}", rest.join(" ")),
        },
        "sandbox" => sandbox::run(rest),
        "bench" => bench::run(rest),
        "worlds" => worlds::run(rest),
        "faults" => worlds::run_faults(rest),
        unknown => bail!(
            "there is no command `{unknown}`; there are setup, build, test, worlds, faults, demo, bench and \
             sandbox (cargo xtask help)"
        ),
    }
}
