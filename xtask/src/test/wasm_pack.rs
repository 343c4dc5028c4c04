//! Runs wasm-pack at the root of the repository, as anyone can, with the programs that were found.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

use super::tally::Tally;
use crate::project::{root, target_folder};
use crate::tools::node::Node;
use crate::tools::{compiled, system};
use crate::{process, terminal};

/// Runs `wasm-pack test` in Node and two browsers, and `wasm-pack build`.
pub fn test() -> Result<Tally> {
    let capabilities = capabilities(&system::CHROMIUM.path()?, &system::FIREFOX.path()?)?;
    let (chromedriver, geckodriver) = (system::CHROMEDRIVER.path()?, compiled::geckodriver()?);
    let mut tally = Tally::default();
    for (name, flag, driver) in [
        ("Node", "--node", None),
        ("Chromium", "--chrome", Some(("--chromedriver", &chromedriver))),
        ("Firefox", "--firefox", Some(("--geckodriver", &geckodriver))),
    ] {
        terminal::step("Testing", &format!("in {name}"));
        let mut command = wasm_pack("test")?;
        command.arg(flag).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities);
        if let Some((flag, driver)) = driver {
            command.arg("--headless").arg(flag).arg(driver);
        }
        let (status, output) = process::run_and_read(&mut command)?;
        // wasm-pack itself treats a run without tests as a success.
        tally += Tally::of_cargo(&output).of_run(status.success());
    }
    tally += build()?;
    Ok(tally)
}

/// Runs `wasm-pack build`, and checks that its output can be loaded.
fn build() -> Result<Tally> {
    let out = target_folder()?.join("wasm-pack");
    for target in ["nodejs", "web"] {
        terminal::step("Building", &format!("with wasm-pack, for {target}"));
        let mut command = wasm_pack("build")?;
        process::run(command.args(["--dev", "--target", target, "--out-dir"]).arg(out.join(target)))?;
    }
    let mut tests = Node::find()?.command();
    tests.arg("--test").arg(root().join("tests/wasm/build.test.mjs")).env("HUMANSYNC_WASM_PACK", out);
    Ok(Tally::one(process::status(&mut tests)?.success()))
}

fn wasm_pack(subcommand: &str) -> Result<Command> {
    // wasm-pack uses the wasm-bindgen that it finds on PATH, and installs nothing.
    let mut path = vec![compiled::wasm_bindgen()?];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let mut command = Command::new(compiled::wasm_pack()?);
    command.current_dir(root()).env("PATH", std::env::join_paths(path)?);
    // Below the level of errors, there is only the message that it did not check for a newer version of itself.
    command.args(["--log-level", "error", subcommand, "--mode", "no-install"]);
    Ok(command)
}

/// `webdriver.json` with the browsers that were found, because the drivers themselves look in few places.
fn capabilities(chrome: &Path, firefox: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(root().join("webdriver.json"))?;
    let mut json: Value = serde_json::from_str(&text).context("webdriver.json is no JSON")?;
    json["goog:chromeOptions"]["binary"] = chrome.to_string_lossy().into();
    json["moz:firefoxOptions"]["binary"] = firefox.to_string_lossy().into();
    let path = target_folder()?.join("webdriver.json");
    fs::write(&path, json.to_string())?;
    Ok(path)
}
