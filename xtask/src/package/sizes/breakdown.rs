//! Whose the bytes are that a browser loads, by file and by crate, and what has changed since the baseline.
//!
//! These are bytes before compression, as a compressor gives no share to anybody: of functions after wasm-opt, and of
//! JavaScript after esbuild has minified it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fs_err as fs;

use super::budgets::WASMS;
use super::functions::{self, NamedAndOptimised};
use super::origins::Sources;
use crate::project::root;
use crate::terminal::{faint, green, red};

/// For each file or crate, its bytes in what reads, in what sends, and in the whole library.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breakdown(BTreeMap<String, [u64; WASMS]>);

const BASELINE: &str = "xtask/src/package/sizes/baseline.txt";

const HEAD: &str = "\
# Whose the bytes are that a browser loads, before compression: of the WebAssembly by file and crate, and of the JavaScript.
# `cargo xtask build` prints what has changed since; `cargo xtask build --accept-sizes` writes this file.
#   read     send    whole
";

/// How many differences are printed unless all are.
const SHOWN: usize = 8;

impl Breakdown {
    pub fn add(&mut self, origin: String, wasm: usize, bytes: u64) {
        if let Some(sum) = self.0.entry(origin).or_default().get_mut(wasm) {
            *sum += bytes;
        }
    }

    /// Adds all that is in a WebAssembly.
    pub fn add_wasm(&mut self, wasm: usize, file: &NamedAndOptimised, sources: &Sources) -> Result<()> {
        let contents = functions::contents(file)?;
        for (symbol, bytes) in contents.functions {
            let origin = symbol.map_or("made by wasm-opt".to_owned(), |symbol| sources.origin_of(&symbol));
            self.add(origin, wasm, bytes);
        }
        self.add("texts and tables".to_owned(), wasm, contents.data);
        self.add("types, imports and exports".to_owned(), wasm, contents.rest);
        Ok(())
    }

    /// Adds a file of the package's JavaScript, by its path in the package.
    pub fn add_script(&mut self, wasm: usize, path: &str, bytes: u64) {
        self.add(script_origin(path), wasm, bytes);
    }

    pub fn baseline() -> Result<Self> {
        Self::read(&root().join(BASELINE))
    }

    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(&fs::read_to_string(path)?)
            .with_context(|| format!("{} is not as the build wrote it", path.display()))
    }

    /// Makes this the baseline, and returns its path.
    pub fn accept(&self) -> Result<PathBuf> {
        let path = root().join(BASELINE);
        self.write(&path)?;
        Ok(path)
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        Ok(fs::write(path, self.text())?)
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (origin, [read, send, whole]) in &self.0 {
            text.push_str(&format!("{read:>8} {send:>8} {whole:>8}  {origin}\n"));
        }
        text
    }

    fn parse(text: &str) -> Result<Self> {
        let mut breakdown = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut rest = line;
            for wasm in 0..WASMS {
                let (number, after) =
                    rest.trim_start().split_once(' ').with_context(|| format!("no row: {line}"))?;
                rest = after;
                let bytes = number.parse().with_context(|| format!("no number: {line}"))?;
                breakdown.add(after_numbers(line).to_owned(), wasm, bytes);
            }
        }
        Ok(breakdown)
    }

    /// What has changed since `before`, and by how much, the largest change first.
    fn since<'a>(&'a self, before: &'a Self) -> Vec<(&'a str, [i64; WASMS])> {
        let origins = self.0.keys().chain(before.0.keys().filter(|origin| !self.0.contains_key(*origin)));
        let bytes = |breakdown: &Self, origin| breakdown.0.get(origin).copied().unwrap_or_default();
        let mut changes: Vec<_> = origins
            .map(|origin| {
                let (now, then) = (bytes(self, origin), bytes(before, origin));
                (origin.as_str(), [0, 1, 2].map(|wasm| now[wasm].cast_signed() - then[wasm].cast_signed()))
            })
            .filter(|(_, change)| *change != [0; WASMS])
            .collect();
        changes.sort_by_key(|(_, change)| std::cmp::Reverse(change.iter().map(|by| by.abs()).max()));
        changes
    }

    /// The lines that tell what has changed since `before`: the largest changes, or `all`.
    pub fn changes(&self, before: &Self, all: bool) -> Vec<String> {
        let changes = self.since(before);
        if changes.is_empty() {
            return vec![format!("  {}", faint(&format!("not a byte has changed since {BASELINE}")))];
        }
        let [read, send, whole] = ["read", "send", "whole"];
        let mut lines = vec![format!(
            "  {:<48} {read:>9} {send:>9} {whole:>9}",
            "bytes, before compression, since the baseline"
        )];
        let shown = if all { changes.len() } else { SHOWN };
        let sum = |changes: &[(&str, [i64; WASMS])]| {
            [0, 1, 2].map(|wasm| changes.iter().map(|(_, change)| change[wasm]).sum())
        };
        for (origin, change) in changes.iter().take(shown) {
            lines.push(row(origin, *change));
        }
        let hidden = changes.get(shown..).unwrap_or_default();
        if !hidden.is_empty() {
            lines.push(row(&format!("{} smaller changes", hidden.len()), sum(hidden)));
        }
        lines.push(row("together", sum(&changes)));
        lines
    }
}

/// What is after the three numbers of a row.
fn after_numbers(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit())
}

fn row(title: &str, change: [i64; WASMS]) -> String {
    let numbers = change.map(|by| {
        let padded = format!("{:>9}", if by == 0 { "–".to_owned() } else { format!("{by:+}") });
        match by {
            0 => faint(&padded),
            1.. => red(&padded),
            _ => green(&padded),
        }
    });
    format!("  {title:<48} {}", numbers.join(" "))
}

/// The source of a file of the package's JavaScript.
fn script_origin(path: &str) -> String {
    if let Some(snippet) = path.strip_prefix("core/snippets/") {
        // The folder is named after the crate, with a hash.
        let (folder, file) = snippet.split_once('/').unwrap_or((snippet, ""));
        let of_crate = folder.rsplit_once('-').map_or(folder, |(name, _)| name);
        return if of_crate == "humansync" { file.to_owned() } else { format!("{of_crate}, JavaScript") };
    }
    if path.starts_with("core/") && !path.ends_with("errors.js") {
        return "wasm-bindgen, JavaScript".to_owned();
    }
    format!("pkg-template/{}.ts", path.trim_end_matches(".js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breakdown(rows: &[(&str, [u64; WASMS])]) -> Breakdown {
        Breakdown(rows.iter().map(|(origin, bytes)| ((*origin).to_owned(), *bytes)).collect())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let written =
            breakdown(&[("2 numbers first", [1, 0, 123_456_789]), ("src/pages/walk.rs", [10, 0, 12])]);
        assert_eq!(
            Breakdown::parse(&written.text()).unwrap(),
            breakdown(&[("numbers first", [1, 0, 123_456_789]), ("src/pages/walk.rs", [10, 0, 12]),])
        );
        for wrong in ["1 2 src", "a b c src", "1 2"] {
            assert!(Breakdown::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_largest_changes_come_first_and_the_others_are_added_up() {
        let before = breakdown(&[("core", [5, 5, 5]), ("gone", [0, 0, 100]), ("same", [7, 7, 7])]);
        let after = breakdown(&[("core", [6, 5, 4]), ("new", [300, 0, 20]), ("same", [7, 7, 7])]);
        let expected = [("new", [300, 0, 20]), ("gone", [0, 0, -100]), ("core", [1, 0, -1])];
        assert_eq!(after.since(&before), expected);
        let lines = after.changes(&before, false);
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            lines.iter().skip(1).map(|line| words(line)).collect::<Vec<_>>(),
            ["new +300 – +20", "gone – – -100", "core +1 – -1", "together +301 – -81",]
        );
        assert!(after.changes(&after, true)[0].contains("not a byte has changed"));
    }

    #[test]
    fn changes_beyond_the_first_are_one_line_unless_all_are_asked_for() {
        let names: Vec<String> = (0..SHOWN + 3).map(|number| format!("crate{number}")).collect();
        let rows: Vec<_> = names.iter().map(|name| (name.as_str(), [1, 0, 2])).collect();
        let (after, before) = (breakdown(&rows), Breakdown::default());
        let lines = after.changes(&before, false);
        assert_eq!(lines.len(), 1 + SHOWN + 1 + 1);
        assert!(
            lines[SHOWN + 1].contains("3 smaller changes") && lines[SHOWN + 1].contains("+6"),
            "{lines:?}"
        );
        assert_eq!(after.changes(&before, true).len(), 1 + names.len() + 1);
    }

    #[test]
    fn scripts_are_told_by_their_sources() {
        for (path, expected) in [
            ("human-client.js", "pkg-template/human-client.ts"),
            ("read/exports.js", "pkg-template/read/exports.ts"),
            ("core/read.js", "wasm-bindgen, JavaScript"),
            ("core/snippets/humansync-4f41/src/bindings/imports/errors.js", "src/bindings/imports/errors.js"),
            ("core/snippets/other-crate-4f41/a.js", "other-crate, JavaScript"),
        ] {
            assert_eq!(script_origin(path), expected);
        }
    }
}
