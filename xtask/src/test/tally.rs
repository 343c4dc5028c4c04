//! Reads how many checks passed from the machine-readable output of the test runners.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Tally {
    /// The tally of a single check.
    pub fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), skipped: 0 }
    }

    /// Reads the `test result:` lines of cargo's test harness and of wasm-bindgen's, which are the same.
    pub fn of_cargo(output: &str) -> Self {
        let counts = output.lines().filter_map(|line| Some(line.split_once("test result: ")?.1));
        let counts = counts.flat_map(|counts| counts.split(['.', ';']));
        Self::of(counts.filter_map(|count| count.trim().split_once(' ')).map(|(number, kind)| (kind, number)))
    }

    /// Reads the last lines of Node's `tap` reporter: `# pass 12`.
    pub fn of_node(tap: &str) -> Self {
        Self::of(tap.lines().filter_map(|line| line.strip_prefix("# ")?.split_once(' ')))
    }

    fn of<'text>(counts: impl Iterator<Item = (&'text str, &'text str)>) -> Self {
        let mut tally = Self::default();
        for (kind, number) in counts {
            let count = match kind {
                "passed" | "pass" => &mut tally.passed,
                "failed" | "fail" | "cancelled" => &mut tally.failed,
                "ignored" | "skipped" | "todo" => &mut tally.skipped,
                _ => continue,
            };
            *count += number.parse().unwrap_or(0);
        }
        tally
    }

    /// Adds a failure if the runner has failed without a failed test (because it did not compile), or has found no
    /// tests.
    pub fn of_run(self, success: bool) -> Self {
        let ran_well = success && self.passed > 0;
        if !ran_well && self.failed == 0 { Self { failed: 1, ..self } } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_of_a_cargo_run_are_added_up() {
        let output = "running 3 tests\ntest a ... ok\n\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s\n\n\
            test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.52s\n";
        assert_eq!(Tally::of_cargo(output), Tally { passed: 7, failed: 2, skipped: 1 });
    }

    #[test]
    fn the_results_of_node_count_what_was_cancelled_as_failed() {
        let tap = "TAP version 13\n# pass the salt\nok 1 - a\n1..5\n# tests 9\n# suites 0\n# pass 4\n# fail 1\n\
                   # cancelled 2\n# skipped 1\n# todo 1\n# duration_ms 61.2\n";
        assert_eq!(Tally::of_node(tap), Tally { passed: 4, failed: 3, skipped: 2 });
    }

    #[test]
    fn a_run_is_a_success_only_with_a_passed_test_and_a_good_end() {
        let passed = Tally { passed: 3, failed: 0, skipped: 0 };
        let nothing = Tally::default();
        for (tally, success, failed) in
            [(passed, true, 0), (passed, false, 1), (nothing, true, 1), (nothing, false, 1)]
        {
            assert_eq!(tally.of_run(success).failed, failed, "{tally:?} {success}");
        }
        assert_eq!(Tally { failed: 2, ..passed }.of_run(false).failed, 2);
    }
}
