//! Parses the output of the tests of worlds (`tests/simulation/world/seeds.rs`): how often each kind of fault happened,
//! and the seed of a world that failed.

use std::collections::BTreeMap;

/// How often each kind of fault happened.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Census(BTreeMap<String, u64>);

/// The parsed output of one run of a test.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// All seeds were run.
    pub is_done: bool,
    pub failed_at: Option<u64>,
    pub census: Census,
}

impl Output {
    /// Reads lines such as `worlds walks:        12 total too high`. The test harness may have printed its own words
    /// before it, on the same line. Other lines are ignored.
    pub fn read(text: &str) -> Self {
        let mut output = Self::default();
        for line in text.lines() {
            let after_the_job = line.split_once("worlds ").and_then(|(_, rest)| rest.split_once(": "));
            let Some((_, rest)) = after_the_job else { continue };
            if let Some(seed) = rest.strip_prefix("failed at seed ") {
                output.failed_at = seed.parse().ok();
            } else if rest.starts_with("seeds ") {
                output.is_done = true;
            } else if let Some((count, kind)) = rest.trim_start().split_once(' ')
                && let Ok(count) = count.parse()
            {
                output.census.add(kind, count);
            }
        }
        output
    }
}

impl Census {
    pub fn merge(&mut self, other: Self) {
        for (kind, count) in other.0 {
            self.add(&kind, count);
        }
    }

    fn add(&mut self, kind: &str, count: u64) {
        *self.0.entry(kind.to_owned()).or_default() += count;
    }

    /// A table with a line for each kind.
    pub fn table(&self) -> String {
        if self.0.is_empty() {
            return "  no kind of fault was counted\n".to_owned();
        }
        let digits = self.0.values().map(|count| grouped(*count).len()).max().unwrap_or_default();
        self.0.iter().map(|(kind, count)| format!("  {:>digits$}  {kind}\n", grouped(*count))).collect()
    }
}

/// Formats a number as `1 234 567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\nrunning 1 test\n\
        test walks::worlds::odd_worlds ... worlds walks: seeds 0 to 249\n\
        worlds walks:        12 id twice\n\
        worlds walks:      1234 total: too high\n\
        ok\n\ntest result: ok. 1 passed; 0 failed\n";

    #[test]
    fn kinds_are_counted_over_several_runs() {
        let mut census = Census::default();
        for _ in 0..2 {
            let output = Output::read(PRINTED);
            assert!(output.is_done && output.failed_at.is_none());
            census.merge(output.census);
        }
        assert_eq!(census.table(), "     24  id twice\n  2 468  total: too high\n");
        assert_eq!(Census::default().table(), "  no kind of fault was counted\n");
    }

    #[test]
    fn the_seed_of_a_world_that_failed_is_known() {
        let output =
            Output::read("thread 'x' panicked at y:1:2:\nlost\nworlds sync: failed at seed 20055000017\n");
        assert_eq!(output, Output { failed_at: Some(20_055_000_017), ..Output::default() });
    }

    #[test]
    fn a_test_that_was_not_there_is_not_done() {
        assert_eq!(Output::read("running 0 tests\n\ntest result: ok. 0 passed"), Output::default());
    }

    #[test]
    fn large_numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1 000"), (20_055_000_017, "20 055 000 017")] {
            assert_eq!(grouped(number), text);
        }
    }
}
