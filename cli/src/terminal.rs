//! Colours, messages and progress: everything that depends on who is reading.
//!
//! The environment is read here and nowhere else.

use clap::ValueEnum;
use keyway_compiler::diagnostic::render::text::Style;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// After this long, progress is shown to a person.
const PROGRESS_DELAY: Duration = Duration::from_millis(500);

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The streams and how to write to them.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    /// The style of standard output.
    pub(crate) style: Style,
    /// The style of standard error.
    pub(crate) errors: Style,
    /// True if standard output is a terminal, also one without colours.
    pub(crate) is_screen: bool,
    /// True if a person watches standard error.
    watched: bool,
}

impl Terminal {
    /// Looks at the streams and the environment.
    pub(crate) fn detect(color: Color) -> Terminal {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let style = |terminal| decide(color, terminal, refused);
        let (is_screen, watched) = (stdout().is_terminal(), stderr().is_terminal());
        Terminal { style: style(is_screen), errors: style(watched), is_screen, watched }
    }

    /// Says on standard error why the command failed.
    pub(crate) fn error(&self, message: &str) {
        let (on, off) = match self.errors {
            Style::Colour => ("\u{1b}[1;31m", "\u{1b}[0m"),
            Style::Plain => ("", ""),
        };
        say(&format!("{on}error{off}: {message}"));
    }

    /// Shows how far long work has come, until the result is dropped: a number and its noun.
    pub(crate) fn count(&self, what: &'static str) -> Count {
        Count { what, watched: self.watched, at: Instant::now(), shown: false }
    }

    /// Shows a message if the work takes long, until the result is dropped.
    pub(crate) fn progress(&self, what: String) -> Progress {
        if !self.watched {
            return Progress { running: None };
        }
        let (done, wait) = channel::<()>();
        let thread = std::thread::spawn(move || {
            if wait.recv_timeout(PROGRESS_DELAY) == Err(RecvTimeoutError::Timeout) {
                let _ = write!(stderr(), "{what} ...");
                let _ = wait.recv();
                let _ = write!(stderr(), "\r\u{1b}[K");
            }
        });
        Progress { running: Some((done, thread)) }
    }
}

/// A number that a person sees grow.
#[derive(Debug)]
pub(crate) struct Count {
    what: &'static str,
    watched: bool,
    /// When it was last shown; before that, when the work began.
    at: Instant,
    shown: bool,
}

impl Count {
    /// The number is this now.
    pub(crate) fn set(&mut self, number: u64) {
        if self.watched && self.at.elapsed() >= PROGRESS_DELAY {
            (self.at, self.shown) = (Instant::now(), true);
            let _ = write!(stderr(), "\r\u{1b}[K{number} {} ...", self.what);
        }
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(stderr(), "\r\u{1b}[K");
        }
    }
}

/// Says something on standard error.
pub(crate) fn say(message: &str) {
    let _ = writeln!(stderr(), "{message}"); // A closed standard error cannot be reported anywhere.
}

/// Something that may take long.
#[derive(Debug)]
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.running.take() {
            drop(done);
            let _ = thread.join();
        }
    }
}

/// The option decides; without one, a terminal gets colours unless the environment refuses them.
fn decide(color: Color, terminal: bool, refused: bool) -> Style {
    match color {
        Color::Always => Style::Colour,
        Color::Auto if terminal && !refused => Style::Colour,
        Color::Auto | Color::Never => Style::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_unless_refused_or_asked_for() {
        for (color, terminal, refused, expected) in [
            (Color::Auto, true, false, Style::Colour),
            (Color::Auto, true, true, Style::Plain),
            (Color::Auto, false, false, Style::Plain),
            (Color::Always, false, true, Style::Colour),
            (Color::Never, true, false, Style::Plain),
        ] {
            assert_eq!(decide(color, terminal, refused), expected, "{color:?} {terminal} {refused}");
        }
    }
}
