//! `cargo xtask worlds` and `cargo xtask faults`: run thousands of simulated worlds of `tests/simulation`, and prove
//! that the worlds find faults.
//!
//! - [`census`]: parses the output of the test that runs the worlds of a job
//! - [`hunt`]: runs a range of seeds in several processes
//! - [`faults`]: puts faults, which are stored as patches, back one at a time

mod census;
mod faults;
mod hunt;

use std::ops::Range;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};

use crate::project::root;
use crate::terminal::{self, green, red};
use census::grouped;
use hunt::Failure;

pub use faults::run as run_faults;

const DEFAULT_COUNT: u64 = 20_000;
/// The number of seeds of each day, so that no two days have the same seeds.
const SEEDS_A_DAY: u64 = 1_000_000;

/// One of the jobs of the package.
#[derive(Debug, PartialEq, Eq)]
struct Job {
    name: &'static str,
    /// The test in `tests/simulation` that runs its worlds.
    test: &'static str,
}

static JOBS: [Job; 7] = [
    Job { name: "walks", test: "pages::worlds::odd_worlds" },
    Job { name: "sync", test: "sync::worlds::odd_worlds" },
    Job { name: "person", test: "sync::person::odd_worlds_of_one_person" },
    Job { name: "missing", test: "sync::missing::worlds_of_deletions" },
    Job { name: "uploads", test: "upload::worlds::odd_worlds" },
    Job { name: "lost-sync-locks", test: "sync::lost_locks::odd_worlds_of_lost_locks" },
    Job { name: "lost-upload-locks", test: "upload::lost_locks::odd_worlds_of_lost_locks" },
];

impl Job {
    fn named(name: &str) -> Result<&'static Self> {
        JOBS.iter().find(|job| job.name == name).with_context(|| {
            format!("there is no job `{name}`; there are {}", JOBS.each_ref().map(|job| job.name).join(", "))
        })
    }
}

/// Runs worlds with new seeds, and prints what happened in them.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let (jobs, seeds) = read(arguments, first_seed_of_the_day(SystemTime::now())?)?;
    let binary = hunt::build(root(), None)?;
    let mut exit_code = ExitCode::SUCCESS;
    for job in jobs {
        terminal::heading(&format!("{}: worlds {} to {}", job.name, seeds.start, seeds.end - 1));
        let started = Instant::now();
        let result = hunt::run(&binary, job, seeds.clone())?;
        print!("{}", result.census.table());
        let time = terminal::duration(started.elapsed());
        if let Some(failure) = &result.failure {
            exit_code = ExitCode::FAILURE;
            explain(failure, job);
            println!("\n  {} failed, {time}", red("✗"));
        } else {
            println!("\n  {} {} worlds, {time}", green("✓"), grouped(seeds.end - seeds.start));
        }
    }
    Ok(exit_code)
}

/// Prints the output of the test, and how to reproduce the failure.
fn explain(failure: &Failure, job: &Job) {
    println!("\n{}", failure.output.trim_end());
    let variable = match failure.seed {
        Some(seed) => {
            println!("\n  {} seed {seed}", red("failed at"));
            format!("HUMANSYNC_SEED={seed}")
        }
        None => {
            println!("\n  {} {}", red("failed:"), failure.what());
            format!("HUMANSYNC_WORLDS={}..{}", failure.seeds.start, failure.seeds.end)
        }
    };
    let test = job.test;
    println!("  to see it again: {variable} cargo test --test simulation {test} -- --exact --nocapture");
}

/// The jobs and the seeds that the arguments of the command line name.
fn read(arguments: &[String], first_of_the_day: u64) -> Result<(Vec<&'static Job>, Range<u64>)> {
    let mut jobs = Vec::new();
    let (mut count, mut from) = (DEFAULT_COUNT, first_of_the_day);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let text = rest.next().with_context(|| format!("{argument} needs a number after it"))?;
            text.parse().with_context(|| format!("{argument} needs a whole number, not `{text}`"))
        };
        match argument.as_str() {
            "--count" => count = number()?,
            "--from" => from = number()?,
            name => {
                let job = Job::named(name).context("`worlds` takes jobs, --count <n> and --from <n>")?;
                if !jobs.contains(&job) {
                    jobs.push(job);
                }
            }
        }
    }
    ensure!(count > 0, "--count must be 1 at least");
    if jobs.is_empty() {
        jobs.extend(&JOBS);
    }
    let end = from.checked_add(count).context("--from and --count are more than seeds can be")?;
    Ok((jobs, from..end))
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

    fn parsed(arguments: &[&str]) -> Result<(Vec<&'static Job>, Range<u64>)> {
        read(&arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>(), 5_000_000)
    }

    #[test]
    fn without_arguments_every_job_runs_twenty_thousand_worlds_of_the_day() {
        assert_eq!(parsed(&[]).unwrap(), (JOBS.iter().collect(), 5_000_000..5_020_000));
    }

    #[test]
    fn jobs_run_once_each_in_the_order_given() {
        let [walks, sync, ..] = &JOBS;
        let arguments = ["sync", "--from", "7", "walks", "--count", "3", "sync"];
        assert_eq!(parsed(&arguments).unwrap(), (vec![sync, walks], 7..10));
    }

    #[test]
    fn what_is_no_job_and_no_number_is_refused_by_name() {
        for (arguments, named) in [
            (&["walk"][..], "walk"),
            (&["apps"], "apps"),
            (&["--count"], "--count"),
            (&["--count", "many"], "many"),
            (&["--count", "0"], "--count"),
            (&["--from", "-1"], "-1"),
            (&["--from", "18446744073709551615"], "--from"),
        ] {
            let error = format!("{:#}", parsed(arguments).unwrap_err());
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn every_day_has_seeds_of_its_own() {
        let at = |seconds| first_seed_of_the_day(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        assert_eq!([at(0), at(86_399), at(86_400)], [0, 0, 1_000_000]);
    }
}
