//! Prints lines like cargo's, with colours only on a terminal and without `NO_COLOR`.

use std::io::{IsTerminal, Write};
use std::time::Duration;

pub fn green(text: &str) -> String {
    paint("1;32", text, shows_colours())
}

pub fn red(text: &str) -> String {
    paint("1;31", text, shows_colours())
}

pub fn bold(text: &str) -> String {
    paint("1", text, shows_colours())
}

pub fn faint(text: &str) -> String {
    paint("2", text, shows_colours())
}

/// Whether stdout shows colours.
pub fn shows_colours() -> bool {
    colours_on(&std::io::stdout())
}

/// <https://no-color.org>: `NO_COLOR` counts when it is not empty.
fn colours_on(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// `text` with this code of a colour (ECMA-48, SGR), if there are `colours`.
fn paint(code: &str, text: &str, colours: bool) -> String {
    if colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Prints a step of the work to stderr, in cargo's layout: `     Bundling dist/`.
pub fn step(verb: &str, what: &str) {
    let verb = paint("1;32", &format!("{verb:>12}"), colours_on(&std::io::stderr()));
    eprintln!("{verb} {what}");
}

/// Prints a line of progress, which the next one replaces. Does nothing without a terminal.
pub fn progress(text: &str) {
    write_over(&format!("  {text}"));
}

/// Removes the line of [`progress`].
pub fn end_progress() {
    write_over("");
}

fn write_over(text: &str) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // An error is ignored, because progress is not essential.
        let _ = write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush());
    }
}

/// Prints an error with the chain of its causes, one in a line.
pub fn error(error: &anyhow::Error) {
    let label = paint("1;31", "error", colours_on(&std::io::stderr()));
    eprintln!("{label}: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  {cause}");
    }
}

/// Prints a heading before the output of a group of checks.
pub fn heading(title: &str) {
    println!("\n{}", bold(&format!("── {title} {}", "─".repeat(76usize.saturating_sub(title.len())))));
}

/// `1.2 s`, or `2 min 03 s` from a minute on.
pub fn duration(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = (tenths + 5) / 10;
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_turn_to_minutes_at_sixty_seconds() {
        for (milliseconds, text) in [
            (0, "0.0 s"),
            (1_249, "1.2 s"),
            (59_949, "59.9 s"),
            (59_950, "1 min 00 s"),
            (123_000, "2 min 03 s"),
            (3_599_600, "60 min 00 s"),
        ] {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
    }

    #[test]
    fn text_is_painted_only_where_colours_are_shown() {
        assert_eq!(paint("1;31", "error", false), "error");
        assert_eq!(paint("1;31", "error", true), "\x1b[1;31merror\x1b[0m");
    }
}
