//! Runs a range of seeds in pieces, with as many processes as there are cores, up to the first world that fails.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Job;
use super::census::{Census, Output, grouped};
use crate::project::cargo;
use crate::{process, terminal};

/// The number of worlds in a process: few enough to show progress, and to lose little when one fails.
const PIECE: u64 = 250;
/// The longest time for a piece, which normally takes seconds. A piece that takes longer has a world that does not end.
const PIECE_WITHIN: Duration = Duration::from_secs(300);

pub struct Failure {
    /// The seed; `None` if the process ended without printing it.
    pub seed: Option<u64>,
    /// The seeds of its piece.
    pub seeds: Range<u64>,
    pub has_no_end: bool,
    pub output: String,
}

impl Failure {
    pub fn what(&self) -> String {
        let (first, last) = (self.seeds.start, self.seeds.end.saturating_sub(1));
        let within = terminal::duration(PIECE_WITHIN);
        match self.seed {
            Some(seed) => format!("seed {seed}"),
            None if self.has_no_end => format!("no end in {within}, seeds {first} to {last}"),
            None => format!("the process broke off, seeds {first} to {last}"),
        }
    }
}

/// Builds the tests of `tree` and returns their program.
pub fn build(tree: &Path, target: Option<&Path>) -> Result<PathBuf> {
    let mut command = cargo();
    command.current_dir(tree).args(["test", "--package", "humansync", "--test", "simulation", "--no-run"]);
    command.args(["--quiet", "--message-format", "json-render-diagnostics"]);
    if let Some(target) = target {
        command.env("CARGO_TARGET_DIR", target);
    } else {
        terminal::step("Compiling", "the simulation");
    }
    let output = command.output().context("cargo could not be started")?;
    if !output.status.success() {
        bail!("`cargo test --no-run` failed\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    executable(&String::from_utf8_lossy(&output.stdout)).context("cargo built no test `simulation`")
}

/// Finds the path of the test program in cargo's messages.
fn executable(messages: &str) -> Option<PathBuf> {
    messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_test = message["target"]["name"] == "simulation" && message["target"]["kind"][0] == "test";
        let path = message["executable"].as_str().filter(|_| is_test)?;
        Some(PathBuf::from(path))
    })
}

/// What has been found, while the threads share it or at the end.
#[derive(Default)]
pub struct HuntState {
    /// The first seed that no thread has taken.
    next: u64,
    worlds_done: u64,
    pub census: Census,
    /// The failure with the lowest seed.
    pub failure: Option<Failure>,
}

impl HuntState {
    /// The next piece, as long as nothing has failed.
    fn take(&mut self, end: u64) -> Option<Range<u64>> {
        if self.next >= end || self.failure.is_some() {
            return None;
        }
        let piece = self.next..end.min(self.next.saturating_add(PIECE));
        self.next = piece.end;
        Some(piece)
    }

    fn put(&mut self, failure: Failure) {
        if self.failure.as_ref().is_none_or(|known| failure.seeds.start < known.seeds.start) {
            self.failure = Some(failure);
        }
    }
}

/// Runs the worlds of these seeds in ascending order. After the first failure no further piece is started, but those in
/// progress are finished, so that the failure with the lowest seed is reported.
pub fn run(binary: &Path, job: &Job, seeds: Range<u64>) -> Result<HuntState> {
    let started = Instant::now();
    let all = grouped(seeds.end - seeds.start);
    let found = Mutex::new(HuntState { next: seeds.start, ..HuntState::default() });
    let lock = || -> MutexGuard<'_, HuntState> { found.lock().expect("no thread panics with the lock") };
    let work = || -> Result<()> {
        loop {
            let Some(piece) = lock().take(seeds.end) else { return Ok(()) };
            let worlds = piece.end - piece.start;
            let outcome = run_piece(binary, job, piece)?;
            let mut found = lock();
            match outcome {
                Ok(census) => {
                    found.census.merge(census);
                    found.worlds_done += worlds;
                }
                Err(failure) => found.put(failure),
            }
            let done = grouped(found.worlds_done);
            let time = terminal::duration(started.elapsed());
            terminal::progress(&format!("{}: {done} of {all} worlds, {time}", job.name));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let worked = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        // All are waited for, and an error of this program itself counts more than a failure.
        let ended: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        ended.into_iter().collect::<Result<()>>()
    });
    terminal::end_progress();
    worked?;
    Ok(found.into_inner()?)
}

/// Runs these seeds in one process.
pub fn run_piece(binary: &Path, job: &Job, seeds: Range<u64>) -> Result<Result<Census, Failure>> {
    let text = tempfile::tempfile()?;
    let mut child = Command::new(binary)
        .args(["--exact", job.test, "--nocapture", "--test-threads", "1"])
        .env("HUMANSYNC_WORLDS", format!("{}..{}", seeds.start, seeds.end))
        .env_remove("HUMANSYNC_SEED")
        .stdin(Stdio::null())
        .stdout(text.try_clone()?)
        .stderr(text.try_clone()?)
        .spawn()
        .with_context(|| format!("{} could not be started", binary.display()))?;
    let started = Instant::now();
    let mut has_no_end = false;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if !has_no_end && started.elapsed() > PIECE_WITHIN {
            has_no_end = true;
            child.kill()?;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = process::written(&text)?;
    let output = Output::read(&text);
    if status.success() && output.is_done {
        return Ok(Ok(output.census));
    }
    if status.success() {
        bail!("there is no test `{}` that runs worlds", job.test);
    }
    Ok(Err(Failure { seed: output.failed_at, seeds, has_no_end, output: text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_into_pieces_without_a_gap() {
        let mut found = HuntState { next: 100, ..HuntState::default() };
        let pieces: Vec<_> = std::iter::from_fn(|| found.take(700)).collect();
        assert_eq!(pieces, [100..350, 350..600, 600..700]);
    }

    #[test]
    fn after_a_failure_nothing_is_begun_and_the_lowest_one_counts() {
        let mut found = HuntState { next: 750, ..HuntState::default() };
        for start in [500, 250, 750] {
            let seeds = start..start + 250;
            found.put(Failure { seed: None, seeds, has_no_end: false, output: String::new() });
        }
        assert_eq!(found.failure.as_ref().unwrap().seeds.start, 250);
        assert_eq!(found.take(10_000), None);
    }

    #[test]
    fn the_program_of_the_tests_is_the_one_that_cargo_names() {
        let messages = "{\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"lib\"],\"name\":\"humansync\"},\"executable\":null}\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"test\"],\"name\":\"simulation\"},\"executable\":\"/t/simulation-1\"}\n\
            {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages), Some(PathBuf::from("/t/simulation-1")));
        assert_eq!(executable("{\"reason\":\"build-finished\"}"), None);
    }
}
