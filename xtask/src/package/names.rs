//! Short names for what the wasm and its glue call each other.
//!
//! wasm-bindgen gives each imported function a name with a hash in it, and each exported one the name of what it does, at length.
//! They stand in the wasm and again in the glue, and no compression can shrink them. Nobody but the two reads them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

const IMPORT_SECTION: u8 = 2;
const EXPORT_SECTION: u8 = 7;
const HEADER: usize = 8;

/// Renames the imports and exports in both files, which wasm-bindgen was told to call `name`.
pub fn shorten(name: &str, wasm: &Path, glue: &Path) -> Result<()> {
    let bytes = fs::read(wasm).with_context(|| format!("{} cannot be read", wasm.display()))?;
    let text = fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    // The module that stands for the glue itself.
    let module = format!("./{name}_bg.js");
    let (bytes, names) = renamed(&bytes, &module).context("the wasm has a section that cannot be read")?;
    let mut text = text;
    for (index, name) in names.imports.iter().enumerate() {
        let key = format!("        {name}: function(");
        if text.matches(&key).count() != 1 {
            bail!("the glue does not define {name} exactly once, as one line of its imports");
        }
        text = text.replace(&key, &format!("        {}: function(", short(index)));
    }
    fs::write(wasm, bytes)?;
    fs::write(glue, with_short_exports(&text, &names.exports))?;
    Ok(())
}

/// What was renamed, in the order of the new names.
#[derive(Default)]
struct Names {
    imports: Vec<String>,
    exports: Vec<String>,
}

/// Whether an export has to keep its name: `pkg-template/loading.js` knows a WebAssembly of this package by the functions that free
/// its classes, and tools look for the memory by its name.
fn is_kept(export: &[u8]) -> bool {
    export == b"memory" || (export.starts_with(b"__wbg_") && export.ends_with(b"_free"))
}

/// `a` … `z`, `a1` … `z1`, and so on.
fn short(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// The glue with short names behind `wasm.`, through which it reaches all exports.
fn with_short_exports(glue: &str, exports: &[String]) -> String {
    const BEFORE: &str = "wasm.";
    let names: HashMap<&str, String> =
        exports.iter().enumerate().map(|(index, name)| (name.as_str(), short(index))).collect();
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(at) = rest.find(BEFORE) {
        let (before, behind) = rest.split_at(at + BEFORE.len());
        let length = behind.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(length);
        out.push_str(before);
        out.push_str(names.get(name).map_or(name, String::as_str));
        rest = behind;
    }
    out + rest
}

/// The module with new names for what comes from the glue and for what is there for the glue alone, and the old names.
fn renamed(wasm: &[u8], glue: &str) -> Option<(Vec<u8>, Names)> {
    let mut out = wasm.get(..HEADER)?.to_vec();
    let mut names = Names::default();
    let mut rest = Reader(wasm.get(HEADER..)?);
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        let content = rest.bytes()?;
        let content = match id {
            IMPORT_SECTION => imports(content, glue, &mut names.imports)?,
            EXPORT_SECTION => exports(content, &mut names.exports)?,
            _ => content.to_vec(),
        };
        out.push(id);
        push_bytes(&mut out, &content);
    }
    Some((out, names))
}

fn imports(section: &[u8], glue: &str, names: &mut Vec<String>) -> Option<Vec<u8>> {
    let mut section = Reader(section);
    let mut out = Vec::new();
    let count = section.number()?;
    push_number(&mut out, count);
    for _ in 0..count {
        let module = section.bytes()?;
        let name = section.bytes()?;
        push_bytes(&mut out, module);
        if module == glue.as_bytes() {
            push_bytes(&mut out, short(names.len()).as_bytes());
            names.push(String::from_utf8(name.to_vec()).ok()?);
        } else {
            push_bytes(&mut out, name);
        }
        let before = section.0;
        section.skip_kind()?;
        out.extend_from_slice(before.get(..before.len() - section.0.len())?);
    }
    Some(out)
}

fn exports(section: &[u8], names: &mut Vec<String>) -> Option<Vec<u8>> {
    let mut section = Reader(section);
    let mut out = Vec::new();
    let count = section.number()?;
    push_number(&mut out, count);
    for _ in 0..count {
        let name = section.bytes()?;
        if is_kept(name) {
            push_bytes(&mut out, name);
        } else {
            push_bytes(&mut out, short(names.len()).as_bytes());
            names.push(String::from_utf8(name.to_vec()).ok()?);
        }
        out.push(section.byte()?);
        push_number(&mut out, section.number()?);
    }
    Some(out)
}

struct Reader<'wasm>(&'wasm [u8]);

impl<'wasm> Reader<'wasm> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    /// LEB128 (WebAssembly core specification §5.2.2).
    fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'wasm [u8]> {
        let length = self.number()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// What is imported (§5.5.5): a function, table, memory, global or tag.
    fn skip_kind(&mut self) -> Option<()> {
        match self.byte()? {
            0 => {
                self.number()?;
            }
            1 => {
                self.byte()?;
                self.limits()?;
            }
            2 => self.limits()?,
            3 => {
                self.byte()?;
                self.byte()?;
            }
            4 => {
                self.byte()?;
                self.number()?;
            }
            _ => return None,
        }
        Some(())
    }

    fn limits(&mut self) -> Option<()> {
        let has_most = self.byte()? & 1 == 1;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Some(())
    }
}

fn push_number(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push_number(out, bytes.len());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "./read_bg.js";

    fn module(imports: &[(&str, &str)]) -> Vec<u8> {
        let mut section = Vec::new();
        push_number(&mut section, imports.len());
        for (module, name) in imports {
            push_bytes(&mut section, module.as_bytes());
            push_bytes(&mut section, name.as_bytes());
            section.extend([0, 0]);
        }
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend([1, 4, 1, 0x60, 0, 0]);
        wasm.push(IMPORT_SECTION);
        push_bytes(&mut wasm, &section);
        wasm
    }

    #[test]
    fn imports_from_the_glue_get_short_names_and_others_keep_theirs() {
        let long = "x".repeat(200);
        let before = module(&[(GLUE, &long), ("./other.js", "keep"), (GLUE, "second")]);
        let (after, names) = renamed(&before, GLUE).unwrap();
        assert_eq!(after, module(&[(GLUE, "a"), ("./other.js", "keep"), (GLUE, "b")]));
        assert_eq!(names.imports, [long, "second".to_owned()]);
    }

    #[test]
    fn exports_get_short_names_in_both_and_the_marks_keep_theirs() {
        let exporting = |names: [&str; 4]| {
            let mut section = vec![4];
            for (index, name) in names.iter().enumerate() {
                push_bytes(&mut section, name.as_bytes());
                section.push(0);
                push_number(&mut section, index * 100);
            }
            let mut wasm = b"\0asm\x01\0\0\0".to_vec();
            wasm.push(EXPORT_SECTION);
            push_bytes(&mut wasm, &section);
            wasm
        };
        let (after, names) =
            renamed(&exporting(["memory", "walk", "__wbg_walk_free", "walk_next"]), GLUE).unwrap();
        assert_eq!(after, exporting(["memory", "a", "__wbg_walk_free", "b"]));
        let glue = "wasm.walk_next(wasm.walk(walk), wasm.memory); wasm.__wbg_walk_free(wasm";
        let short = "wasm.b(wasm.a(walk), wasm.memory); wasm.__wbg_walk_free(wasm";
        assert_eq!(with_short_exports(glue, &names.exports), short);
    }

    #[test]
    fn short_names_do_not_repeat() {
        let names: std::collections::HashSet<String> = (0..500).map(short).collect();
        assert_eq!(names.len(), 500);
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\x02\x05\x01"] {
            assert!(renamed(bytes, GLUE).is_none(), "{bytes:?}");
        }
    }
}
