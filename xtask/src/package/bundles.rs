//! Bundles what Node loads into a few files.
//!
//! Browsers get the package's files through a bundler. Node loads each by itself, and that took more of the time from
//! `import` to the first answer than the WebAssembly: half a millisecond for each of 32 files. So the entries for Node
//! are bundled: each is a file of its own, with the glue of its WebAssembly and what all of them share in files beside
//! it. Classes and instances still exist once, whichever entries a program imports or requires. Deno and Bun, which know
//! Node's condition, take the files of browsers for all entries alike: by conditions of their own, and Deno, which does not
//! know its own where something is required, by what the module for `require` asks.

use std::path::Path;

use anyhow::Result;

use super::write;
use crate::process;
use crate::project::root;
use crate::tools::node::Node;

/// Bundles the entries of the package in its folder `package`. Those for Node alone are replaced, and those for
/// everybody stay as they are and get a bundle beside them.
pub fn bundle(package: &Path, node: &Node) -> Result<()> {
    let script = root().join("xtask/src/package/bundles.mjs");
    let arguments = entries().map(|(source, bundle)| format!("{source}={bundle}"));
    process::run_quietly(node.command().arg(script).arg(package).args(arguments))?;
    for (source, bundle) in entries() {
        write(&package.join(&bundle).with_extension("cjs"), required(&source, &bundle))?;
    }
    Ok(())
}

/// The module for `require` of the entry `source`.
fn required(source: &str, bundle: &str) -> String {
    let name = |file: &str| file.rsplit('/').next().unwrap_or(file).to_owned();
    // What is for Node alone is replaced by its bundle.
    let everybody = if source == bundle { "index.js".to_owned() } else { name(source) };
    let bundle = name(bundle);
    format!(
        "module.exports = process.versions.deno ? require(\"./{everybody}\") : require(\"./{bundle}\");\n"
    )
}

/// Each entry that loads a WebAssembly in Node, and its bundle.
fn entries() -> impl Iterator<Item = (String, String)> {
    let for_node = ["node", "read/node", "send/node"].map(|entry| (entry, entry));
    let for_all = [
        ("slim", "slim-node"),
        ("slim/read", "slim/read-node"),
        ("slim/send", "slim/send-node"),
        ("workers", "workers-node"),
    ];
    for_node
        .into_iter()
        .chain(for_all)
        .map(|(source, bundle)| (format!("{source}.js"), format!("{bundle}.js")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fs_err as fs;
    use serde_json::Value;

    use super::*;

    #[test]
    fn node_takes_the_bundles_and_nobody_else_does() {
        let manifest = fs::read_to_string(root().join("pkg-template/package.json")).unwrap();
        let manifest: Value = serde_json::from_str(&manifest).unwrap();
        let mut bundles: BTreeSet<String> = entries().map(|(_, bundle)| format!("./{bundle}")).collect();
        for (name, entry) in manifest["exports"].as_object().unwrap() {
            let file = |condition: &str| entry[condition]["default"].as_str().map(str::to_owned);
            let Some(for_node) = entry["node"]["default"]["default"].as_str() else { continue };
            if !bundles.remove(for_node) {
                continue;
            }
            let required = for_node.replace(".js", ".cjs");
            assert_eq!(entry["node"]["require"]["default"], required, "{name}");
            // They all take the same files, so that classes are there once, whichever entries are imported.
            let everybody = entry["default"]["default"].as_str().unwrap();
            for condition in ["deno", "bun", "module"] {
                assert_eq!(file(condition).as_deref(), Some(everybody), "{name}, {condition}");
            }
            let conditions: Vec<_> = entry.as_object().unwrap().keys().map(String::as_str).collect();
            let place = |condition| conditions.iter().position(|known| *known == condition);
            assert!(place("deno") < place("node") && place("bun") < place("node"), "{name}");
        }
        assert!(bundles.is_empty(), "nobody loads {bundles:?}");
    }
}
