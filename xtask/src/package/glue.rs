//! The glue without what nobody calls: bundlers cannot tell, and would keep it.
//!
//! The package frees nothing by hand (docs/architecture.md, The edge), and compiles the WebAssembly itself, in `pkg-template/loading.js`.
//! wasm-bindgen makes both for everybody. Its version is locked, so what it writes is known to the letter; where it is something else, the
//! build fails.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// How the instance is made: at once, or not.
const LOADING: &str = "function initSync({ module }) {
    return __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}

async function __wbg_init({ module_or_path: module }) {
    return __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}

";

pub fn trim(glue: &Path) -> Result<()> {
    let text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    fs::write(glue, trimmed(&text)?).with_context(|| format!("{} cannot be written", glue.display()))
}

fn trimmed(glue: &str) -> Result<String> {
    let mut text = glue.to_owned();
    replace(&mut text, "async function __wbg_load(", "export { initSync, __wbg_init as default };", LOADING)?;
    let classes = text.matches("\nexport class ").count();
    for _ in 0..classes {
        replace(&mut text, "    __destroy_into_raw() {", "    free() {", "")?;
        replace(&mut text, "    free() {", "    }\n", "")?;
        replace(&mut text, "if (Symbol.dispose) ", "\n", "")?;
    }
    // A class that is given back to Rust whole would need it.
    for gone in ["__destroy_into_raw", ".free", "Symbol.dispose", "__wbg_load"] {
        ensure!(!text.contains(gone), "the glue uses {gone}, which is taken out of it");
    }
    Ok(text)
}

/// Puts `new` in the place of what begins with the first `from`, up to the next `to`; of an end that is no beginning of something
/// else, a line or a brace, nothing stays.
fn replace(text: &mut String, from: &str, to: &str, new: &str) -> Result<()> {
    let start = text.find(from).with_context(|| format!("the glue has no `{from}`"))?;
    let length = text
        .get(start..)
        .and_then(|rest| rest.find(to))
        .with_context(|| format!("the glue has no `{to}`"))?;
    let kept = if to.ends_with('\n') { 0 } else { to.len() };
    text.replace_range(start..start + length + to.len() - kept, new);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASS: &str = "\nexport class Walk {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_walk_free(ptr, 0);
    }
    stop() {
        wasm.walk_stop(this.__wbg_ptr);
    }
}
if (Symbol.dispose) Walk.prototype[Symbol.dispose] = Walk.prototype.free;
";
    const END: &str = "
let wasm;
async function __wbg_load(module, imports) {
    return 1;
}

function initSync(module) {
    return 2;
}

export { initSync, __wbg_init as default };
";

    #[test]
    fn classes_keep_their_methods_and_cannot_be_freed() {
        let text = trimmed(&[CLASS, CLASS, END].concat()).unwrap();
        let class =
            "\nexport class Walk {\n    stop() {\n        wasm.walk_stop(this.__wbg_ptr);\n    }\n}\n";
        let end = ["\nlet wasm;\n", LOADING, "export { initSync, __wbg_init as default };\n"].concat();
        assert_eq!(text, [class, class, &end].concat());
    }

    #[test]
    fn a_glue_that_is_not_as_it_is_known_is_refused() {
        let other = CLASS.replace("stop() {", "stop() { other.__destroy_into_raw();");
        for glue in [CLASS, "", &[&other, END].concat(), &[&CLASS.replace("    free() {", ""), END].concat()]
        {
            assert!(trimmed(glue).is_err(), "{glue}");
        }
    }
}
