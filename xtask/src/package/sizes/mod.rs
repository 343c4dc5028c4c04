//! Measures how much of the package a browser has to load, and checks the budgets.
//!
//! - [`budgets`]: the entries, what each may have, and what features have added
//! - [`functions`]: the bytes of each function of a WebAssembly
//! - [`origins`]: the file or crate that a function is of
//! - [`breakdown`]: the bytes by file and crate, compared with a baseline

mod breakdown;
mod budgets;
mod functions;
mod origins;

pub use functions::NamedAndOptimised;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use fs_err as fs;
use serde_json::Value;

use super::compile::{self, PARTS};
use crate::process;
use crate::project::{LIBRARY, root, target_folder};
use crate::terminal::{self, faint, green, red};
use crate::tools::node::Node;
use breakdown::Breakdown;
use budgets::{ENTRIES, Entry, FEATURES, WASMS};
use origins::Sources;

/// The sizes of the [`ENTRIES`] after brotli, and whose the bytes are.
pub struct Sizes {
    brotli: [u64; ENTRIES.len()],
    breakdown: Breakdown,
}

/// Where a build leaves whose the bytes of its WebAssemblies are.
fn code_file() -> Result<PathBuf> {
    Ok(target_folder()?.join("package-code.txt"))
}

/// Writes down whose the bytes of the WebAssemblies are that [`compile`] made in its folder `compiled`.
pub fn take_apart(compiled: &Path) -> Result<()> {
    let sources = Sources::of_project()?;
    let mut code = Breakdown::default();
    for (wasm, name) in PARTS.into_iter().chain([LIBRARY]).enumerate() {
        code.add_wasm(wasm, &compile::named_and_optimised(compiled, name)?, &sources)?;
    }
    code.write(&code_file()?)
}

/// Measures the package in its folder, which is the one that was built last.
pub fn measure(package: &Path, node: &Node) -> Result<Sizes> {
    terminal::step("Measuring", "what a browser loads");
    let script = root().join("xtask/src/package/sizes/sizes.mjs");
    let files = ENTRIES.each_ref().map(|entry| entry.files);
    let report = process::json(node.command().arg(script).arg(package).args(files))?;
    let code = code_file()?;
    let code = if code.exists() { Breakdown::read(&code)? } else { Breakdown::default() };
    Sizes::of_report(report, code).context("sizes.mjs printed no sizes")
}

impl Sizes {
    /// The sizes that `sizes.mjs` printed, and whose the bytes are of the `code` and of its JavaScript.
    fn of_report(report: Value, code: Breakdown) -> Result<Self> {
        let report: [(u64, BTreeMap<String, u64>); ENTRIES.len()] = serde_json::from_value(report)?;
        let mut breakdown = code;
        for (entry, (_, scripts)) in ENTRIES.iter().zip(&report).filter(|(entry, _)| !entry.is_inline) {
            for (path, bytes) in scripts {
                breakdown.add_script(entry.wasm, path, *bytes);
            }
        }
        Ok(Self { brotli: report.map(|(brotli, _)| brotli), breakdown })
    }

    fn entries(&self) -> impl Iterator<Item = (&'static Entry, u64)> {
        ENTRIES.iter().zip(self.brotli)
    }

    /// Prints the sizes alone, of a package that is not optimised.
    pub fn print(&self) {
        println!("\n  {:<20} {:>9}", "", "KB");
        for (entry, size) in self.entries() {
            println!("  {:<20} {:>9}", entry.name, kilobytes(size));
        }
        println!("  {}\n", faint(MEASURED));
    }

    /// Prints the sizes with their budgets and what has changed since the baseline, and fails if any is over its ceiling.
    pub fn judge(&self) -> Result<()> {
        for line in self.table().into_iter().chain(features()) {
            println!("{line}");
        }
        let over: Vec<_> = self.entries().filter(|(entry, size)| *size > entry.ceiling()).collect();
        let changes = self.breakdown.changes(&Breakdown::baseline()?, !over.is_empty());
        println!("\n{}\n", changes.join("\n"));
        let over: Vec<_> = over
            .iter()
            .map(|(entry, size)| format!("{} by {} KB", entry.name, kilobytes(size - entry.ceiling())))
            .collect();
        ensure!(over.is_empty(), "grown beyond the ceiling: {}", over.join(", "));
        Ok(())
    }

    fn table(&self) -> Vec<String> {
        let mut lines = vec![
            String::new(),
            format!(
                "  {:<20} {:>8} {:>9} {:>7} {:>8} {:>8}",
                "KB", "at first", "to reach", "added", "budget", "reached"
            ),
        ];
        for (entry, size) in self.entries() {
            let verdict = match entry.excess(size) {
                0 => green("within"),
                excess => red(&format!("{} over", kilobytes(excess))),
            };
            let first = entry.first.map_or("–".to_owned(), kilobytes);
            let [to_reach, added, budget, reached] =
                [entry.to_reach, entry.added(), entry.budget(), size].map(kilobytes);
            let name = entry.name;
            lines.push(format!(
                "  {name:<20} {first:>8} {to_reach:>9} {added:>7} {budget:>8} {reached:>8}  {verdict}"
            ));
        }
        for (entry, _) in self.entries().filter(|(entry, size)| entry.excess(*size) > 0) {
            let ceiling = kilobytes(entry.ceiling());
            lines.push(format!("  {}: the build fails beyond {ceiling} KB", entry.name));
        }
        lines.push(format!("  {}", faint(MEASURED)));
        lines.push(format!("  {}", faint("slim entries are loaded by init(), and the others by themselves")));
        lines
    }

    /// Makes what was measured the baseline of later builds.
    pub fn accept(&self) -> Result<()> {
        let path = self.breakdown.accept()?;
        terminal::step("Accepted", &format!("the sizes, in {}", path.display()));
        Ok(())
    }

    /// Compares the sizes with those in the table of README.md.
    pub fn check_readme(&self) -> Result<()> {
        self.check_stated(&fs::read_to_string(root().join("README.md"))?)
    }

    fn check_stated(&self, readme: &str) -> Result<()> {
        for (Entry { name, .. }, size) in self.entries() {
            let start = format!("| `{name}` ");
            let size_in = |row: &str| {
                row.split('|').find_map(|cell| cell.trim().strip_suffix(" KB")?.parse::<f64>().ok())
            };
            let stated = readme
                .lines()
                .filter(|line| line.starts_with(&start))
                .find_map(size_in)
                .with_context(|| format!("README.md has no row `{start}` with a size in KB"))?;
            let is_right = (stated - size as f64 / 1000.0).abs() <= 0.5;
            ensure!(is_right, "README.md says {stated} KB of {name}, which is {} KB", kilobytes(size));
        }
        Ok(())
    }
}

const MEASURED: &str = "1 KB = 1000 bytes, after brotli; JavaScript bundled and minified by esbuild";

/// The table of what features have added.
fn features() -> Vec<String> {
    let mut lines = vec![format!(
        "\n  {:<57} {:>5} {:>5} {:>5}",
        "KB that features of later have added", "read", "send", "whole"
    )];
    let row = |title: &str, bytes: [u64; WASMS]| {
        let [read, send, whole] =
            bytes.map(|bytes| if bytes == 0 { "–".to_owned() } else { kilobytes(bytes) });
        format!("  {title:<57} {read:>5} {send:>5} {whole:>5}")
    };
    lines.extend(FEATURES.iter().map(|feature| row(feature.title, feature.bytes)));
    lines.push(row("together", budgets::added()));
    lines
}

/// Kilobytes, rounded up so that a size just over a budget is never printed as the budget.
fn kilobytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(brotli: [u64; ENTRIES.len()]) -> Sizes {
        Sizes { brotli, breakdown: Breakdown::default() }
    }

    #[test]
    fn a_ceiling_may_be_reached_to_the_last_byte_and_no_further() {
        let ceilings = ENTRIES.each_ref().map(Entry::ceiling);
        assert!(sizes(ceilings).judge().is_ok());
        for (index, entry) in ENTRIES.iter().enumerate() {
            let mut grown = ceilings;
            grown[index] += 1;
            let error = sizes(grown).judge().unwrap_err().to_string();
            assert_eq!(error, format!("grown beyond the ceiling: {} by 0.1 KB", entry.name));
        }
    }

    #[test]
    fn tables_fit_a_terminal_of_eighty_columns() {
        let all = sizes(ENTRIES.each_ref().map(|entry| entry.budget() + 99_999));
        for line in all.table().into_iter().chain(features()) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn a_report_has_the_size_of_each_entry_and_the_scripts_of_those_that_are_loaded_by_hand() {
        let of_entry = |size: u64, script: &str| serde_json::json!([size, { script: 10 }]);
        let report: Vec<Value> = (0..6).map(|size| of_entry(size, &format!("{size}.js"))).collect();
        let Sizes { brotli, breakdown } = Sizes::of_report(report.into(), Breakdown::default()).unwrap();
        assert_eq!(brotli, [0, 1, 2, 3, 4, 5]);
        let mut expected = Breakdown::default();
        for (wasm, path) in ["0.js", "2.js", "4.js"].into_iter().enumerate() {
            expected.add_script(wasm, path, 10);
        }
        assert_eq!(breakdown, expected);
        assert!(Sizes::of_report(serde_json::json!([[1, 2]]), Breakdown::default()).is_err());
    }

    #[test]
    fn the_readme_must_have_the_sizes() {
        let sizes = sizes([1_001, 1_100, 2_001, 2_100, 100_000, 123_456]);
        let readme = "| `humansync/slim/read` | no size | \n\
                      | `humansync/slim/read` | reads | `init()` | 1.2 KB |\n| `humansync/read` | 1.1 KB | |\n\
                      | `humansync/slim/send` | 2.0 KB | |\n| `humansync/send` | 2.1 KB | |\n\
                      | `humansync/slim` | 100.0 KB | 55 KB |\n| `humansync` | 123.5 KB | 75 KB |\n";
        assert!(sizes.check_stated(readme).is_ok());
        let old = readme.replace("123.5", "122.9");
        assert!(
            sizes
                .check_stated(&old)
                .unwrap_err()
                .to_string()
                .contains("122.9 KB of humansync, which is 123.5 KB")
        );
        assert!(sizes.check_stated(&readme.replace("`humansync/slim` ", "slim ")).is_err());
    }

    #[test]
    fn kilobytes_are_thousands_of_bytes_rounded_up() {
        for (bytes, text) in [(0, "0.0"), (1, "0.1"), (40_000, "40.0"), (40_001, "40.1")] {
            assert_eq!(kilobytes(bytes), text);
        }
    }
}
