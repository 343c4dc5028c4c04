//! Measures how much of the package a browser has to load, and checks the budgets.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use crate::process;
use crate::project::root;
use crate::terminal::{self, faint, green, red};
use crate::tools::node::Node;

/// What a browser loads.
struct Entry {
    title: &'static str,
    /// Its files in the package, for `sizes.mjs`.
    files: &'static str,
    limits: Option<Limits>,
}

/// Sizes in bytes after brotli.
#[derive(Clone, Copy)]
struct Limits {
    /// The target, whose excess each build prints; the same as the ceiling if there is none.
    budget: u64,
    /// The size above which the build fails. To be lowered with every improvement, and raised only for a whole new part
    /// of the library (docs/decisions/0009-size.md has the exception).
    ceiling: u64,
}

/// The budgets for `./slim` with its wasm, and for the default entry, which contains the wasm, are not met yet
/// (docs/decisions/0009-size.md). The parts have none.
const ENTRIES: [Entry; 5] = [
    Entry { title: "humansync.wasm", files: "humansync.wasm", limits: None },
    Entry {
        title: "./slim with its wasm",
        files: "slim.js+humansync.wasm",
        limits: Some(Limits { budget: 55_000, ceiling: 213_900 }),
    },
    Entry {
        title: "default entry, wasm inline",
        files: "index.js",
        limits: Some(Limits { budget: 75_000, ceiling: 225_200 }),
    },
    Entry {
        title: "./slim/read with its wasm",
        files: "slim/read.js+slim/read.wasm",
        limits: Some(Limits { budget: 79_500, ceiling: 79_500 }),
    },
    Entry {
        title: "./slim/send with its wasm",
        files: "slim/send.js+slim/send.wasm",
        limits: Some(Limits { budget: 130_600, ceiling: 130_600 }),
    },
];

impl Limits {
    /// The bytes of `size` that are over the budget.
    fn excess(self, size: u64) -> u64 {
        size.saturating_sub(self.budget)
    }
}

/// The sizes of the [`ENTRIES`], raw and after brotli.
pub struct Sizes([[u64; 2]; ENTRIES.len()]);

pub fn measure(package: &Path, node: &Node) -> Result<Sizes> {
    terminal::step("Measuring", "what a browser loads");
    let script = root().join("xtask/src/package/sizes.mjs");
    let files = ENTRIES.each_ref().map(|entry| entry.files);
    let report = process::json(node.command().arg(script).arg(package).args(files))?;
    Ok(Sizes(serde_json::from_value(report).context("sizes.mjs printed no sizes")?))
}

impl Sizes {
    /// The entries that have limits, with their sizes after brotli.
    fn limited(&self) -> impl Iterator<Item = (&'static str, u64, Limits)> {
        let sizes = ENTRIES.iter().zip(self.0);
        sizes.filter_map(|(entry, [_, brotli])| Some((entry.title, brotli, entry.limits?)))
    }

    /// Prints the table, with the budgets if the package is `judged` by them.
    pub fn print(&self, judged: bool) {
        let heading = if judged { "budget" } else { "" };
        println!("{}", format!("\n  {:<28} {:>10} {:>10} {heading:>10}", "", "raw", "brotli").trim_end());
        for (Entry { title, limits, .. }, [raw, brotli]) in ENTRIES.iter().zip(self.0) {
            let limits = limits.filter(|_| judged);
            let verdict = limits.map(|limits| match limits.excess(brotli) {
                0 => green("within"),
                excess => red(&format!("{} over", kilobytes(excess))),
            });
            let [raw, brotli] = [raw, brotli].map(kilobytes);
            let budget = limits.map(|limits| kilobytes(limits.budget)).unwrap_or_default();
            let verdict = verdict.unwrap_or_default();
            println!(
                "{}",
                format!("  {title:<28} {raw:>10} {brotli:>10} {budget:>10}  {verdict}").trim_end()
            );
        }
        println!("  {}\n", faint("1 KB = 1000 bytes; JavaScript bundled and minified by esbuild"));
    }

    /// Prints the sizes with their budgets, and fails if any is over its ceiling.
    pub fn judge(&self) -> Result<()> {
        self.print(true);
        for (title, _, limits) in self.limited().filter(|(_, size, limits)| limits.excess(*size) > 0) {
            println!("  {title}: over its budget; the build fails beyond {}", kilobytes(limits.ceiling));
        }
        let beyond = self.limited().filter(|(_, size, limits)| *size > limits.ceiling);
        let beyond: Vec<_> = beyond.map(|(title, ..)| title).collect();
        ensure!(beyond.is_empty(), "grown beyond the ceiling: {}", beyond.join("; "));
        Ok(())
    }

    /// Compares the sizes with those in the table of README.md.
    pub fn check_readme(&self) -> Result<()> {
        self.check_stated(&fs::read_to_string(root().join("README.md"))?)
    }

    fn check_stated(&self, readme: &str) -> Result<()> {
        for (title, size, _) in self.limited() {
            // "./slim/read with its wasm" is "| `humansync/slim/read` with …" there.
            let entry = title.split([' ', ',']).next().unwrap_or_default();
            let start = entry
                .strip_prefix('.')
                .map_or("| the default entry".to_owned(), |path| format!("| `humansync{path}` "));
            let stated = readme
                .lines()
                .find(|line| line.starts_with(&start))
                .and_then(|line| line.split('|').nth(2)?.trim().strip_suffix(" KB")?.parse::<f64>().ok())
                .with_context(|| format!("README.md has no row `{start}` with a size in KB"))?;
            let is_right = (stated - size as f64 / 1000.0).abs() <= 0.5;
            ensure!(is_right, "README.md says {stated} KB of {title}, which is {}", kilobytes(size));
        }
        Ok(())
    }
}

/// Kilobytes, rounded up so that a size just over a budget is never printed as the budget.
fn kilobytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{} KB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::compile::PARTS;

    fn sizes(brotli: [u64; ENTRIES.len()]) -> Sizes {
        Sizes(brotli.map(|brotli| [brotli * 3, brotli]))
    }

    #[test]
    fn a_ceiling_may_be_reached_to_the_last_byte_and_no_further() {
        let ceilings =
            ENTRIES.each_ref().map(|entry| entry.limits.map_or(1_000_000, |limits| limits.ceiling));
        assert!(sizes(ceilings).judge().is_ok());
        for (index, entry) in ENTRIES.iter().enumerate().skip(1) {
            let mut grown = ceilings;
            grown[index] += 1;
            let error = sizes(grown).judge().unwrap_err().to_string();
            assert_eq!(error, format!("grown beyond the ceiling: {}", entry.title));
        }
    }

    #[test]
    fn a_size_is_over_its_budget_from_the_first_byte() {
        let limits = Limits { budget: 55_000, ceiling: 60_000 };
        assert_eq!([54_999, 55_000, 55_001].map(|size| limits.excess(size)), [0, 0, 1]);
    }

    #[test]
    fn every_part_has_a_ceiling() {
        for part in PARTS {
            let title = format!("./slim/{part} with its wasm");
            assert!(ENTRIES.iter().any(|entry| entry.title == title && entry.limits.is_some()), "{part}");
        }
    }

    #[test]
    fn the_readme_must_have_the_sizes() {
        let sizes = sizes([1, 100_000, 123_456, 1_001, 2_001]);
        let readme = "| `humansync/slim/read` with | 1.2 KB | |\n| `humansync/slim/send` with | 2.0 KB | |\n\
                      | `humansync/slim` with | 100.0 KB | 55 KB |\n| the default entry, with | 123.5 KB | 75 KB |\n";
        assert!(sizes.check_stated(readme).is_ok());
        let old = readme.replace("123.5", "122.9");
        assert!(sizes.check_stated(&old).unwrap_err().to_string().contains("default entry"));
        assert!(sizes.check_stated(&readme.replace("`humansync/slim` ", "slim ")).is_err());
    }

    #[test]
    fn kilobytes_are_thousands_of_bytes_rounded_up() {
        for (bytes, text) in [(0, "0.0 KB"), (1, "0.1 KB"), (40_000, "40.0 KB"), (40_001, "40.1 KB")] {
            assert_eq!(kilobytes(bytes), text);
        }
    }
}
