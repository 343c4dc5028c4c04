//! `cargo xtask faults`: puts faults that the library once had back into it, one at a time, and checks that the worlds
//! find each.
//!
//! A fault is a patch in `tests/simulation/faults`. It is applied to a copy of the committed files in `target/faults`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;

use super::Job;
use super::hunt;
use crate::process;
use crate::project::{files_below, root, target_folder};
use crate::terminal::{self, green, red};

/// The number of seeds in whose worlds every fault has to be found.
const WITHIN: u64 = 10_000;

/// A fault that can be put back.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    name: String,
    path: PathBuf,
    job: &'static Job,
    /// The effect of the fault.
    sentence: String,
}

/// Tries the faults whose names begin with one of `names`, or all faults if `names` is empty.
pub fn run(names: &[String]) -> Result<ExitCode> {
    let faults = selected(kept()?, names)?;
    let copy = Copy::make()?;
    println!("Every fault is put back alone, and has to be found in the worlds of {WITHIN} seeds.\n");
    let width = faults.iter().map(|fault| fault.name.chars().count()).max().unwrap_or_default();
    let mut missed = 0;
    for fault in &faults {
        let started = Instant::now();
        let outcome = copy.try_out(fault);
        terminal::end_progress();
        missed += usize::from(outcome.is_err());
        println!("{}", row(fault, width, &outcome, started.elapsed()));
    }
    println!("\n{} found, {missed} not", faults.len() - missed);
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn row(fault: &Fault, width: usize, outcome: &Result<String>, time: Duration) -> String {
    let (mark, found) = outcome.as_ref().map_or((red("✗"), "failed"), |found| (green("✓"), found));
    let (name, job, time) = (&fault.name, fault.job.name, terminal::duration(time));
    let mut row = format!("  {mark} {name:<width$}  {job:<8} {found:<26} {time:>12}");
    if let Err(error) = outcome {
        let why = format!("{}\n{error:#}", fault.sentence);
        row.extend(why.lines().map(|line| format!("\n      {line}")));
    }
    row
}

/// The patches in `tests/simulation/faults`, by name.
fn kept() -> Result<Vec<Fault>> {
    let folder = root().join("tests/simulation/faults");
    let mut faults = Vec::new();
    for file in files_below(&folder)?.iter().filter(|file| file.extension().is_some_and(|end| end == "patch"))
    {
        let path = folder.join(file);
        let text = fs::read_to_string(&path)?;
        faults.push(read(&path, &text).with_context(|| format!("{} is not a fault", path.display()))?);
    }
    ensure!(!faults.is_empty(), "{} holds no *.patch", folder.display());
    Ok(faults)
}

/// Reads a patch, which begins with `Job: <name>` and a line that describes the effect.
fn read(path: &Path, text: &str) -> Result<Fault> {
    let mut lines = text.lines();
    let job = lines.next().and_then(|line| line.strip_prefix("Job: ")).unwrap_or_default();
    let job = Job::named(job.trim()).context("its first line must be `Job: ` and a job")?;
    let sentence = lines.next().unwrap_or_default().trim();
    let is_sentence = !sentence.is_empty() && !sentence.starts_with("diff ") && !sentence.starts_with("---");
    ensure!(is_sentence, "its second line must be a sentence that says what goes wrong");
    ensure!(text.contains("\n+++ "), "it has no diff, as `git diff` makes it, after its two lines of text");
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Fault { name, path: path.to_owned(), job, sentence: sentence.to_owned() })
}

fn selected(faults: Vec<Fault>, names: &[String]) -> Result<Vec<Fault>> {
    if let Some(unknown) = names.iter().find(|name| faults.iter().all(|fault| !fault.name.starts_with(*name)))
    {
        let known: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
        bail!("there is no fault `{unknown}`; there are {}", known.join(", "));
    }
    let is_meant = |fault: &Fault| names.is_empty() || names.iter().any(|name| fault.name.starts_with(name));
    Ok(faults.into_iter().filter(is_meant).collect())
}

/// A copy of the committed files, with its own target directory. Both are kept between runs, so that only the code that
/// a patch changes is compiled again.
struct Copy {
    tree: PathBuf,
    target: PathBuf,
    /// The tests without any fault.
    sound: PathBuf,
}

impl Copy {
    fn make() -> Result<Self> {
        let folder = target_folder()?.join("faults");
        let (tree, target, sound) = (folder.join("tree"), folder.join("target"), folder.join("sound"));
        fs::create_dir_all(&folder)?;
        let status = process::capture(git(root()).args(["status", "--porcelain", "--untracked-files=no"]))?;
        if !status.trim().is_empty() {
            println!("What is not committed is not tried, apart from the patches.");
        }
        if !tree.join(".git").is_dir() {
            terminal::step("Copying", "what is committed");
            let clone = ["clone", "--quiet", "--shared", "--no-checkout", "."];
            process::run_quietly(git(root()).args(clone).arg(&tree))?;
        }
        process::run_quietly(git(&tree).args(["fetch", "--quiet"]).arg(root()).arg("HEAD"))?;
        process::run_quietly(git(&tree).args(["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"]))?;
        let copy = Self { tree, target, sound };
        copy.undo()?;
        terminal::step("Compiling", "the simulation, without a fault");
        fs::copy(hunt::build(&copy.tree, Some(&copy.target))?, &copy.sound)?;
        Ok(copy)
    }

    fn undo(&self) -> Result<()> {
        process::run_quietly(git(&self.tree).args(["reset", "--quiet", "--hard"]))?;
        process::run_quietly(git(&self.tree).args(["clean", "--quiet", "--force", "-d"]))
    }

    /// Puts the fault back, and returns what found it; an error if nothing did.
    fn try_out(&self, fault: &Fault) -> Result<String> {
        let found = self.with(fault);
        self.undo().context("the patch cannot be taken back")?;
        found
    }

    fn with(&self, fault: &Fault) -> Result<String> {
        terminal::progress(&format!("{}: building", fault.name));
        process::run_quietly(git(&self.tree).args(["apply", "--whitespace=nowarn"]).arg(&fault.path))
            .context("the patch does not apply")?;
        let binary =
            hunt::build(&self.tree, Some(&self.target)).context("with the patch it does not compile")?;
        let failure = hunt::run(&binary, fault.job, 0..WITHIN)?.failure;
        let failure = failure.with_context(|| format!("the worlds of {WITHIN} seeds went well with it"))?;
        // The failure is due to the fault only if the same worlds succeed without it.
        let seeds = failure.seed.map_or(failure.seeds.clone(), |seed| seed..seed + 1);
        if hunt::run_piece(&self.sound, fault.job, seeds)?.is_err() {
            bail!("the worlds fail without it as well: {}", failure.what());
        }
        Ok(failure.seed.map_or_else(|| failure.what(), found_at))
    }
}

fn found_at(seed: u64) -> String {
    format!("seed {seed:>5}, {:>6} worlds", seed + 1)
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIFF: &str =
        "diff --git a/src/a.rs b/src/a.rs\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-x\n+y\n";

    fn fault(name: &str) -> Fault {
        let text = format!("Job: sync\nRecords are lost.\n{DIFF}");
        read(Path::new(&format!("/f/{name}.patch")), &text).unwrap()
    }

    fn names(names: &[&str]) -> Result<Vec<String>> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let faults = selected(vec![fault("01-one"), fault("02-two"), fault("12-three")], &names)?;
        Ok(faults.into_iter().map(|fault| fault.name).collect())
    }

    #[test]
    fn a_patch_has_its_job_and_what_goes_wrong() {
        let fault = fault("06-within-a-tick");
        assert_eq!((fault.name.as_str(), fault.job.name), ("06-within-a-tick", "sync"));
        assert_eq!(fault.sentence, "Records are lost.");
    }

    #[test]
    fn a_patch_of_another_form_is_refused_with_what_is_missing() {
        for (text, missing) in [
            (DIFF.to_owned(), "first line"),
            (format!("Job: apps\nLost.\n{DIFF}"), "first line"),
            (format!("Job: walks\n{DIFF}"), "second line"),
            (format!("Job: walks\n\n{DIFF}"), "second line"),
            ("Job: walks\nLost.\n".to_owned(), "no diff"),
        ] {
            let error = read(Path::new("x.patch"), &text).unwrap_err().to_string();
            assert!(error.contains(missing), "{error}");
        }
    }

    #[test]
    fn faults_are_named_by_the_beginning_of_their_names() {
        assert_eq!(names(&[]).unwrap().len(), 3);
        assert_eq!(names(&["12", "01-one"]).unwrap(), ["01-one", "12-three"]);
        let error = names(&["03"]).unwrap_err().to_string();
        assert!(error.contains("`03`") && error.contains("02-two"), "{error}");
    }

    #[test]
    fn a_row_has_the_seed_and_how_many_worlds_it_took() {
        let row = row(&fault("01-one"), 8, &Ok(found_at(41)), Duration::from_secs(2));
        assert!(row.contains("01-one") && row.contains("seed    41,     42 worlds"), "{row}");
        assert!(row.ends_with("2.0 s"), "{row}");
        let failed = Err(anyhow::anyhow!("They went well.\nAll of them."));
        let row = super::row(&fault("01-one"), 8, &failed, Duration::from_secs(2));
        assert!(
            row.ends_with("2.0 s\n      Records are lost.\n      They went well.\n      All of them."),
            "{row}"
        );
    }
}
