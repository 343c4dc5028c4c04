//! Whose a function is: the file of this project that it is in, or the crate of somebody else.

use std::collections::HashSet;

use anyhow::Result;

use crate::project::{files_below, root};

/// The crates of this project that are in the package, by their names in symbols, and the folders of their sources.
const CRATES: [(&str, &str); 2] = [("humansync", "src"), ("humansync_ingest", "ingest/src")];

/// The files of these crates, as paths in the project.
pub struct Sources(HashSet<String>);

impl Sources {
    pub fn of_project() -> Result<Self> {
        let mut files = HashSet::new();
        for (_, folder) in CRATES {
            for file in files_below(&root().join(folder))? {
                files.insert(format!("{folder}/{}", file.display()));
            }
        }
        Ok(Self(files))
    }

    /// Whose the function with this symbol is.
    ///
    /// A function of an `impl` is its type's, if the type is one of ours, or its trait's, if that is; closures are of the
    /// function that they are in, and what drops a value of the value's type.
    pub fn origin_of(&self, symbol: &str) -> String {
        let Ok(name) = rustc_demangle::try_demangle(symbol) else {
            // What JavaScript calls has a plain name, and so has what the compiler calls: `memcpy`, `__multi3`.
            let is_called_by_compiler = symbol.starts_with("mem")
                || symbol.starts_with("__") && !symbol.contains("wbindgen") && !symbol.contains("externref");
            return if is_called_by_compiler { "compiler_builtins" } else { "exports to JavaScript" }
                .to_owned();
        };
        let name = format!("{name:#}");
        let paths = paths(&name);
        if let Some(file) = paths.iter().find_map(|path| self.file_of(path)) {
            return file;
        }
        paths.first().and_then(|path| path.split("::").next()).unwrap_or("?").to_owned()
    }

    /// The file of the module that `path` begins with, if it is of a crate of ours.
    fn file_of(&self, path: &str) -> Option<String> {
        let (name, rest) = path.split_once("::").unwrap_or((path, ""));
        let (_, folder) = CRATES.iter().find(|(own, _)| *own == name)?;
        let mut module = rest.split("::").filter(|part| !part.is_empty()).collect::<Vec<_>>();
        while !module.is_empty() {
            let stem = format!("{folder}/{}", module.join("/"));
            let candidates = [format!("{stem}.rs"), format!("{stem}/mod.rs")];
            if let Some(file) = candidates.into_iter().find(|file| self.0.contains(file)) {
                return Some(file);
            }
            module.pop();
        }
        Some(format!("{folder}/lib.rs"))
    }
}

/// The paths that say whose a function is, the most telling first: of `<a::B as c::D>::f` these are `a::B` and `c::D`,
/// of `a::b::<c::D>` it is `a::b`.
fn paths(name: &str) -> Vec<&str> {
    if let Some(value) = name.strip_prefix("core::ptr::drop_in_place::<") {
        return vec![path_of_type(value), "core"];
    }
    let Some(inner) = name.strip_prefix('<') else { return vec![plain(name)] };
    let of_impl = up_to_end(inner);
    match split_as(of_impl) {
        Some((of_type, of_trait)) => vec![path_of_type(of_type), plain(of_trait)],
        None => vec![path_of_type(of_impl)],
    }
}

/// The path of a type: of `&mut [a::B<C>]` it is `a::B`. Types that have no path are of the crate `core`.
fn path_of_type(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text;
        for prefix in ["&", "*const ", "*mut ", "mut ", "[", "(", "dyn ", "impl ", "for<'a> "] {
            text = text.strip_prefix(prefix).unwrap_or(text);
        }
        if let Some(lifetime) = text.strip_prefix('\'') {
            text = lifetime.split_once(' ').map_or("", |(_, rest)| rest);
        }
        if text == before {
            break;
        }
    }
    if let Some(inner) = text.strip_prefix('<') {
        // An associated type, as `<a::B as c::D>::E`.
        let of_impl = up_to_end(inner);
        return path_of_type(split_as(of_impl).map_or(of_impl, |(of_type, _)| of_type));
    }
    let path = plain(text);
    if path.contains("::") { path } else { "core" }
}

/// The path that `text` begins with, without what it is generic over.
fn plain(text: &str) -> &str {
    let end = text.find(['<', ' ', ',', '>', ')', ']', ';', '=']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end_matches("::")
}

/// What is before the `>` that ends `text`.
fn up_to_end(text: &str) -> &str {
    let mut depth = 0;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            // That of `->` ends nothing.
            '>' if last != '-' && depth == 0 => return text.get(..at).unwrap_or(text),
            '>' if last != '-' => depth -= 1,
            _ => {}
        }
        last = c;
    }
    text
}

/// Splits `a::B<c::D> as e::F` at the ` as ` that is not in angle brackets.
fn split_as(text: &str) -> Option<(&str, &str)> {
    let places = text.match_indices(" as ").map(|(at, _)| at);
    places.filter_map(|at| Some((text.get(..at)?, text.get(at + " as ".len()..)?))).find(|(before, _)| {
        let arrows = before.matches("->").count();
        before.matches('<').count() + arrows == before.matches('>').count()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let files = [
            "src/lib.rs",
            "src/pages/mod.rs",
            "src/pages/walk.rs",
            "src/http/engine.rs",
            "ingest/src/csv/mod.rs",
        ];
        Sources(files.map(str::to_owned).into())
    }

    fn origin(symbol: &str) -> String {
        sources().origin_of(symbol)
    }

    /// The paths of a name, without a demangler between.
    fn owner(name: &str) -> String {
        let sources = sources();
        let paths = paths(name);
        let file = paths.iter().find_map(|path| sources.file_of(path));
        file.unwrap_or_else(|| paths[0].split("::").next().unwrap().to_owned())
    }

    #[test]
    fn functions_are_of_the_file_of_their_module() {
        for (name, expected) in [
            ("humansync::pages::walk::start", "src/pages/walk.rs"),
            ("humansync::pages::walk::start::{closure#0}", "src/pages/walk.rs"),
            ("humansync::pages::walk::start::<core::option::Option<u8>>", "src/pages/walk.rs"),
            ("humansync::pages::inline_module::start", "src/pages/mod.rs"),
            ("humansync::unknown::start", "src/lib.rs"),
            ("humansync_ingest::csv::row::read", "ingest/src/csv/mod.rs"),
            ("core::slice::sort::sort::<humansync::pages::walk::Walk>", "core"),
            ("humansync_other::pages::walk", "humansync_other"),
        ] {
            assert_eq!(owner(name), expected, "{name}");
        }
    }

    #[test]
    fn functions_of_an_impl_are_of_its_type_or_of_its_trait_if_only_that_is_ours() {
        for (name, expected) in [
            ("<humansync::pages::walk::Walk<humansync::http::engine::Engine>>::next", "src/pages/walk.rs"),
            ("<humansync::pages::walk::Walk as core::fmt::Debug>::fmt", "src/pages/walk.rs"),
            (
                "<&mut humansync::pages::walk::Walk as core::iter::Iterator>::next::{closure#1}",
                "src/pages/walk.rs",
            ),
            ("<alloc::vec::Vec<u8> as humansync::pages::walk::Page>::len", "src/pages/walk.rs"),
            ("<[u8] as humansync::pages::walk::Page>::len", "src/pages/walk.rs"),
            ("<u8 as core::fmt::Display>::fmt", "core"),
            ("<alloc::vec::Vec<humansync::pages::walk::Walk>>::push", "alloc"),
            ("<alloc::boxed::Box<dyn core::ops::Fn() -> u8> as core::ops::Drop>::drop", "alloc"),
            ("<dyn humansync::http::engine::Send + 'a as core::any::Any>::type_id", "src/http/engine.rs"),
            (
                "<humansync::pages::walk::f::{closure#0} as core::ops::FnOnce<()>>::call_once",
                "src/pages/walk.rs",
            ),
            ("<<humansync::pages::walk::Walk as a::B>::C as d::E>::f", "src/pages/walk.rs"),
            ("core::ptr::drop_in_place::<alloc::vec::Vec<humansync::pages::walk::Walk>>", "alloc"),
            ("core::ptr::drop_in_place::<humansync::pages::walk::Walk>", "src/pages/walk.rs"),
            ("core::ptr::drop_in_place::<[humansync::pages::walk::Walk]>", "src/pages/walk.rs"),
            ("core::ptr::drop_in_place::<(u8, alloc::string::String)>", "core"),
        ] {
            assert_eq!(owner(name), expected, "{name}");
        }
    }

    #[test]
    fn symbols_are_demangled_first_and_plain_ones_are_exports() {
        // As rustc writes them, in its present form and in the one before.
        assert_eq!(origin("_RNvNtNtCs1234_9humansync5pages4walk5start"), "src/pages/walk.rs");
        assert_eq!(origin("_ZN9humansync5pages4walk5start17h0123456789abcdefE"), "src/pages/walk.rs");
        assert_eq!(origin("walk_next"), "exports to JavaScript");
        assert_eq!(origin("__wbindgen_realloc"), "exports to JavaScript");
        assert_eq!(origin("memcpy"), "compiler_builtins");
        assert_eq!(origin("__multi3"), "compiler_builtins");
    }
}
