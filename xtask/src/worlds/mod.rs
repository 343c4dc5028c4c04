//! `cargo xtask worlds` and `cargo xtask faults`: run thousands of simulated worlds of `tests/simulation`, and prove
//! that the worlds find faults.
//!
//! - [`job`]: the test for the worlds of each job
//! - [`census`]: parses the output of that test
//! - [`hunt`]: runs a range of seeds in several processes
//! - [`faults`]: puts faults, which are stored as patches, back one at a time

mod census;
mod faults;
mod hunt;
mod job;

use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};

use crate::project::root;
use crate::terminal::{self, Colour, coloured};
use census::grouped;
use hunt::{Failure, Test};
use job::Job;

pub use faults::run as run_faults;

const DEFAULT_COUNT: u64 = 20_000;
/// The number of seeds of each day, so that no two days have the same seeds.
const SEEDS_A_DAY: u64 = 1_000_000;

/// The arguments of the command line.
#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    jobs: Vec<Job>,
    count: u64,
    /// The first seed; `None` for the first one of the day.
    from: Option<u64>,
}

/// Runs worlds with new seeds, and prints what happened in them.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let arguments = read(arguments)?;
    let from = match arguments.from {
        Some(from) => from,
        None => first_seed_of_the_day(SystemTime::now())?,
    };
    let to = from.checked_add(arguments.count).context("--from and --count are more than seeds can be")?;
    let binary = hunt::build(root(), None)?;
    let mut all_stood = true;
    for job in arguments.jobs {
        terminal::heading(&format!("{}: worlds {from} to {}", job.name(), to - 1));
        let started = Instant::now();
        let result = hunt::run(&Test { binary: &binary, job }, from..to)?;
        if result.census.is_empty() {
            println!("  no kind of fault was counted");
        }
        print!("{}", result.census.table());
        let time = terminal::duration(started.elapsed());
        match &result.failure {
            None => {
                println!("\n  {} {} worlds, {time}", coloured(Colour::Green, "✓"), grouped(arguments.count))
            }
            Some(failure) => {
                all_stood = false;
                explain(failure, job);
                println!("\n  {} failed, {time}", coloured(Colour::Red, "✗"));
            }
        }
    }
    Ok(if all_stood { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the output of the test, and how to reproduce the failure.
fn explain(failure: &Failure, job: Job) {
    println!("\n{}", failure.output.trim_end());
    let variable = match failure.seed {
        Some(seed) => {
            println!("\n  {} seed {seed}", coloured(Colour::Red, "failed at"));
            format!("HUMANSYNC_SEED={seed}")
        }
        None => {
            println!("\n  {} {}", coloured(Colour::Red, "failed:"), failure.what());
            format!("HUMANSYNC_WORLDS={}..{}", failure.seeds.start, failure.seeds.end)
        }
    };
    println!(
        "  to see it again: {variable} cargo test --test simulation {} -- --exact --nocapture",
        job.test()
    );
}

fn read(arguments: &[String]) -> Result<Arguments> {
    let mut jobs = Vec::new();
    let (mut count, mut from) = (DEFAULT_COUNT, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            flag @ ("--count" | "--from") => {
                let given = rest.next().with_context(|| format!("{flag} needs a number after it"))?;
                let number =
                    given.parse().with_context(|| format!("{flag} needs a whole number, not `{given}`"))?;
                if flag == "--count" { count = number } else { from = Some(number) }
            }
            name => match Job::named(name) {
                Some(job) if jobs.contains(&job) => {}
                Some(job) => jobs.push(job),
                None => {
                    bail!("`worlds` takes {}, --count <n> and --from <n>; given: {name}", job::names())
                }
            },
        }
    }
    ensure!(count > 0, "--count must be 1 at least");
    if jobs.is_empty() {
        jobs.extend(Job::ALL);
    }
    Ok(Arguments { jobs, count, from })
}

fn first_seed_of_the_day(now: SystemTime) -> Result<u64> {
    let seconds =
        now.duration_since(UNIX_EPOCH).context("the clock of this machine is before 1970")?.as_secs();
    Ok(seconds / 86_400 * SEEDS_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn given(arguments: &[&str]) -> Result<Arguments> {
        read(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn without_arguments_every_job_runs_twenty_thousand_worlds_of_the_day() {
        assert_eq!(given(&[]).unwrap(), Arguments { jobs: Job::ALL.to_vec(), count: 20_000, from: None });
    }

    #[test]
    fn jobs_run_once_each_in_the_order_given() {
        let arguments = given(&["sync", "--from", "7", "walks", "--count", "3", "sync"]).unwrap();
        assert_eq!(arguments, Arguments { jobs: vec![Job::Sync, Job::Walks], count: 3, from: Some(7) });
    }

    #[test]
    fn what_is_no_job_and_no_number_is_refused_by_name() {
        for (arguments, told) in [
            (&["walk"][..], "walk"),
            (&["--count"], "--count"),
            (&["--count", "many"], "many"),
            (&["--count", "0"], "--count"),
            (&["--from", "-1"], "-1"),
        ] {
            let error = format!("{:#}", given(arguments).unwrap_err());
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn every_day_has_seeds_of_its_own() {
        let at = |seconds| first_seed_of_the_day(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        assert_eq!([at(0), at(86_399), at(86_400)], [0, 0, 1_000_000]);
    }
}
