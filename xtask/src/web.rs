//! The web app of `examples/web`: its packages, and `cargo xtask demo --web`, which builds it and serves it until it is
//! stopped.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use fs_err as fs;

use crate::demo::SAMPLES;
use crate::package::{self, Profile};
use crate::process::{self, Server};
use crate::project::{root, target_folder};
use crate::sandbox::Sandbox;
use crate::terminal::{self, bold, faint};
use crate::tools::node::Node;

/// Vite's usual port for a built page.
const PORT: u16 = 4173;
/// The latency of the sandbox, like that of a distant server, so that progress can be seen.
const LATENCY: &str = "40ms";
/// How often to check that both servers are still running.
const LOOK: Duration = Duration::from_millis(200);

/// Installs the app's packages, and returns the app's folder. The project's own package must have been built.
pub fn installed(node: &Node) -> Result<PathBuf> {
    let folder = root().join("examples/web");
    node.install_locked(&folder)?;
    Ok(folder)
}

/// Builds the page for a new sandbox, and serves it from another origin until the process is stopped.
pub fn demo() -> Result<ExitCode> {
    let node = Node::with_tools()?;
    package::build(Profile::Release, &node)?;
    let folder = installed(&node)?;
    let export = export(&node)?;
    let mut sandbox = Sandbox::start(&["--latency", LATENCY])?;
    build(&node, &folder, &sandbox.base_url)?;
    let port = free_port()?;
    let mut page = serve(&node, &folder, &sandbox.base_url, port)?;
    print_addresses(port, &sandbox.base_url, &export);
    loop {
        std::thread::sleep(LOOK);
        sandbox.check("the sandbox has ended")?;
        if let Some(status) = page.0.try_wait()? {
            return Ok(process::exit_code(status));
        }
    }
}

/// Makes an export of the Health app with made-up data, which can be dropped on the page.
fn export(node: &Node) -> Result<PathBuf> {
    let folder = target_folder()?.join("demo-web");
    fs::create_dir_all(&folder)?;
    let export = folder.join("export.zip");
    terminal::step("Making", "an export of the Health app, with made-up data");
    let mut make = node.command();
    make.arg(root().join("examples/node/make-export.mjs")).arg(&export);
    // Like real exports, this one has a few invalid samples, and a few that occur twice.
    make.args(["--samples", SAMPLES, "--odd", "12", "--repeated", "3", "--zip"]);
    process::run_quietly(&mut make)?;
    Ok(export)
}

/// The command of the app's own Vite.
fn vite(node: &Node, folder: &Path, server: &str) -> Command {
    let mut command = node.command();
    command.arg(folder.join("node_modules/vite/bin/vite.js")).current_dir(folder).env("VITE_SERVER", server);
    command
}

fn build(node: &Node, folder: &Path, server: &str) -> Result<()> {
    terminal::step("Building", "examples/web");
    let mut check = node.command();
    check.arg(folder.join("node_modules/typescript/bin/tsc")).arg("--noEmit").current_dir(folder);
    process::run_quietly(&mut check)?;
    process::run_quietly(vite(node, folder, server).arg("build"))
}

/// Starts the server of the page. Vite ends when its standard input is closed.
fn serve(node: &Node, folder: &Path, server: &str, port: u16) -> Result<Server> {
    let mut command = vite(node, folder, server);
    command.args(["preview", "--host", "127.0.0.1", "--strictPort", "--logLevel", "warn", "--port"]);
    // With CI set, Vite ignores its standard input.
    command.arg(port.to_string()).env_remove("CI").stdin(Stdio::piped());
    Ok(Server(command.spawn().context("the page's server could not be started")?))
}

/// [`PORT`], or another free port if that is in use.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("there is no free port for the page")?;
    Ok(listener.local_addr()?.port())
}

fn print_addresses(port: u16, server: &str, export: &Path) {
    let export = export.strip_prefix(root()).unwrap_or(export).display().to_string();
    terminal::heading("The web app");
    let rows = [
        ("Open", bold(&format!("http://127.0.0.1:{port}/"))),
        ("It reads from", format!("{server}, with the token demo")),
        ("To drop on it", export),
        (
            "To see trouble",
            format!("curl -d '{{\"rateLimit\":\"3/5s\",\"retryAfter\":5}}' {server}/_sandbox/faults"),
        ),
        ("To end it", "Ctrl-C".to_owned()),
    ];
    println!();
    for (name, text) in rows {
        println!("  {}  {text}", faint(&format!("{name:<14}")));
    }
    println!();
}
