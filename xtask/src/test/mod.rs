//! `cargo xtask test`: runs every check of the project, group by group, even after a failure, and prints a table at the
//! end.
//!
//! - [`groups`]: what each group runs
//! - [`tally`]: reads from the output of the test runners how many checks passed
//! - [`wasm_pack`]: what the group `wasm` runs
//!
//! The tests themselves are in `src/`, `tests/` and `examples/`.

mod groups;
mod tally;
mod wasm_pack;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::terminal::{self, green, red};
use crate::tools::{self, Purpose, Tool};
use groups::{GROUPS, Group, Session};
use tally::Tally;

/// Runs the named groups in their fixed order, or all groups if none is named.
pub fn run(names: &[String]) -> Result<ExitCode> {
    let groups = selected(names)?;
    let mut session = Session::default();
    let mut lines = Vec::new();
    let mut total = Tally::default();
    for group in groups {
        terminal::heading(&format!("{}: {}", group.name, group.about));
        let started = Instant::now();
        let ready = tools::ensure(group.needs, Purpose::Tests(group.name));
        let tally = ready.and_then(|()| (group.run)(&mut session)).unwrap_or_else(|error| {
            terminal::error(&error);
            Tally::one(false)
        });
        total += tally;
        lines.push(line(group.name, tally, started.elapsed()));
    }
    terminal::heading("result");
    for line in lines {
        println!("{line}");
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Installs the tools that the named groups need, or those of all groups if none is named.
pub fn set_up(names: &[String]) -> Result<()> {
    let needs: BTreeSet<Tool> = selected(names)?.into_iter().flat_map(|group| group.needs).copied().collect();
    let needs = Vec::from_iter(needs);
    tools::ensure(&needs, Purpose::Setup)?;
    for tool in needs {
        terminal::step("Ready", tool.title());
    }
    Ok(())
}

fn selected(names: &[String]) -> Result<Vec<&'static Group>> {
    if let Some(unknown) = names.iter().find(|name| GROUPS.iter().all(|group| group.name != **name)) {
        let known: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        bail!("there is no group `{unknown}` of tests; there are {}", known.join(", "));
    }
    Ok(GROUPS
        .iter()
        .filter(|group| names.is_empty() || names.iter().any(|name| name == group.name))
        .collect())
}

/// One line of the table at the end.
fn line(name: &str, tally: Tally, time: Duration) -> String {
    let mut counts = format!("{:>5} passed", tally.passed);
    for (count, what) in [(tally.failed, "failed"), (tally.skipped, "skipped")] {
        if count > 0 {
            counts.push_str(&format!(", {count} {what}"));
        }
    }
    let mark = if tally.failed > 0 { red("✗") } else { green("✓") };
    format!("  {mark} {name:<10} {counts:<40} {:>12}", terminal::duration(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Ok(selected(&arguments)?.into_iter().map(|group| group.name).collect())
    }

    #[test]
    fn without_a_name_every_group_runs() {
        assert_eq!(names(&[]).unwrap().len(), GROUPS.len());
    }

    #[test]
    fn named_groups_run_once_each_in_the_fixed_order() {
        assert_eq!(names(&["node", "format", "node"]).unwrap(), ["format", "node"]);
    }

    #[test]
    fn an_unknown_group_is_refused_with_the_names_that_exist() {
        let error = names(&["format", "unit"]).unwrap_err().to_string();
        assert!(error.contains("`unit`") && error.contains("native"), "{error}");
    }
}
