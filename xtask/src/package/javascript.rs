//! Compiles the TypeScript of `pkg-template/` to the package's JavaScript and declarations.
//!
//! One run of the compiler checks all sources with strict settings, including the modules that the WebAssembly imports
//! (`src/bindings/imports`). An error fails the build. The compiler writes a JavaScript file and a declaration for each
//! source.
//!
//! The package contains only the declarations that its entries import, each as `.d.ts` for `import` and as `.d.cts` for
//! `require`.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, ensure};
use fs_err as fs;
use serde_json::Value;

use super::write;
use crate::process;
use crate::project::files_below;
use crate::tools::node::Node;

/// The folder of the sources below the project's root, and of the output below the folder that the compiler writes to.
const SOURCES: &str = "pkg-template";
/// The error classes, whose declarations are those of the module [`ERRORS_IN_PACKAGE`].
const ERRORS: &str = "src/bindings/imports/errors";
const ERRORS_IN_PACKAGE: &str = "core/errors";

/// The mark of private fields in a declaration. It makes a class nominal: neither a mock nor the same class as declared
/// for the other module system would be assignable to it. The package's types describe only public members, so that it
/// is removed.
const PRIVATE: &str = "    #private;\n";

/// The compiler, which checks all sources.
pub fn compiler(node: &Node) -> std::process::Command {
    let mut command = node.tool("typescript/bin/tsc");
    command.args(["--project", SOURCES]);
    command
}

/// Compiles into `compiled`, and puts the package's files into `out`. `manifest` is the package's.
pub fn compile(manifest: &Value, node: &Node, compiled: &Path, out: &Path) -> Result<()> {
    process::run_quietly(compiler(node).arg("--outDir").arg(compiled))?;
    copy_scripts(&compiled.join(SOURCES), out)?;
    let mut declared = BTreeSet::new();
    for file in files_of(manifest) {
        if let Some(entry) = file.strip_suffix(".d.ts") {
            declare(Path::new(entry), compiled, out, &mut declared)?;
        } else if let Some(entry) = file.strip_suffix(".cjs") {
            write(&out.join(&file), required(entry))?;
        }
    }
    Ok(())
}

/// Fails if the package in `out` has not all files that the `manifest` names as entries.
pub fn ensure_complete(manifest: &Value, out: &Path) -> Result<()> {
    for file in files_of(manifest) {
        ensure!(out.join(&file).is_file(), "the manifest names {file}, and nothing makes it");
    }
    Ok(())
}

/// All files that the manifest names as entries.
fn files_of(manifest: &Value) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut values = vec![&manifest["exports"], &manifest["main"], &manifest["types"]];
    while let Some(value) = values.pop() {
        match value {
            Value::String(path) => {
                files.insert(path.trim_start_matches("./").to_owned());
            }
            Value::Object(members) => values.extend(members.values()),
            _ => {}
        }
    }
    files
}

/// The module for `require` of an entry. It re-exports the ES module, so that there is only one copy of every class.
/// Node can require ES modules since 20.19 and 22.12.
fn required(entry: &str) -> String {
    let name = entry.rsplit('/').next().unwrap_or(entry);
    format!("module.exports = require(\"./{name}.js\");\n")
}

fn copy_scripts(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "js"))
    {
        let text = fs::read_to_string(from.join(&file))?;
        // The JavaScript of a source with types only is empty, and nothing imports it.
        if text.lines().any(|line| !line.starts_with("//") && line != "export {};") {
            write(&to.join(file), text)?;
        }
    }
    Ok(())
}

/// Puts the declarations of `module` (a path in the package, without the extension) and of all modules that they import
/// into `out`.
fn declare(module: &Path, compiled: &Path, out: &Path, declared: &mut BTreeSet<PathBuf>) -> Result<()> {
    if !declared.insert(module.to_owned()) {
        return Ok(());
    }
    let is_errors = module == Path::new(ERRORS_IN_PACKAGE);
    let source = if is_errors { compiled.join(ERRORS) } else { compiled.join(SOURCES).join(module) };
    let text = fs::read_to_string(source.with_added_extension("d.ts"))?.replace(PRIVATE, "");
    let target = out.join(module);
    write(&target.with_added_extension("d.ts"), &text)?;
    let mut for_require = text.clone();
    for import in imports(&text) {
        for_require = for_require.replace(&format!("\"{import}.js\""), &format!("\"{import}.cjs\""));
        let folder = module.parent().unwrap_or(Path::new(""));
        declare(&normal(&folder.join(import)), compiled, out, declared)?;
    }
    write(&target.with_added_extension("d.cts"), &for_require)
}

/// The package's own modules that declarations import, without their extensions.
fn imports(declarations: &str) -> BTreeSet<&str> {
    let texts = declarations
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/']))
        .flat_map(|line| line.split('"').skip(1).step_by(2));
    texts.filter(|text| text.starts_with('.')).filter_map(|text| text.strip_suffix(".js")).collect()
}

/// `a/../b/./c` is `b/c`.
fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |normal, component| match component {
        Component::ParentDir => normal.parent().unwrap_or(Path::new("")).to_owned(),
        Component::CurDir => normal,
        other => normal.join(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_its_entries_at_any_depth() {
        let manifest = r#"{ "exports": { ".": { "node": { "require": { "types": "./a.d.cts", "default": "./a.cjs" } }, "default": "./a.js" },
                            "./b.wasm": "./slim/b.wasm" }, "main": "./a.cjs", "types": "./a.d.ts", "files": ["c"] }"#;
        let files = files_of(&serde_json::from_str(manifest).unwrap());
        assert_eq!(files.iter().collect::<Vec<_>>(), ["a.cjs", "a.d.cts", "a.d.ts", "a.js", "slim/b.wasm"]);
    }

    #[test]
    fn declarations_reach_all_that_they_import_and_are_written_for_both_module_systems() {
        let folder = tempfile::tempdir().unwrap();
        let (compiled, out) = (folder.path().join("compiled"), folder.path().join("out"));
        let entry = "/** As `import { A } from \"../not-this.js\"`. */\nexport * from \"../types/a.js\";\nexport { E } from \"../core/errors.js\";\n";
        for (file, text) in [
            ("pkg-template/slim/entry.d.ts", entry),
            (
                "pkg-template/types/a.d.ts",
                "import type { B } from \"./b.js\";\nexport declare class A {\n    #private;\n    b: B;\n}\n",
            ),
            ("pkg-template/types/b.d.ts", "import type { A } from \"./a.js\";\nexport type B = A;\n"),
            ("pkg-template/inner.d.ts", "export type Inner = 1;\n"),
            ("src/bindings/imports/errors.d.ts", "export declare class E {\n}\n"),
        ] {
            write(&compiled.join(file), text).unwrap();
        }
        declare(Path::new("slim/entry"), &compiled, &out, &mut BTreeSet::new()).unwrap();
        let read = |file: &str| fs::read_to_string(out.join(file)).unwrap();
        assert_eq!(
            read("types/a.d.ts"),
            "import type { B } from \"./b.js\";\nexport declare class A {\n    b: B;\n}\n"
        );
        assert_eq!(read("types/a.d.cts"), read("types/a.d.ts").replace(".js", ".cjs"));
        assert_eq!(read("slim/entry.d.ts"), entry);
        assert!(read("slim/entry.d.cts").contains("\"../core/errors.cjs\""));
        assert!(read("core/errors.d.cts").contains("class E"));
        assert!(out.join("types/b.d.cts").is_file() && !out.join("inner.d.ts").exists());
    }

    #[test]
    fn modules_of_types_alone_leave_no_script() {
        let folder = tempfile::tempdir().unwrap();
        let (compiled, out) = (folder.path().join("compiled"), folder.path().join("out"));
        for (file, text) in [
            ("types/a.js", "// Types.\nexport {};\n"),
            ("types/b.js", "// A value.\nexport const b = 1;\n"),
            ("types/b.d.ts", "export declare const b = 1;\n"),
        ] {
            write(&compiled.join(file), text).unwrap();
        }
        copy_scripts(&compiled, &out).unwrap();
        assert_eq!(files_below(&out).unwrap(), [Path::new("types/b.js")]);
    }

    #[test]
    fn what_is_required_is_the_module_beside_it() {
        assert_eq!(required("slim/read"), "module.exports = require(\"./read.js\");\n");
    }
}
