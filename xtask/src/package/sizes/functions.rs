//! How many bytes each function of an optimised WebAssembly has, with its name from before.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// A WebAssembly before wasm-opt, with the names of its functions, and after it, without them.
pub struct NamedAndOptimised {
    pub named: Vec<u8>,
    pub optimised: Vec<u8>,
    /// wasm-opt's account of its functions: for each of `optimised`, `<index>:<its name in wasm-opt>`. As it is given
    /// no names, the name of a function is its place among those that `named` defines, or ends with it where it was made
    /// of several (`byn$mgfn-shared$12`).
    pub symbols: String,
}

/// What the bytes of a WebAssembly are.
#[derive(Debug, PartialEq)]
pub struct Contents {
    /// The functions that it defines: their symbols, if they are known, and their bytes.
    pub functions: Vec<(Option<String>, u64)>,
    /// Texts and tables.
    pub data: u64,
    /// Types, imports, exports, and what frames all that.
    pub rest: u64,
}

pub fn contents(wasm: &NamedAndOptimised) -> Result<Contents> {
    let before = Module::read(&wasm.named)?;
    let after = Module::read(&wasm.optimised)?;
    let places = places(&wasm.symbols)?;
    ensure!(
        places.len() == after.imported + after.bodies.len(),
        "wasm-opt told of {} functions, and the WebAssembly has {}",
        places.len(),
        after.imported + after.bodies.len()
    );
    let mut functions = Vec::new();
    for (index, size) in (after.imported..).zip(&after.bodies) {
        let place = places.get(&index).copied().flatten();
        let name = place.and_then(|place| before.names.get(&(before.imported + place)));
        functions.push((name.cloned(), *size));
    }
    ensure!(
        functions.iter().any(|(name, _)| name.is_some()),
        "no function of the WebAssembly has a name: wasm-bindgen has left them out, or wasm-opt has other symbols"
    );
    let code: u64 = after.bodies.iter().sum();
    let rest = u64::try_from(wasm.optimised.len())? - code - after.data;
    Ok(Contents { functions, data: after.data, rest })
}

struct Module {
    /// How many functions are imported: the first indices are theirs.
    imported: usize,
    /// The bytes of each function that is defined.
    bodies: Vec<u64>,
    data: u64,
    names: HashMap<usize, String>,
}

impl Module {
    fn read(wasm: &[u8]) -> Result<Self> {
        let mut module = Self { imported: 0, bodies: Vec::new(), data: 0, names: HashMap::new() };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.context("this is no WebAssembly")? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                        module.imported += usize::from(is_function);
                    }
                }
                Payload::CodeSectionEntry(body) => module.bodies.push(length(&body.range())),
                Payload::DataSection(data) => module.data = length(&data.range()),
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(names) = section.as_known() else { continue };
                    for name in names {
                        let Name::Function(functions) = name? else { continue };
                        for naming in functions {
                            let naming = naming?;
                            module.names.insert(usize::try_from(naming.index)?, naming.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(module)
    }
}

fn length(range: &Range<u64>) -> u64 {
    range.end - range.start
}

/// For each function, its place among those that wasm-opt was given, if it is of one.
fn places(symbols: &str) -> Result<HashMap<usize, Option<usize>>> {
    let mut places = HashMap::new();
    for line in symbols.lines() {
        let (index, name) =
            line.split_once(':').context("wasm-opt did not write its symbols as it used to")?;
        let digits = name.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        places.insert(index.parse()?, digits.parse().ok());
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: &str = r#"(module
        (import "a" "b" (func $imported))
        (import "a" "c" (memory 1))
        (func $first)
        (func $second (drop (i32.const 1)))
        (func $third (drop (i32.const 70000))))"#;
    /// The first is gone, and the others changed their places.
    const OPTIMISED: &str = r#"(module
        (import "a" "b" (func))
        (import "a" "c" (memory 1))
        (func (drop (i32.const 70000)))
        (func)
        (func (drop (i32.const 1)))
        (data "four"))"#;

    fn wasm(symbols: &str) -> NamedAndOptimised {
        let mut optimised = wat::parse_str(OPTIMISED).unwrap();
        // wat writes names of its own for nothing that has none, so there is nothing to strip.
        assert!(Module::read(&optimised).unwrap().names.is_empty());
        optimised.shrink_to_fit();
        NamedAndOptimised { named: wat::parse_str(NAMED).unwrap(), optimised, symbols: symbols.to_owned() }
    }

    #[test]
    fn functions_have_their_bytes_after_and_their_names_from_before() {
        let wasm = wasm("0:fimport$0\n1:2\n2:outlined\n3:byn$mgfn-shared$1\n");
        let Contents { functions, data, rest } = contents(&wasm).unwrap();
        // An empty function is its number of locals and its end; a constant takes an opcode, a drop, and its own bytes.
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(functions, [(name("third"), 7), (None, 2), (name("second"), 5)]);
        // One passive segment: their number, its kind, its length, its bytes.
        assert_eq!(data, 1 + 1 + 1 + 4);
        assert_eq!(7 + 2 + 5 + data + rest, u64::try_from(wasm.optimised.len()).unwrap());
    }

    #[test]
    fn symbols_that_do_not_belong_to_the_file_are_refused() {
        for symbols in ["", "0:fimport$0\n1:2\n2:0\n", "no symbols", "0:fimport$0\n1:a\n2:b\n3:c\n"] {
            assert!(contents(&wasm(symbols)).is_err(), "{symbols}");
        }
        let mut other = wasm("0:fimport$0\n1:2\n2:0\n3:1\n");
        other.optimised = b"<!doctype html>".to_vec();
        assert!(contents(&other).unwrap_err().to_string().contains("no WebAssembly"));
    }
}
