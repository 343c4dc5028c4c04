//! Programs that the system's package manager brings: found on PATH, or installed from Debian's packages.
//!
//! Installing them changes the machine and takes root. So it is done only where xtask runs as root, or where the user asked for it by
//! `cargo xtask setup`, which may run `sudo`; everybody else is told what is missing and the commands that install it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::on_path;
use crate::{process, terminal};

/// A program, and the package of Debian that has it.
pub struct Program {
    pub title: &'static str,
    /// What it may be called on PATH, the first choice first; or a path.
    pub commands: &'static [&'static str],
    /// The environment variable that names another one.
    pub variable: Option<&'static str>,
    pub package: &'static str,
}

pub const CHROMIUM: Program = Program {
    title: "Chromium",
    commands: &["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"],
    variable: Some("CHROME"),
    package: "chromium",
};

/// Must be of Chromium's own version, which the package manager sees to.
pub const CHROMEDRIVER: Program = Program {
    title: "chromedriver",
    commands: &["chromedriver"],
    variable: Some("CHROMEDRIVER"),
    package: "chromium-driver",
};

pub const FIREFOX: Program = Program {
    title: "Firefox",
    commands: &["firefox-esr", "firefox"],
    variable: Some("FIREFOX"),
    package: "firefox-esr",
};

/// Brings a small browser of its own.
pub const WEBKIT_DRIVER: Program = Program {
    title: "WebKitWebDriver",
    commands: &["WebKitWebDriver"],
    variable: None,
    package: "webkit2gtk-driver",
};

/// A display that nobody sees: WebKit's browser has no headless mode.
pub const XVFB: Program = Program { title: "Xvfb", commands: &["Xvfb"], variable: None, package: "xvfb" };

/// Debian keeps the server itself out of PATH, below `/usr/lib/postgresql`, and puts the script that starts clusters
/// there.
pub const POSTGRESQL: Program = Program {
    title: "PostgreSQL",
    commands: &["postgres", "pg_ctlcluster"],
    variable: None,
    package: "postgresql",
};

/// Debian has it in `/usr/sbin`, which is not on everybody's PATH.
pub const PGBOUNCER: Program = Program {
    title: "pgbouncer",
    commands: &["pgbouncer", "/usr/sbin/pgbouncer"],
    variable: None,
    package: "pgbouncer",
};

pub const REDIS: Program =
    Program { title: "Redis", commands: &["redis-server"], variable: None, package: "redis-server" };

impl Program {
    /// Its path, where it is.
    pub fn path(&self) -> Result<PathBuf> {
        self.find().with_context(|| format!("{} is not on PATH", self.described()))
    }

    fn find(&self) -> Option<PathBuf> {
        let named = self.variable.and_then(std::env::var_os).map(PathBuf::from).filter(|path| path.is_file());
        named.or_else(|| self.commands.iter().copied().find_map(on_path))
    }

    fn described(&self) -> String {
        match self.variable {
            Some(variable) => format!("{} (or a path in {variable})", self.title),
            None => self.title.to_owned(),
        }
    }
}

/// What programs are needed for, which decides who may install them.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// `cargo xtask setup`: the user asked for them.
    Setup,
    /// The tests of this group: the user asked for no change of the system.
    Tests(&'static str),
}

/// Installs those of `programs` that are missing, or says how to.
pub fn ensure(programs: &[&Program], purpose: Purpose) -> Result<()> {
    let missing: Vec<&Program> =
        programs.iter().copied().filter(|program| program.find().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if on_path("apt-get").is_none() {
        let described: Vec<String> = missing.iter().map(|program| program.described()).collect();
        bail!("needed on PATH, and not there: {}", described.join(", "));
    }
    let is_root = process::capture(Command::new("id").arg("-u"))?.trim() == "0";
    if let (false, Purpose::Tests(group)) = (is_root, purpose) {
        bail!(refusal(&missing, group));
    }
    let install = [&["install", "--yes", "--quiet"][..], &packages(&missing)].concat();
    for arguments in [&["update", "--quiet"][..], &install] {
        let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
        command.args((!is_root).then_some("apt-get")).args(arguments);
        terminal::step("Running", &process::shown(&command));
        // sudo needs the terminal, to ask for a password.
        if is_root {
            process::run_quietly(command.env("DEBIAN_FRONTEND", "noninteractive"))
        } else {
            process::run(&mut command)
        }
        .with_context(|| format!("not installed: {}", titles(&missing)))?;
    }
    missing.iter().try_for_each(|program| program.path().map(drop))
}

fn refusal(missing: &[&Program], group: &str) -> String {
    format!(
        "missing on this machine: {}\n  Either of these commands installs what is missing:\n    \
         cargo xtask setup {group}\n    sudo apt-get install {}",
        titles(missing),
        packages(missing).join(" ")
    )
}

fn packages(programs: &[&Program]) -> Vec<&'static str> {
    programs.iter().map(|program| program.package).collect()
}

fn titles(programs: &[&Program]) -> String {
    programs.iter().map(|program| program.title).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Program = Program {
        title: "Nowhere",
        commands: &["humansync-nowhere"],
        variable: Some("NOWHERE"),
        package: "nowhere",
    };

    #[test]
    fn what_is_missing_is_named_with_both_commands_that_install_it() {
        assert_eq!(
            refusal(&[&ABSENT, &ABSENT], "web"),
            "missing on this machine: Nowhere, Nowhere\n  Either of these commands installs what is missing:\n    \
             cargo xtask setup web\n    sudo apt-get install nowhere nowhere"
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error_that_names_its_variable() {
        let error = ABSENT.path().unwrap_err().to_string();
        assert_eq!(error, "Nowhere (or a path in NOWHERE) is not on PATH");
    }
}
