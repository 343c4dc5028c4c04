//! What a browser has to load of the package, and the budgets for it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::root;
use crate::terminal::{Colour, coloured};
use crate::tools::node::Node;
use crate::{process, terminal};

/// `./slim` with its wasm, brotli, in bytes.
const SLIM_BUDGET: u64 = 40_000;
/// The default entry, which carries the wasm, brotli, in bytes.
const ENTRY_BUDGET: u64 = 55_000;

#[derive(Clone, Copy)]
struct Size {
    raw: u64,
    brotli: u64,
}

struct Row {
    name: &'static str,
    size: Size,
    budget: Option<u64>,
}

impl Row {
    /// Bytes over the budget, if any are.
    fn excess(&self) -> Option<u64> {
        self.size.brotli.checked_sub(self.budget?).filter(|excess| *excess > 0)
    }
}

pub struct Sizes {
    rows: [Row; 3],
}

pub fn measure(package: &Path, node: &Node) -> Result<Sizes> {
    terminal::step("Measuring", "what a browser loads");
    let script = root().join("xtask/src/package/sizes.mjs");
    let output = process::capture(node.command().arg(script).arg(package))?;
    let report: Value = serde_json::from_str(&output).context("sizes.mjs printed no JSON")?;
    let size = |name: &str| -> Result<Size> {
        let bytes = |kind: &str| {
            report[name][kind].as_u64().with_context(|| format!("sizes.mjs gave no {name}.{kind}"))
        };
        Ok(Size { raw: bytes("raw")?, brotli: bytes("brotli")? })
    };
    Ok(Sizes::new(size("wasm")?, size("slim")?, size("entry")?))
}

impl Sizes {
    /// `slim` is the JavaScript of `./slim` alone: its wasm is a second file, compressed by itself.
    fn new(wasm: Size, slim: Size, entry: Size) -> Self {
        let slim = Size { raw: slim.raw + wasm.raw, brotli: slim.brotli + wasm.brotli };
        Self {
            rows: [
                Row { name: "humansync.wasm", size: wasm, budget: None },
                Row { name: "./slim with its wasm", size: slim, budget: Some(SLIM_BUDGET) },
                Row { name: "default entry, wasm inline", size: entry, budget: Some(ENTRY_BUDGET) },
            ],
        }
    }

    /// Prints the table; budgets only where the package is `judged` by them.
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
                budget.map(kilobytes).unwrap_or_default()
            );
            println!("{}", line.trim_end());
        }
        println!(
            "  {}\n",
            coloured(Colour::Faint, "1 KB = 1000 bytes; JavaScript bundled and minified by esbuild")
        );
    }

    /// Prints the sizes of a package that is not made to be small.
    pub fn show(&self) {
        self.print(false);
    }

    /// Prints the sizes, and fails when anything is over its budget.
    pub fn judge(&self) -> Result<()> {
        self.print(true);
        let over: Vec<&str> =
            self.rows.iter().filter(|row| row.excess().is_some()).map(|row| row.name).collect();
        if !over.is_empty() {
            bail!("over the size budget: {}", over.join("; "));
        }
        Ok(())
    }
}

/// Rounded up, so that a size just over a budget never reads as the budget.
fn kilobytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{} KB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(wasm: u64, slim: u64, entry: u64) -> Result<()> {
        let size = |brotli| Size { raw: brotli * 3, brotli };
        Sizes::new(size(wasm), size(slim), size(entry)).judge()
    }

    #[test]
    fn a_budget_may_be_used_up_to_the_last_byte_and_no_further() {
        assert!(judged(30_000, 10_000, 55_000).is_ok());
        assert!(judged(30_000, 10_001, 55_000).unwrap_err().to_string().contains("./slim"));
        assert!(judged(30_000, 10_000, 55_001).unwrap_err().to_string().contains("default entry"));
    }

    #[test]
    fn kilobytes_are_thousands_of_bytes_rounded_up() {
        for (bytes, text) in [(0, "0.0 KB"), (1, "0.1 KB"), (40_000, "40.0 KB"), (40_001, "40.1 KB")] {
            assert_eq!(kilobytes(bytes), text);
        }
    }
}
