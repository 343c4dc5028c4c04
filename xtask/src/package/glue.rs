//! The glue without what nobody calls, which bundlers cannot leave out: methods of classes, and functions that call each other.
//!
//! wasm-bindgen has no option for either. Nothing of the package is freed by hand (docs/decisions/0007-the-edge-to-javascript.md), and `pkg-template/loading.js`
//! fetches and compiles the WebAssembly itself. The version of wasm-bindgen is locked, so what it writes is known to the letter; where it is
//! something else, the build fails.

use anyhow::{Context, Result, ensure};

/// How the instance is made: at once, or not. Stands for all that wasm-bindgen writes to load it.
const LOADING: &str = "function initSync({ module }) {
    return __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}

async function __wbg_init({ module_or_path: module }) {
    return __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}

export { initSync, __wbg_init as default };
";

pub fn trimmed(glue: &str) -> Result<String> {
    let mut text = replaced(
        glue,
        "async function __wbg_load(",
        "export { initSync, __wbg_init as default };\n",
        LOADING,
    )?;
    for _ in glue.matches("\nexport class ") {
        text = replaced(&text, "    __destroy_into_raw() {", "\n    }\n", "")?;
        text = replaced(&text, "    free() {", "\n    }\n", "")?;
        text = replaced(&text, "if (Symbol.dispose) ", "\n", "")?;
    }
    // A class that is given back to Rust whole would need it.
    for gone in ["__destroy_into_raw", ".free(", ".free;", "Symbol.dispose", "__wbg_load"] {
        ensure!(!text.contains(gone), "the glue uses {gone}, which is taken out of it");
    }
    Ok(text)
}

/// `text` with `new` instead of what begins with the first `from` and ends with the next `to`.
fn replaced(text: &str, from: &str, to: &str, new: &str) -> Result<String> {
    let (before, rest) = text.split_once(from).with_context(|| format!("the glue has no `{from}`"))?;
    let (_, after) = rest.split_once(to).with_context(|| format!("`{from}` in the glue does not end"))?;
    Ok([before, new, after].concat())
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
        let class =
            "\nexport class Walk {\n    stop() {\n        wasm.walk_stop(this.__wbg_ptr);\n    }\n}\n";
        let expected = [class, class, "\nlet wasm;\n", LOADING].concat();
        assert_eq!(trimmed(&[CLASS, CLASS, END].concat()).unwrap(), expected);
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
