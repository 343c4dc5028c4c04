//! Assembles the package's folder from the template and the compiled library.
//!
//! ```text
//! package.json, README.md    → dist/             with the version of Cargo.toml
//! pkg-template/**.ts         → dist/**.js, .d.ts, .d.cts, and .cjs of the entries for `require` ([`super::javascript`])
//! LICENSE-*                  → dist/LICENSE-*
//! the crates' licences       → dist/THIRD-PARTY-NOTICES.txt
//! the wasm                   → dist/humansync.wasm, and as text in dist/core/inline.js
//! the glue, its snippets     → dist/core/humansync.js, dist/core/snippets/
//! the same of the parts      → dist/slim/read.wasm, dist/core/read.js, …; they share the snippets of the whole library
//! the error classes' snippet ← dist/core/errors.js re-exports it
//! ```

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::Profile;
use super::compile::{Compiled, Module};
use super::{copy, javascript, notices, read, write};
use crate::project::root;
use crate::terminal;
use crate::tools::node::Node;

/// The path of the error classes, both in the library's folder and in a snippet's.
const ERRORS: &str = "src/bindings/imports/errors.js";

const GENERATED: &str = "// Made by `cargo xtask build`.\n";

/// Puts the package into `out`. `scripts` is for intermediate files. Both must be empty folders.
pub fn assemble(
    compiled: &Compiled,
    profile: Profile,
    version: &str,
    node: &Node,
    scripts: &Path,
    out: &Path,
) -> Result<()> {
    let template = root().join("pkg-template");
    for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(license), &out.join(license))?;
    }
    write(&out.join(notices::FILE), &notices::notices()?)?;
    copy(&template.join("README.md"), &out.join("README.md"))?;
    let manifest = versioned(&read(&template.join("package.json"))?, version, profile)?;
    write(&out.join("package.json"), &manifest)?;
    terminal::step("Compiling", "the package's TypeScript");
    javascript::compile(&manifest, node, scripts, out)?;

    let core = out.join("core");
    let Compiled { whole, parts } = compiled;
    // Each wasm is next to the entry that loads it, because that is where bundlers look for files to copy.
    for (Module { name, wasm, glue, .. }, folder) in
        parts.iter().map(|part| (part, out.join("slim"))).chain([(whole, out.to_owned())])
    {
        copy(wasm, &folder.join(format!("{name}.wasm")))?;
        copy(glue, &core.join(format!("{name}.js")))?;
    }
    let snippets = core.join("snippets");
    if whole.snippets.is_dir() {
        copy_folder(&whole.snippets, &snippets)?;
    }
    for part in parts {
        ensure_within(&part.snippets, &snippets)?;
    }
    write(&core.join("inline.js"), &inline(&whole.wasm)?)?;
    write(&core.join("errors.js"), &errors(&snippets)?)
}

/// Fails if a file of `part` is not in `whole` with the same path and content. The glue of a part imports the files of
/// the whole library, so that there is only one copy of every class.
fn ensure_within(part: &Path, whole: &Path) -> Result<()> {
    if !part.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(part).with_context(|| format!("{} cannot be read", part.display()))? {
        let entry = entry?;
        let own = whole.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            ensure_within(&entry.path(), &own)?;
        } else {
            ensure!(
                fs::read(&own).is_ok_and(|own| fs::read(entry.path()).is_ok_and(|part| part == own)),
                "a part of the library imports {}, which is not the whole's",
                entry.path().display()
            );
        }
    }
    Ok(())
}

/// The package's manifest with the library's version. That of a quick build is private, so that npm does not publish
/// it.
fn versioned(template: &str, version: &str, profile: Profile) -> Result<String> {
    // The manifest is edited as text, because the order of the keys in "exports" is significant and must not change.
    let mut lines: Vec<String> = template.lines().map(str::to_owned).collect();
    let places: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("  \"version\":"))
        .map(|(at, _)| at)
        .collect();
    let [place] = places[..] else {
        bail!(
            "pkg-template/package.json needs exactly one line `  \"version\": \"…\",`, and has {}",
            places.len()
        );
    };
    lines[place] = format!("  \"version\": \"{version}\",");
    if profile == Profile::Dev {
        lines.insert(place + 1, "  \"private\": true,".to_owned());
    }
    let text = lines.join("\n") + "\n";
    let json: serde_json::Value =
        serde_json::from_str(&text).context("pkg-template/package.json is no JSON")?;
    ensure!(
        json["version"] == version,
        "pkg-template/package.json: \"version\" is not a key of the manifest itself"
    );
    Ok(text)
}

/// The wasm as a JavaScript string with one character per byte, to which [`SHIFT`] is added.
///
/// Base64 splits bytes, so that they cannot be compressed well: it costs 28 % on the wire, but this form only 3 to 7 %
/// (docs/decisions/0009-size.md). The shift maps the most frequent bytes, which are small, to characters that need
/// neither an escape nor two bytes in UTF-8.
fn inline(wasm: &Path) -> Result<String> {
    let bytes = fs::read(wasm).with_context(|| format!("{} cannot be read", wasm.display()))?;
    Ok(format!("{GENERATED}export const shift = {SHIFT};\nexport const text = \"{}\";\n", as_text(&bytes)))
}

const SHIFT: u8 = 35;

fn as_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5 / 4);
    for byte in bytes {
        match char::from(byte.wrapping_add(SHIFT)) {
            quoted @ ('"' | '\\') => text.extend(['\\', quoted]),
            // Editors and servers may change characters that look like the end of a line or of a file.
            control if control.is_control() => text.push_str(&format!("\\x{:02x}", u32::from(control))),
            plain => text.push(plain),
        }
    }
    text
}

/// The module through which the entries import the error classes, because the name of the snippet's folder contains a
/// hash.
fn errors(snippets: &Path) -> Result<String> {
    let mut folders = Vec::new();
    if snippets.is_dir() {
        for entry in
            fs::read_dir(snippets).with_context(|| format!("{} cannot be read", snippets.display()))?
        {
            let folder = entry?.file_name().to_string_lossy().into_owned();
            if snippets.join(&folder).join(ERRORS).is_file() {
                folders.push(folder);
            }
        }
    }
    match &folders[..] {
        [folder] => Ok(format!("{GENERATED}export * from \"./snippets/{folder}/{ERRORS}\";\n")),
        [] => bail!("the library imports no {ERRORS}: the error classes are not in the package"),
        several => bail!("{ERRORS} is in the package {} times: {}", several.len(), several.join(", ")),
    }
}

/// Copies the files and folders below `from`, without hidden ones, which editors and systems create.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to.join(name))?;
        } else {
            copy(&entry.path(), &to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "{\n  \"name\": \"humansync\",\n  \"version\": \"0.0.0\",\n  \"exports\": {\n    \
                            \"node\": \"./node.js\",\n    \"default\": \"./index.js\"\n  }\n}\n";

    #[test]
    fn the_manifest_takes_the_version_and_keeps_everything_else() {
        let manifest = versioned(TEMPLATE, "1.2.3", Profile::Release).unwrap();
        assert_eq!(manifest, TEMPLATE.replace("0.0.0", "1.2.3"));
    }

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        let all: Vec<u8> = (0..=255).collect();
        let text = as_text(&all);
        assert!(text.starts_with("#$%&"), "{text}");
        assert!(text.contains("[\\\\]"), "{text}");
        assert!(text.ends_with(" !\\\""), "{text}");
        assert!(!text.contains(|c: char| c.is_control()));
        assert_eq!(text.matches("\\x").count(), 65);
    }

    #[test]
    fn the_manifest_of_a_quick_build_is_private() {
        let manifest = versioned(TEMPLATE, "1.2.3", Profile::Dev).unwrap();
        let json: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(json["private"], true);
        assert_eq!(json["version"], "1.2.3");
    }

    #[test]
    fn a_manifest_without_a_version_or_that_is_no_json_is_refused() {
        for template in
            ["{\n  \"name\": \"humansync\"\n}\n", "{\n  \"version\": \"0.0.0\",\n  \"name\" 1\n}\n"]
        {
            assert!(versioned(template, "1.2.3", Profile::Release).is_err(), "{template}");
        }
    }

    #[test]
    fn a_part_may_import_what_the_whole_has_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("humansync-parts-{}", std::process::id()));
        for (file, text) in [("whole/a/x.js", "x"), ("whole/y.js", "y"), ("part/a/x.js", "x")] {
            fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
            fs::write(folder.join(file), text).unwrap();
        }
        let (part, whole) = (folder.join("part"), folder.join("whole"));
        assert!(ensure_within(&part, &whole).is_ok());
        assert!(ensure_within(&folder.join("none"), &whole).is_ok());
        assert!(ensure_within(&whole, &part).is_err());
        fs::write(part.join("a/x.js"), "another").unwrap();
        assert!(ensure_within(&part, &whole).is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_error_classes_are_found_in_the_one_snippet_that_has_them() {
        let snippets = std::env::temp_dir().join(format!("humansync-snippets-{}", std::process::id()));
        for (folder, expected) in [
            ("other-1/src", None),
            ("humansync-2/src/bindings/imports", Some("humansync-2")),
            ("x-3/src/bindings/imports", None),
        ] {
            fs::create_dir_all(snippets.join(folder)).unwrap();
            fs::write(snippets.join(folder).join("errors.js"), "").unwrap();
            match expected {
                Some(name) => assert!(
                    errors(&snippets)
                        .unwrap()
                        .contains(&format!("\"./snippets/{name}/src/bindings/imports/errors.js\""))
                ),
                None => assert!(errors(&snippets).is_err()),
            }
        }
        fs::remove_dir_all(snippets).unwrap();
    }
}
