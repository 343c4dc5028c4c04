//! The licence notices of the third-party code that is compiled into the WebAssembly, which the licences require in
//! every copy.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use fs_err as fs;
use serde_json::Value;

use crate::process;
use crate::project::{LIBRARY, WASM_TARGET, cargo};

const HEAD: &str = "humansync: notices of third parties\n\n\
    The WebAssembly of this package contains compiled code of the Rust crates that are listed here, and of Rust's standard library.\n\
    Where a crate may be had under several licences, it is used under the MIT licence.\n";

/// The standard library, which every Rust program contains. Its licences are listed here because its sources may not be
/// installed.
const STANDARD_LIBRARY: [(&str, &str); 4] = [
    ("Rust standard library (std, core, alloc)", "The Rust Project Contributors"),
    ("compiler_builtins, libm", "The Rust Project Contributors; Jorge Aparicio"),
    ("dlmalloc", "2014 Alex Crichton"),
    ("hashbrown", "2016 Amanieu d'Antras"),
];

const MIT: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files \
(the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, \
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the \
following conditions:\n\n\
The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\n\
THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF \
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY \
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE \
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n";

/// The notices of the standard library and of every crate that the library depends on for WebAssembly.
pub fn notices() -> Result<String> {
    let mut notices = HEAD.to_owned();
    for (name, holder) in STANDARD_LIBRARY {
        section(&mut notices, name, "MIT OR Apache-2.0", &[format!("Copyright (c) {holder}\n\n{MIT}")])?;
    }
    for package in compiled_in()? {
        let of = |key: &str| package[key].as_str().unwrap_or_default();
        let name = name(&package);
        let folder = Path::new(of("manifest_path")).parent().context("a manifest without a folder")?;
        let mut texts = licences_in(folder, of("license"))?;
        if texts.is_empty() {
            // Some crates name their licence without including its text.
            ensure!(of("license").contains("MIT"), "{name} has no text of its licence, {}", of("license"));
            let authors: Vec<_> =
                package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let mut holders = authors.join(", ");
            if holders.is_empty() {
                holders = format!("the authors of {}", of("name"));
            }
            texts.push(format!("Copyright (c) {holders}\n\n{MIT}"));
        }
        section(&mut notices, &name, of("license"), &texts)?;
    }
    Ok(notices)
}

fn section(notices: &mut String, name: &str, licence: &str, texts: &[String]) -> Result<()> {
    write!(notices, "\n{}\n\n{name}\nLicence: {licence}\n", "-".repeat(80))?;
    for text in texts {
        write!(notices, "\n{}\n", text.trim().replace("\r\n", "\n"))?;
    }
    Ok(())
}

/// The packages that the library depends on, directly or not, sorted by name. Build dependencies and procedural macros
/// are not compiled in, and are left out.
fn compiled_in() -> Result<Vec<Value>> {
    let mut tree = cargo();
    tree.args(["tree", "--package", LIBRARY, "--target", WASM_TARGET, "--edges", "normal,no-proc-macro"]);
    let tree = process::capture(tree.args(["--prefix", "none", "--format", "{p}"]))?;
    // Lines such as `serde v1.0.229 (*)`.
    let names: BTreeSet<_> =
        tree.lines().map(|line| line.trim_end_matches(" (*)").replace(" v", " ")).collect();
    let mut metadata =
        process::json(cargo().args(["metadata", "--format-version", "1", "--filter-platform", WASM_TARGET]))?;
    let mut packages: Vec<Value> = serde_json::from_value(metadata["packages"].take())?;
    // Packages of this project have no source.
    packages.retain(|package| names.contains(&name(package)));
    // This project's own crates are shown with their path.
    let foreign = names.iter().filter(|name| !name.contains(" (/")).count();
    ensure!(
        packages.len() == foreign,
        "not every crate that `cargo tree` shows is in `cargo metadata`: {names:?}"
    );
    packages.retain(|package| !package["source"].is_null());
    packages.sort_by_key(name);
    Ok(packages)
}

/// The name and the version.
fn name(package: &Value) -> String {
    ["name", "version"].map(|key| package[key].as_str().unwrap_or_default()).join(" ")
}

/// The text of the licence, or several texts if all of them apply.
fn licences_in(folder: &Path, licence: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let upper = name.to_uppercase();
        if ["LICENSE", "LICENCE", "COPYING", "NOTICE"].iter().any(|start| upper.starts_with(start)) {
            names.push(name);
        }
    }
    names.sort();
    if !licence.contains(" AND ") && names.iter().any(|name| name == "LICENSE-MIT") {
        names.retain(|name| name == "LICENSE-MIT" || name.to_uppercase().starts_with("NOTICE"));
    }
    names.iter().map(|name| Ok(fs::read_to_string(folder.join(name))?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_that_cargo_tree_shows_is_in_the_notices() {
        let arguments = ["tree", "--package", LIBRARY, "--target", WASM_TARGET];
        let shown = ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"];
        let tree = process::capture(cargo().args(arguments).args(shown)).unwrap();
        let notices = notices().unwrap();
        let mut crates = 0;
        for line in tree.lines().filter(|line| !line.contains(" (/")) {
            let mut words = line.split(' ');
            let (name, version) = (words.next().unwrap(), words.next().unwrap().trim_start_matches('v'));
            assert!(notices.contains(&format!("\n{name} {version}\nLicence: ")), "{name} {version}");
            crates += 1;
        }
        assert!(crates > 10, "{tree}");
        for name in ["standard library", "dlmalloc", "wasm-bindgen 0", "js-sys", "chrono", "sha2", "gloo-net"]
        {
            assert!(notices.contains(name), "{name}");
        }
        // Each section must have a text.
        let sections: Vec<_> = notices.split(&"-".repeat(80)).skip(1).collect();
        assert!(
            sections
                .iter()
                .all(|section| section.len() > 500 && section.to_lowercase().contains("copyright"))
        );
        assert!(!notices.contains("proptest") && !notices.contains("wasm-bindgen-macro "));
    }
}
