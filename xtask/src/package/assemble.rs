//! Assembles the package's folder from the template and the compiled library.
//!
//! ```text
//! package.json, README.md    → dist/             with the version of Cargo.toml
//! pkg-template/**.ts         → dist/**.js, .d.ts, .d.cts, and .cjs of the entries for `require` ([`super::javascript`])
//! LICENSE-*                  → dist/LICENSE-*
//! the crates' licences       → dist/THIRD-PARTY-NOTICES.txt
//! the wasm                   → dist/humansync.wasm, and as text in dist/core/humansync-inline.js
//! the glue, its snippets     → dist/core/humansync.js, dist/core/snippets/
//! the same of the parts      → dist/slim/read.wasm, dist/core/read.js, …; they share the snippets of the whole library
//! the error classes' snippet ← dist/core/errors.js re-exports it
//! what Node loads            → bundles ([`super::bundles`])
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;
use serde_json::Value;

use super::compile::PARTS;
use super::{Profile, bundles, javascript, notices, write};
use crate::project::{LIBRARY, files_below, root};
use crate::terminal;
use crate::tools::node::Node;

/// The path of the error classes, both in the library's folder and in a snippet's.
const ERRORS: &str = "src/bindings/imports/errors.js";

const GENERATED: &str = "// Made by `cargo xtask build`.\n";

/// Puts the package into the folder `dist` of `staging`, from what [`super::compile`] made in its folder `compiled`.
pub fn assemble(staging: &Path, profile: Profile, version: &str, node: &Node) -> Result<()> {
    let (compiled, out) = (staging.join("compiled"), &staging.join("dist"));
    let template = root().join("pkg-template");
    for (folder, file) in [(root(), "LICENSE-MIT"), (root(), "LICENSE-APACHE"), (&template, "README.md")] {
        copy(&folder.join(file), &out.join(file))?;
    }
    write(&out.join("THIRD-PARTY-NOTICES.txt"), notices::notices()?)?;
    let manifest = versioned(&fs::read_to_string(template.join("package.json"))?, version, profile)?;
    write(&out.join("package.json"), format!("{manifest:#}\n"))?;
    terminal::step("Compiling", "the package's TypeScript");
    javascript::compile(&manifest, node, &staging.join("scripts"), out)?;

    let core = out.join("core");
    // Each wasm is next to the slim entry that loads it, because that is where bundlers look for files to copy.
    for (name, folder) in
        PARTS.map(|part| (part, out.join("slim"))).into_iter().chain([(LIBRARY, out.into())])
    {
        let wasm = format!("{name}.wasm");
        copy(&compiled.join(name).join(&wasm), &folder.join(&wasm))?;
        let text = as_text(&fs::read(folder.join(&wasm))?);
        let inline = format!("{GENERATED}export const shift = {SHIFT};\nexport const text = \"{text}\";\n");
        write(&core.join(format!("{name}-inline.js")), inline)?;
        let glue = format!("{name}.js");
        copy(&compiled.join(name).join(&glue), &core.join(&glue))?;
    }
    let whole = compiled.join(LIBRARY);
    let snippets = files_below(&whole.join("snippets"))?;
    for file in &snippets {
        copy(&whole.join("snippets").join(file), &core.join("snippets").join(file))?;
    }
    for part in PARTS {
        ensure_within(&compiled.join(part).join("snippets"), &whole.join("snippets"))?;
    }
    write(&core.join("errors.js"), errors(&snippets)?)?;
    terminal::step("Bundling", "what Node loads");
    bundles::bundle(out, node)?;
    javascript::ensure_complete(&manifest, out)
}

/// Copies a file, and makes the folder that it gets into if need be.
fn copy(from: &Path, to: &Path) -> Result<()> {
    write(to, fs::read(from)?)
}

/// Fails if a file of `part` is not in `whole` with the same path and content. The glue of a part imports the files of
/// the whole library, so that there is only one copy of every class.
fn ensure_within(part: &Path, whole: &Path) -> Result<()> {
    for file in files_below(part)? {
        let imported = fs::read(part.join(&file))?;
        ensure!(
            fs::read(whole.join(&file)).is_ok_and(|own| own == imported),
            "a part of the library imports {}, which is not the whole's",
            part.join(&file).display()
        );
    }
    Ok(())
}

/// The package's manifest with the library's version. That of a quick build is private, so that npm does not publish
/// it.
fn versioned(template: &str, version: &str, profile: Profile) -> Result<Value> {
    let mut manifest: Value =
        serde_json::from_str(template).context("pkg-template/package.json is no JSON")?;
    ensure!(manifest["version"].is_string(), "pkg-template/package.json has no \"version\"");
    manifest["version"] = version.into();
    if profile == Profile::Dev {
        manifest["private"] = true.into();
    }
    Ok(manifest)
}

const SHIFT: u8 = 35;

/// The wasm as a JavaScript string with one character per byte, to which [`SHIFT`] is added.
///
/// Base64 splits bytes, so that they cannot be compressed well: it costs 28 % on the wire, but this form only 3 to 7 %
/// (docs/decisions/0009-size.md). The shift maps the most frequent bytes, which are small, to characters that need
/// neither an escape nor two bytes in UTF-8.
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
fn errors(snippets: &[PathBuf]) -> Result<String> {
    let found: Vec<_> = snippets.iter().filter(|file| file.ends_with(ERRORS)).collect();
    match found[..] {
        [file] => Ok(format!("{GENERATED}export * from \"./snippets/{}\";\n", file.display())),
        [] => bail!("the library imports no {ERRORS}: the error classes are not in the package"),
        _ => bail!("{ERRORS} is in the package {} times: {found:?}", found.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_takes_the_version_and_keeps_everything_else() {
        let template = "{\n  \"name\": \"humansync\",\n  \"version\": \"0.0.0\",\n  \"exports\": {\n    \
                        \"node\": \"./node.js\",\n    \"default\": \"./index.js\"\n  }\n}";
        let manifest = versioned(template, "1.2.3", Profile::Release).unwrap();
        assert_eq!(format!("{manifest:#}"), template.replace("0.0.0", "1.2.3"));
        // That of a quick build is private.
        let manifest = versioned(template, "1.2.3", Profile::Dev).unwrap();
        assert_eq!((&manifest["private"], &manifest["version"]), (&true.into(), &"1.2.3".into()));
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
    fn a_part_may_import_what_the_whole_has_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (part, whole) = (folder.path().join("part"), folder.path().join("whole"));
        for (file, text) in [("whole/a/x.js", "x"), ("whole/y.js", "y"), ("part/a/x.js", "x")] {
            write(&folder.path().join(file), text).unwrap();
        }
        assert!(ensure_within(&part, &whole).is_ok());
        assert!(ensure_within(&whole, &part).is_err());
        write(&part.join("a/x.js"), "another").unwrap();
        assert!(ensure_within(&part, &whole).is_err());
    }

    #[test]
    fn the_error_classes_are_found_in_the_one_snippet_that_has_them() {
        let [other, ours, another] =
            ["other-1/src", "humansync-2/src/bindings/imports", "x-3/src/bindings/imports"]
                .map(|folder| Path::new(folder).join("errors.js"));
        let module = errors(&[other.clone(), ours.clone()]).unwrap();
        assert!(module.contains("\"./snippets/humansync-2/src/bindings/imports/errors.js\""), "{module}");
        assert!(errors(&[other]).is_err());
        assert!(errors(&[ours, another]).is_err());
    }
}
