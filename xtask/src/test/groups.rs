//! The groups of checks, in the order in which they run: what fails soonest comes first.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use fs_err as fs;

use super::tally::Tally;
use super::wasm_pack;
use crate::package::{self, Profile};
use crate::project::{LIBRARY, WASM_TARGET, cargo, files_below, root};
use crate::tools::Tool::{
    self, Chromium, Clippy, Firefox, Packaging, PgBouncer, PostgreSql, Redis, Rustfmt, WasmPack, WasmTarget,
    WebKit,
};
use crate::tools::node::Node;
use crate::tools::{compiled, system};
use crate::{process, sandbox, terminal, web};

pub struct Group {
    pub name: &'static str,
    pub about: &'static str,
    pub needs: &'static [Tool],
    pub run: fn(&mut Session) -> Result<Tally>,
}

pub const GROUPS: &[Group] = &[
    Group { name: "format", about: "rustfmt", needs: &[Rustfmt], run: format },
    Group {
        name: "clippy",
        about: "lints, native and WebAssembly; documentation",
        needs: &[Clippy, WasmTarget],
        run: clippy,
    },
    Group { name: "native", about: "the core, its properties, and the sandbox", needs: &[], run: native },
    Group {
        name: "wasm",
        about: "the core in Node, Chromium and Firefox, by wasm-pack",
        needs: &[WasmTarget, WasmPack, Chromium, Firefox],
        run: |_| wasm_pack::test(),
    },
    Group { name: "package", about: "sizes, publint, attw, types", needs: &[Packaging], run: package },
    Group {
        name: "node",
        about: "the built package, over HTTP",
        needs: &[Packaging],
        run: |session| node_tests(session, &tests_in("tests/package/node")?, &[], &[TWO_FILES]),
    },
    Group {
        name: "stores",
        about: "one list of cases, in every store and runtime; servers that fail",
        needs: &[Packaging, Chromium, PostgreSql, PgBouncer, Redis],
        run: |session| with_browser(session, "tests/package/stores"),
    },
    Group {
        name: "uploads",
        about: "killed, doubled, aborted and reloaded; many machines",
        needs: &[Packaging, Chromium, PostgreSql, PgBouncer],
        run: |session| with_browser(session, "tests/package/upload"),
    },
    Group {
        name: "sync",
        about: "a year of all users, changed and killed",
        needs: &[Packaging, PostgreSql],
        run: |session| node_tests(session, &tests_in("tests/package/sync")?, &[], &[]),
    },
    Group {
        name: "workers",
        about: "many processes, killed, stopped and cut off",
        needs: &[Packaging, PostgreSql, PgBouncer],
        run: |session| node_tests(session, &tests_in("tests/package/workers")?, &[], &[TWO_FILES]),
    },
    Group {
        name: "consumers",
        about: "bundlers, a plain page, require()",
        needs: &[Packaging, Chromium],
        run: |session| with_browser(session, "tests/package/consumers"),
    },
    Group {
        name: "web",
        about: "the web app, in Chromium, Firefox and WebKit",
        needs: &[Packaging, Chromium, Firefox, WebKit],
        run: web_app,
    },
];

/// Runs two test files at a time, for groups that mostly wait: for servers, processes and the ends of leases. By default
/// Node runs one at a time on a machine with two processors.
const TWO_FILES: &str = "--test-concurrency=2";

/// What several groups need, made for the first of them.
#[derive(Default)]
pub struct Session {
    node: Option<Node>,
    package: Option<PathBuf>,
    sandbox: Option<PathBuf>,
}

impl Session {
    fn node(&mut self) -> Result<Node> {
        once(&mut self.node, Node::with_tools)
    }

    fn package(&mut self) -> Result<PathBuf> {
        let node = self.node()?;
        once(&mut self.package, || package::build(Profile::Release, &node))
    }

    fn sandbox(&mut self) -> Result<PathBuf> {
        once(&mut self.sandbox, sandbox::build)
    }
}

fn once<T: Clone>(made: &mut Option<T>, make: impl FnOnce() -> Result<T>) -> Result<T> {
    match made {
        Some(made) => Ok(made.clone()),
        None => Ok(made.insert(make()?).clone()),
    }
}

fn format(_: &mut Session) -> Result<Tally> {
    check("rustfmt", cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(_: &mut Session) -> Result<Tally> {
    let mut tally = check(
        "clippy, native",
        cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    )?;
    for flags in [
        &["--lib"][..],
        &["--lib", "--no-default-features", "--features", "read"],
        &["--lib", "--no-default-features", "--features", "send"],
        &["--tests"],
    ] {
        let mut command = cargo();
        command.args(["clippy", "--package", LIBRARY, "--target", WASM_TARGET, "--quiet"]).args(flags);
        let name = format!("clippy, WebAssembly, {}", flags.join(" "));
        tally += check(&name, command.args(["--", "-D", "warnings"]))?;
    }
    for flags in [&["--no-deps"][..], &["--no-deps", "--document-private-items"]] {
        let mut command = cargo();
        command.args(["doc", "--quiet"]).args(flags).env("RUSTDOCFLAGS", "-D warnings");
        tally += check(&format!("documentation, {}", flags.join(" ")), &mut command)?;
    }
    Ok(tally)
}

fn native(_: &mut Session) -> Result<Tally> {
    let (status, output) = process::run_and_read(cargo().args(["test", "--workspace", "--no-fail-fast"]))?;
    Ok(Tally::of_cargo(&output).of_run(status.success()))
}

fn package(session: &mut Session) -> Result<Tally> {
    let package = session.package()?;
    let node = session.node()?;
    let sizes = package::measure(&package, &node)?;
    let mut tally = Tally::default();
    for outcome in [sizes.judge(), sizes.check_readme()] {
        tally += Tally::one(outcome.is_ok());
        if let Err(error) = outcome {
            terminal::error(&error);
        }
    }
    let name = "the package's TypeScript, and what the WebAssembly imports";
    tally += check(name, package::compiler(&node).arg("--noEmit"))?;
    tally += check("publint", node.tool("publint/src/cli.js").arg(&package).arg("--strict"))?;
    let mut attw = node.tool("@arethetypeswrong/cli/dist/index.js");
    attw.args(["--pack", "dist", "--no-definitely-typed"]);
    // Files to load, of which attw only knows to say that `require` does not take them.
    attw.args(["--exclude-entrypoints", "./humansync.wasm", "./read.wasm", "./send.wasm"]);
    if !terminal::shows_colours() {
        attw.arg("--no-color");
    }
    tally += check("attw", &mut attw)?;
    let mut types = node.tool("typescript/bin/tsc");
    tally += check("types", types.args(["--noEmit", "--project", "tests/package/types"]))?;
    Ok(tally)
}

/// Tests of Node that drive the web app in every engine.
fn web_app(session: &mut Session) -> Result<Tally> {
    // One of the app's packages is the one of this project.
    session.package()?;
    web::installed(&session.node()?)?;
    let environment = [
        ("HUMANSYNC_CHROME_BIN", system::CHROMIUM.path()?),
        ("HUMANSYNC_FIREFOX_BIN", system::FIREFOX.path()?),
        ("HUMANSYNC_GECKODRIVER", compiled::geckodriver()?),
        ("HUMANSYNC_WEBKITWEBDRIVER", system::WEBKIT_DRIVER.path()?),
        ("HUMANSYNC_XVFB", system::XVFB.path()?),
    ];
    // Browsers wait more than they work. The file that looks at how long a page is busy has the machine for itself.
    let (alone, together): (Vec<_>, Vec<_>) =
        tests_in("tests/web")?.into_iter().partition(|file| file.ends_with("large-file.test.mjs"));
    let mut tally = node_tests(session, &together, &environment, &[TWO_FILES])?;
    tally += node_tests(session, &alone, &environment, &[])?;
    Ok(tally)
}

/// Tests of Node that have a browser to drive.
fn with_browser(session: &mut Session, folder: &str) -> Result<Tally> {
    let chromium = ("HUMANSYNC_CHROME_BIN", system::CHROMIUM.path()?);
    node_tests(session, &tests_in(folder)?, &[chromium], &[])
}

/// The files below `folder` that have tests of Node.
fn tests_in(folder: &str) -> Result<Vec<PathBuf>> {
    let mut files = files_below(&root().join(folder))?;
    files.retain(|file| is_test(file));
    ensure!(!files.is_empty(), "{folder} holds no file named *.test.mjs, *.test.js or *.test.cjs");
    Ok(files.into_iter().map(|file| root().join(folder).join(file)).collect())
}

fn is_test(file: &Path) -> bool {
    let name = file.to_string_lossy();
    [".test.mjs", ".test.js", ".test.cjs"].iter().any(|ending| name.ends_with(ending))
}

/// Runs these files with further `flags` for Node, with the package and the sandbox built.
fn node_tests(
    session: &mut Session,
    files: &[PathBuf],
    environment: &[(&str, PathBuf)],
    flags: &[&str],
) -> Result<Tally> {
    session.package()?;
    let report = tempfile::NamedTempFile::new()?;
    let mut command = session.node()?.command();
    command
        .args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"])
        .arg(format!("--test-reporter-destination={}", report.path().display()))
        .args(flags)
        .args(files)
        .env("HUMANSYNC_SANDBOX_BIN", session.sandbox()?)
        .envs(environment.iter().cloned());
    let status = process::status(&mut command)?;
    Ok(Tally::of_node(&fs::read_to_string(report.path())?).of_run(status.success()))
}

/// One check that is one command.
fn check(name: &str, command: &mut Command) -> Result<Tally> {
    terminal::step("Checking", name);
    Ok(Tally::one(process::status(command)?.success()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_tests_are_known_by_the_ends_of_their_names() {
        for (file, expected) in
            [("a.test.mjs", true), ("b/c.test.cjs", true), ("d.test.js", true), ("b/support.mjs", false)]
        {
            assert_eq!(is_test(Path::new(file)), expected, "{file}");
        }
    }
}
