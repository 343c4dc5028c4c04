//! Short names for what the wasm and its glue call each other.
//!
//! wasm-bindgen gives each imported function a name with a hash in it, and each exported one the name of what it does, at length. They
//! stand in the wasm and again in the glue, and no compression can shrink them. Binaryen has a pass that shortens them in the wasm, and
//! prints which name became which; it knows no glue, so the names are replaced there by what it printed. It is measured in
//! docs/decisions/0010-short-names-by-binaryen.md.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process;
use crate::tools::node::Node;

/// The module that the pass puts all imports into.
const MODULE: &str = "a";

/// Shortens the names in `wasm`, and returns its glue with the same names.
pub fn shorten(wasm: &Path, glue: &str, node: &Node) -> Result<String> {
    let mut command = node.tool("binaryen/bin/wasm-opt");
    command.arg("--minify-imports-and-exports-and-modules").arg(wasm).arg("--output").arg(wasm);
    renamed(glue, process::json(&mut command)?)
}

/// The glue with the names that the pass printed.
fn renamed(glue: &str, mut printed: Value) -> Result<String> {
    let changed = "wasm-opt did not print the names as it used to";
    let imports: Vec<Import> = serde_json::from_value(printed["imports"].take()).context(changed)?;
    let exports: Vec<(String, String)> =
        serde_json::from_value(printed["exports"].take()).context(changed)?;
    with_exports(&with_imports(glue, &imports)?, &exports.into_iter().collect())
}

/// Of a function that the wasm imports: the module that it came from, its name there, and its short one in [`MODULE`].
type Import = (String, String, String);

/// The glue defines most imports in one object, and passes on whole files of the library for the others. What of those the wasm imports
/// moves into that object, too.
fn with_imports(glue: &str, imports: &[Import]) -> Result<String> {
    const RETURN: &str = "    };\n    return {\n        __proto__: null,\n";
    let (before, rest) =
        glue.split_once(RETURN).context("the glue does not return its imports as it used to")?;
    let (_, after) = rest.split_once("    };\n").context("the glue's imports do not end")?;
    let mut text = before.to_owned();
    for (module, name, short) in imports {
        let from = format!(" from \"{module}\"\n");
        let file = glue.split_once(&from).and_then(|(before, _)| before.rsplit_once("import * as "));
        if let Some((_, file)) = file {
            text.push_str(&format!("        {short}: {file}.{name},\n"));
            continue;
        }
        let key = format!("\n        {name}: function(");
        ensure!(
            text.matches(&key).count() == 1,
            "the glue does not define {name} once, as one line of its imports"
        );
        text = text.replace(&key, &format!("\n        {short}: function("));
    }
    Ok(format!("{text}    }};\n    return {{ {MODULE}: import0 }};\n{after}"))
}

/// The glue reaches all exports through `wasm.`.
fn with_exports(glue: &str, exports: &HashMap<String, String>) -> Result<String> {
    let mut parts = glue.split("wasm.");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let short =
            exports.get(name).with_context(|| format!("the glue uses wasm.{name}, which is not exported"))?;
        text.extend(["wasm.", short, rest]);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"{
 "imports": [
  ["./read_bg.js", "__wbg_now_1f", "b"],
  ["./snippets/x/turn.js", "nextTurn", "c"]
 ],
"exports": [
  ["memory", "d"],
  ["walk_next", "$a"]
 ]
}"#;

    const GLUE: &str = "import * as import1 from \"./snippets/x/events.js\"
import * as import2 from \"./snippets/x/turn.js\"
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_now_1f: function() {
            return wasm.walk_next(wasm.memory);
        },
    };
    return {
        __proto__: null,
        \"./read_bg.js\": import0,
        \"./snippets/x/turn.js\": import2,
    };
}
";

    fn shortened(glue: &str) -> Result<String> {
        renamed(glue, serde_json::from_str(PRINTED).unwrap())
    }

    #[test]
    fn the_glue_has_the_names_that_were_printed_and_all_imports_in_one_module() {
        let expected = "import * as import1 from \"./snippets/x/events.js\"
import * as import2 from \"./snippets/x/turn.js\"
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        b: function() {
            return wasm.$a(wasm.d);
        },
        c: import2.nextTurn,
    };
    return { a: import0 };
}
";
        assert_eq!(shortened(GLUE).unwrap(), expected);
    }

    #[test]
    fn a_glue_that_does_not_match_the_names_is_refused() {
        for (known, other) in [
            ("__wbg_now_1f", "x"),
            ("wasm.memory", "wasm.x"),
            ("return {", "return"),
            ("turn.js\"\n", "x.js\"\n"),
        ] {
            assert!(shortened(&GLUE.replacen(known, other, 1)).is_err(), "{known}");
        }
        assert!(renamed(GLUE, serde_json::json!({})).is_err());
    }
}
