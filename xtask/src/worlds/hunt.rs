//! Runs a range of seeds in pieces, with as many processes as there are cores, up to the first world that fails.

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::census::{Census, Output, grouped};
use super::job::Job;
use crate::project::cargo;
use crate::terminal;

/// The number of worlds in a process: few enough to show progress, and to lose little when one fails.
const PIECE: u64 = 250;
/// The longest time for a piece, which normally takes seconds. A piece that takes longer has a world that does not end.
const PIECE_WITHIN: Duration = Duration::from_secs(300);

pub struct Test<'binary> {
    pub binary: &'binary Path,
    pub job: Job,
}

pub struct Found {
    pub census: Census,
    /// The first failure.
    pub failure: Option<Failure>,
}

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
        let last = self.seeds.end.saturating_sub(1);
        match self.seed {
            Some(seed) => format!("seed {seed}"),
            None if self.has_no_end => {
                format!(
                    "no end in {}, seeds {} to {last}",
                    terminal::duration(PIECE_WITHIN),
                    self.seeds.start
                )
            }
            None => format!("the process broke off, seeds {} to {last}", self.seeds.start),
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

/// The state that the threads share.
struct State {
    next: u64,
    worlds_done: u64,
    census: Census,
    failure: Option<Failure>,
    /// An error of this program itself.
    broken: Option<anyhow::Error>,
}

/// Runs the worlds of these seeds in ascending order. After the first failure no further piece is started, but those in
/// progress are finished, so that the failure with the lowest seed is reported.
pub fn run(test: &Test<'_>, seeds: Range<u64>) -> Result<Found> {
    let started = Instant::now();
    let state = Mutex::new(State {
        next: seeds.start,
        worlds_done: 0,
        census: Census::default(),
        failure: None,
        broken: None,
    });
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let all = seeds.end - seeds.start;
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(piece) = take(&state, seeds.end) {
                    let worlds = piece.end - piece.start;
                    let ran = run_piece(test, piece);
                    let mut state = lock(&state);
                    match ran {
                        Ok(Ok(census)) => {
                            state.census.merge(census);
                            state.worlds_done += worlds;
                        }
                        Ok(Err(failure)) => state.put(failure),
                        Err(error) => state.broken = Some(error),
                    }
                    terminal::progress(&format!(
                        "{}: {} of {} worlds, {}",
                        test.job.name(),
                        grouped(state.worlds_done),
                        grouped(all),
                        terminal::duration(started.elapsed())
                    ));
                }
            });
        }
    });
    terminal::end_progress();
    let state = state.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    match state.broken {
        Some(error) => Err(error),
        None => Ok(Found { census: state.census, failure: state.failure }),
    }
}

impl State {
    fn put(&mut self, failure: Failure) {
        if self.failure.as_ref().is_none_or(|known| failure.seeds.start < known.seeds.start) {
            self.failure = Some(failure);
        }
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The next piece, as long as nothing has failed.
fn take(state: &Mutex<State>, end: u64) -> Option<Range<u64>> {
    let mut state = lock(state);
    if state.next >= end || state.failure.is_some() || state.broken.is_some() {
        return None;
    }
    let piece = state.next..end.min(state.next.saturating_add(PIECE));
    state.next = piece.end;
    Some(piece)
}

/// Runs these seeds in one process.
pub fn run_piece(test: &Test<'_>, seeds: Range<u64>) -> Result<Result<Census, Failure>> {
    let mut child = Command::new(test.binary)
        .args(["--exact", test.job.test(), "--nocapture", "--test-threads", "1"])
        .env("HUMANSYNC_WORLDS", format!("{}..{}", seeds.start, seeds.end))
        .env_remove("HUMANSYNC_SEED")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} could not be started", test.binary.display()))?;
    let stdout = child.stdout.take().map(read_aside);
    let stderr = child.stderr.take().map(read_aside);
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
    let text = [stdout, stderr].into_iter().flatten().map(joined).collect::<String>();
    let output = Output::read(&text);
    if status.success() && output.is_done {
        return Ok(Ok(output.census));
    }
    if status.success() {
        bail!("there is no test `{}` that runs worlds", test.job.test());
    }
    Ok(Err(Failure { seed: output.failed_at, seeds, has_no_end, output: text }))
}

/// Reads a pipe to its end in a thread, so that its writer never blocks.
fn read_aside(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // After an error, `bytes` has everything that was read before.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn joined(reader: JoinHandle<Vec<u8>>) -> String {
    String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(next: u64) -> State {
        State { next, worlds_done: 0, census: Census::default(), failure: None, broken: None }
    }

    fn failure(seeds: Range<u64>) -> Failure {
        Failure { seed: None, seeds, has_no_end: false, output: String::new() }
    }

    #[test]
    fn a_range_is_cut_into_pieces_without_a_gap() {
        let state = Mutex::new(state(100));
        let pieces: Vec<_> = std::iter::from_fn(|| take(&state, 700)).collect();
        assert_eq!(pieces, [100..350, 350..600, 600..700]);
    }

    #[test]
    fn after_a_failure_nothing_is_begun_and_the_lowest_one_counts() {
        let mut shared = state(750);
        for start in [500, 250, 750] {
            shared.put(failure(start..start + 250));
        }
        assert_eq!(shared.failure.as_ref().unwrap().seeds.start, 250);
        assert_eq!(take(&Mutex::new(shared), 10_000), None);
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
