//! The groups of checks, in the order in which they run: what fails soonest comes first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::tally::Tally;
use super::wasm_pack;
use crate::package::{self, Profile};
use crate::project::{self, LIBRARY, WASM_TARGET, cargo, root};
use crate::tools::Tool::{self, Chromium, Clippy, Firefox, Packaging, Rustfmt, WasmPack, WasmTarget, WebKit};
use crate::tools::browser;
use crate::tools::node::Node;
use crate::{process, sandbox, terminal, web};

pub struct Group {
    pub name: &'static str,
    pub about: &'static str,
    pub needs: &'static [Tool],
    pub run: fn(&mut Session) -> Result<Outcome>,
}

pub enum Outcome {
    Ran(Tally),
    /// What the group is for is not in the project.
    Missing(&'static str),
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
        run: wasm,
    },
    Group { name: "package", about: "sizes, publint, attw, types", needs: &[Packaging], run: package },
    Group { name: "node", about: "the built package, over HTTP", needs: &[Packaging], run: node },
    Group {
        name: "stores",
        about: "one list of cases, in every store and runtime",
        needs: &[Packaging, Chromium],
        run: stores,
    },
    Group {
        name: "uploads",
        about: "killed, doubled, aborted and reloaded",
        needs: &[Packaging, Chromium],
        run: uploads,
    },
    Group { name: "sync", about: "a year of all users, changed and killed", needs: &[Packaging], run: sync },
    Group {
        name: "consumers",
        about: "bundlers, a plain page, require()",
        needs: &[Packaging, Chromium],
        run: consumers,
    },
    Group {
        name: "web",
        about: "the web app, in Chromium, Firefox and WebKit",
        needs: &[Packaging, Chromium, Firefox, WebKit],
        run: web_app,
    },
];

/// What several groups need, made for the first of them.
#[derive(Default)]
pub struct Session {
    node: Option<Node>,
    package: Option<PathBuf>,
    sandbox: Option<PathBuf>,
}

impl Session {
    fn node(&mut self) -> Result<&Node> {
        if self.node.is_none() {
            self.node = Some(Node::with_tools()?);
        }
        self.node.as_ref().context("Node was not found")
    }

    fn package(&mut self) -> Result<PathBuf> {
        if let Some(package) = &self.package {
            return Ok(package.clone());
        }
        let package = package::build(Profile::Release, self.node()?)?;
        self.package = Some(package.clone());
        Ok(package)
    }

    fn sandbox(&mut self) -> Result<PathBuf> {
        if let Some(sandbox) = &self.sandbox {
            return Ok(sandbox.clone());
        }
        let sandbox = sandbox::build()?;
        self.sandbox = Some(sandbox.clone());
        Ok(sandbox)
    }
}

fn format(_: &mut Session) -> Result<Outcome> {
    Ok(Outcome::Ran(check("rustfmt", cargo().args(["fmt", "--all", "--check"]))?))
}

fn clippy(_: &mut Session) -> Result<Outcome> {
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
    Ok(Outcome::Ran(tally))
}

fn native(_: &mut Session) -> Result<Outcome> {
    let (status, output) = process::run_and_read(cargo().args(["test", "--workspace", "--no-fail-fast"]))?;
    Ok(Outcome::Ran(Tally::of_cargo(&output).of_run(status.success())))
}

fn wasm(_: &mut Session) -> Result<Outcome> {
    let mut tally = wasm_pack::test()?;
    tally += wasm_pack::build()?;
    Ok(Outcome::Ran(tally))
}

fn package(session: &mut Session) -> Result<Outcome> {
    let package = session.package()?;
    let node = session.node()?;
    let sizes = package::measure(&package, node)?;
    let mut tally = Tally::default();
    for outcome in [sizes.judge(), sizes.check_readme()] {
        tally += Tally::one(outcome.is_ok());
        if let Err(error) = outcome {
            terminal::error(&error);
        }
    }
    tally +=
        check("the package's TypeScript, and what the WebAssembly imports", &mut package::check_types(node))?;
    tally += check("publint", node.tool("publint/src/cli.js").arg(&package).arg("--strict"))?;
    let mut attw = node.tool("@arethetypeswrong/cli/dist/index.js");
    attw.args(["--pack", "dist", "--no-definitely-typed"]);
    // Files to load, of which attw only knows to say that `require` does not take them.
    attw.args(["--exclude-entrypoints", "./humansync.wasm", "./read.wasm", "./send.wasm"]);
    if !terminal::shows_colours() {
        attw.arg("--no-color");
    }
    tally += check("attw", &mut attw)?;
    if root().join("tests/package/types").is_dir() {
        tally += check(
            "types",
            node.tool("typescript/bin/tsc").args(["--noEmit", "--project", "tests/package/types"]),
        )?;
    }
    Ok(Outcome::Ran(tally))
}

fn node(session: &mut Session) -> Result<Outcome> {
    let folder = root().join("tests/package/node");
    if !folder.is_dir() {
        return Ok(Outcome::Missing("there is no tests/package/node"));
    }
    ran(node_tests(session, tests_in(&folder)?, &[], None))
}

fn stores(session: &mut Session) -> Result<Outcome> {
    with_browser(session, "tests/package/stores")
}

fn uploads(session: &mut Session) -> Result<Outcome> {
    with_browser(session, "tests/package/upload")
}

fn sync(session: &mut Session) -> Result<Outcome> {
    ran(node_tests(session, tests_in(&root().join("tests/package/sync"))?, &[], None))
}

fn consumers(session: &mut Session) -> Result<Outcome> {
    with_browser(session, "tests/package/consumers")
}

/// Tests of Node that drive the web app in every engine.
fn web_app(session: &mut Session) -> Result<Outcome> {
    let folder = root().join("tests/web");
    if !folder.is_dir() {
        return Ok(Outcome::Missing("there is no tests/web"));
    }
    // One of the app's packages is the one of this project.
    session.package()?;
    web::installed(session.node()?)?;
    let environment = [
        ("HUMANSYNC_CHROME_BIN", browser::CHROMIUM.path()?),
        ("HUMANSYNC_FIREFOX_BIN", browser::FIREFOX.path()?),
        ("HUMANSYNC_GECKODRIVER", browser::geckodriver()?),
        ("HUMANSYNC_WEBKITWEBDRIVER", browser::WEBKIT_DRIVER.path()?),
        ("HUMANSYNC_XVFB", browser::XVFB.path()?),
    ];
    // Browsers wait more than they work. The file that looks at how long a page is busy has the machine for itself.
    let (alone, together): (Vec<_>, Vec<_>) =
        tests_in(&folder)?.into_iter().partition(|file| file.ends_with("large-file.test.mjs"));
    let mut tally = node_tests(session, together, &environment, Some(2))?;
    tally += node_tests(session, alone, &environment, None)?;
    Ok(Outcome::Ran(tally))
}

/// Tests of Node that have a browser to drive.
fn with_browser(session: &mut Session, folder: &str) -> Result<Outcome> {
    let folder = root().join(folder);
    if !folder.is_dir() {
        return Ok(Outcome::Missing("there is no such folder"));
    }
    let chromium = ("HUMANSYNC_CHROME_BIN", browser::CHROMIUM.path()?);
    ran(node_tests(session, tests_in(&folder)?, &[chromium], None))
}

fn ran(tally: Result<Tally>) -> Result<Outcome> {
    Ok(Outcome::Ran(tally?))
}

/// The files below `folder` that end in `.test.mjs` or the like.
fn tests_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect_tests(folder, &mut files)?;
    files.sort();
    ensure!(
        !files.is_empty(),
        "{} holds no file named *.test.mjs, *.test.js or *.test.cjs",
        folder.display()
    );
    Ok(files)
}

/// Runs these files, so many `at_once` (as Node likes, where that is not said), with the package and the sandbox built.
fn node_tests(
    session: &mut Session,
    files: Vec<PathBuf>,
    environment: &[(&str, PathBuf)],
    at_once: Option<usize>,
) -> Result<Tally> {
    session.package()?;
    let sandbox = session.sandbox()?;
    let report = project::metadata()?.target_directory.join(format!("node-tests-{}.tap", std::process::id()));
    let status = process::status(
        session
            .node()?
            .command()
            .arg("--test")
            .args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"])
            .arg(format!("--test-reporter-destination={}", report.display()))
            .args(at_once.map(|count| format!("--test-concurrency={count}")))
            .args(files)
            .env("HUMANSYNC_SANDBOX_BIN", sandbox)
            .envs(environment.iter().cloned()),
    )?;
    let tap = fs::read_to_string(&report).with_context(|| format!("{} cannot be read", report.display()))?;
    fs::remove_file(&report).with_context(|| format!("{} cannot be removed", report.display()))?;
    Ok(Tally::of_node(&tap).of_run(status.success()))
}

fn collect_tests(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "node_modules" {
                collect_tests(&path, files)?;
            }
        } else if [".test.mjs", ".test.js", ".test.cjs"].iter().any(|ending| name.ends_with(ending)) {
            files.push(path);
        }
    }
    Ok(())
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
    fn test_files_are_found_in_subfolders_but_not_in_installed_packages() {
        let folder = std::env::temp_dir().join(format!("humansync-node-tests-{}", std::process::id()));
        for file in ["a.test.mjs", "b/c.test.cjs", "b/support.mjs", "node_modules/d/e.test.js"] {
            fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
            fs::write(folder.join(file), "").unwrap();
        }
        let mut found = Vec::new();
        collect_tests(&folder, &mut found).unwrap();
        found.sort();
        assert_eq!(found, [folder.join("a.test.mjs"), folder.join("b/c.test.cjs")]);
        fs::remove_dir_all(folder).unwrap();
    }
}
