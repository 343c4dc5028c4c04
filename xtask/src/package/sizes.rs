//! Measures how much of the package a browser has to load, and checks the budgets.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::compile::PARTS;
use crate::project::root;
use crate::terminal::{Colour, coloured};
use crate::tools::node::Node;
use crate::{process, terminal};

/// The budgets for `./slim` with its wasm, and for the default entry, which contains the wasm, in bytes after brotli.
/// Neither is met yet (docs/decisions/0009-size.md), and each build prints the excess.
const SLIM_BUDGET: u64 = 55_000;
const ENTRY_BUDGET: u64 = 75_000;

/// The ceilings, above which the build fails until the budgets are met. They are to be lowered with every improvement,
/// and raised only for a whole new part of the library.
const SLIM_CEILING: u64 = 185_400;
const ENTRY_CEILING: u64 = 195_400;

/// The ceilings for each of the parts with its wasm, in their order. The parts have no budgets.
const PART_CEILINGS: [u64; PARTS.len()] = [76_500, 126_800];

#[derive(Clone, Copy)]
struct Size {
    raw: u64,
    brotli: u64,
}

struct Row {
    name: String,
    size: Size,
    budget: Option<Budget>,
}

#[derive(Clone, Copy)]
struct Budget {
    /// The target; the same as the ceiling if there is none.
    agreed: u64,
    /// The size above which the build fails.
    ceiling: u64,
}

impl Row {
    /// The bytes over the budget, if any.
    fn excess(&self) -> Option<u64> {
        self.size.brotli.checked_sub(self.budget?.agreed).filter(|excess| *excess > 0)
    }

    fn is_beyond_ceiling(&self) -> bool {
        self.budget.is_some_and(|budget| self.size.brotli > budget.ceiling)
    }
}

pub struct Sizes {
    rows: Vec<Row>,
}

pub fn measure(package: &Path, node: &Node) -> Result<Sizes> {
    terminal::step("Measuring", "what a browser loads");
    let script = root().join("xtask/src/package/sizes.mjs");
    let names = PARTS.map(|part| part.name);
    let output = process::capture(node.command().arg(script).arg(package).args(names))?;
    let report: Value = serde_json::from_str(&output).context("sizes.mjs printed no JSON")?;
    let size = |report: &Value, name: &str| -> Result<Size> {
        let bytes = |kind: &str| {
            report[name][kind].as_u64().with_context(|| format!("sizes.mjs gave no {name}.{kind}"))
        };
        Ok(Size { raw: bytes("raw")?, brotli: bytes("brotli")? })
    };
    let parts: Vec<Size> = names
        .iter()
        .map(|&part| Ok(size(&report[part], "slim")?.with(size(&report[part], "wasm")?)))
        .collect::<Result<_>>()?;
    Ok(Sizes::new(size(&report, "wasm")?, size(&report, "slim")?, size(&report, "entry")?, &parts))
}

impl Size {
    /// The sum with a second file, which is compressed separately.
    fn with(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, brotli: self.brotli + other.brotli }
    }
}

impl Sizes {
    /// `slim` is the JavaScript of `./slim` without its wasm; `parts` include their wasm.
    fn new(wasm: Size, slim: Size, entry: Size, parts: &[Size]) -> Self {
        let row = |name: &str, size, agreed, ceiling| Row {
            name: name.to_owned(),
            size,
            budget: Some(Budget { agreed, ceiling }),
        };
        let mut rows = vec![
            Row { name: "humansync.wasm".to_owned(), size: wasm, budget: None },
            row("./slim with its wasm", slim.with(wasm), SLIM_BUDGET, SLIM_CEILING),
            row("default entry, wasm inline", entry, ENTRY_BUDGET, ENTRY_CEILING),
        ];
        for ((part, &size), ceiling) in PARTS.iter().zip(parts).zip(PART_CEILINGS) {
            rows.push(row(&format!("./slim/{} with its wasm", part.name), size, ceiling, ceiling));
        }
        Self { rows }
    }

    /// Prints the table, with the budgets if the package is `judged` by them.
    fn print(&self, judged: bool) {
        let heading = if judged { "budget" } else { "" };
        println!("{}", format!("\n  {:<28} {:>10} {:>10} {heading:>10}", "", "raw", "brotli").trim_end());
        for row in &self.rows {
            let budget = row.budget.filter(|_| judged);
            let verdict = match (budget, row.excess()) {
                (None, _) => String::new(),
                (Some(_), None) => coloured(Colour::Green, "within"),
                (Some(_), Some(excess)) => coloured(Colour::Red, &format!("{} over", kilobytes(excess))),
            };
            let line = format!(
                "  {:<28} {:>10} {:>10} {:>10}  {verdict}",
                row.name,
                kilobytes(row.size.raw),
                kilobytes(row.size.brotli),
                budget.map(|budget| kilobytes(budget.agreed)).unwrap_or_default()
            );
            println!("{}", line.trim_end());
        }
        println!(
            "  {}\n",
            coloured(Colour::Faint, "1 KB = 1000 bytes; JavaScript bundled and minified by esbuild")
        );
    }

    /// Prints the sizes of a package that is not optimized for size.
    pub fn show(&self) {
        self.print(false);
    }

    /// Prints the sizes with their budgets, and fails if any is over its ceiling.
    pub fn judge(&self) -> Result<()> {
        self.print(true);
        for row in &self.rows {
            if let (Some(_), Some(Budget { ceiling, .. })) = (row.excess(), row.budget) {
                println!("  {}: over its budget; the build fails beyond {}", row.name, kilobytes(ceiling));
            }
        }
        let beyond: Vec<&str> =
            self.rows.iter().filter(|row| row.is_beyond_ceiling()).map(|row| row.name.as_str()).collect();
        if !beyond.is_empty() {
            bail!("grown beyond the ceiling: {}", beyond.join("; "));
        }
        Ok(())
    }
}

impl Sizes {
    /// Compares the sizes with those in the table of README.md.
    pub fn check_readme(&self) -> Result<()> {
        let path = root().join("README.md");
        self.check_stated(&std::fs::read_to_string(&path).context("README.md cannot be read")?)
    }

    fn check_stated(&self, readme: &str) -> Result<()> {
        for row in self.rows.iter().filter(|row| row.budget.is_some()) {
            // "./slim/read with its wasm" is "| `humansync/slim/read` with …" there.
            let entry = row.name.split([' ', ',']).next().unwrap_or_default();
            let start = entry
                .strip_prefix('.')
                .map_or("| the default entry".to_owned(), |path| format!("| `humansync{path}` "));
            let stated = readme
                .lines()
                .find(|line| line.starts_with(&start))
                .and_then(|line| line.split('|').nth(2)?.trim().strip_suffix(" KB")?.parse::<f64>().ok())
                .with_context(|| format!("README.md has no row `{start}` with a size in KB"))?;
            let actual = row.size.brotli as f64 / 1000.0;
            if (stated - actual).abs() > 0.5 {
                bail!("README.md says {stated} KB of {}, which is {}", row.name, kilobytes(row.size.brotli));
            }
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

    fn judged(wasm: u64, slim: u64, entry: u64) -> Result<()> {
        let size = |brotli| Size { raw: brotli * 3, brotli };
        Sizes::new(size(wasm), size(slim), size(entry), &PART_CEILINGS.map(size)).judge()
    }

    #[test]
    fn a_ceiling_may_be_reached_to_the_last_byte_and_no_further() {
        let slim = SLIM_CEILING - 30_000;
        assert!(judged(30_000, slim, ENTRY_CEILING).is_ok());
        assert!(judged(30_000, slim + 1, ENTRY_CEILING).unwrap_err().to_string().contains("./slim"));
        assert!(judged(30_000, slim, ENTRY_CEILING + 1).unwrap_err().to_string().contains("default entry"));
    }

    #[test]
    fn a_part_has_a_ceiling_of_its_own() {
        let size = |brotli| Size { raw: brotli * 3, brotli };
        let parts = PART_CEILINGS.map(|ceiling| size(ceiling + 1));
        let error = Sizes::new(size(1), size(1), size(1), &parts).judge().unwrap_err().to_string();
        assert!(PARTS.iter().all(|part| error.contains(&format!("./slim/{} with", part.name))), "{error}");
    }

    #[test]
    fn a_size_over_its_budget_is_told() {
        let size = |brotli| Size { raw: brotli * 3, brotli };
        let sizes = Sizes::new(size(30_000), size(25_001), size(75_000), &[]);
        assert_eq!(sizes.rows.iter().map(Row::excess).collect::<Vec<_>>(), [None, Some(1), None]);
    }

    #[test]
    fn the_readme_must_have_the_sizes() {
        let size = |brotli| Size { raw: brotli * 3, brotli };
        let sizes = Sizes::new(size(1), size(99_999), size(123_456), &[size(1_000), size(2_000)]);
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
