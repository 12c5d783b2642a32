//! The question before something is deleted: the name has to be typed, or `--yes` given.

use crate::exit::Failure;
use crate::harmless::harmless;
use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _, stderr, stdin};

/// The longest answer that is read, in bytes: more than the longest name.
const MAX_TYPED: u64 = 4096;

/// Fails where the deletion is not confirmed and no person could be asked.
pub(super) fn can_be_asked(is_confirmed: bool) -> Result<(), Failure> {
    if is_confirmed || (stdin().is_terminal() && stderr().is_terminal()) {
        return Ok(());
    }
    Err(Failure::usage("nothing is deleted: there is no terminal to ask at; say `--yes` if it is meant"))
}

/// Asks for the name of what `question` says would be deleted; any other answer is a failure.
pub(super) fn typed(question: &str, name: &str) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::usage(format!("nothing is deleted: cannot ask: {error}"));
    let mut err = stderr();
    write!(err, "{question} Type `{}` to go on: ", harmless(name)).and_then(|()| err.flush()).map_err(cannot)?;
    let mut line = String::new();
    stdin().lock().take(MAX_TYPED).read_line(&mut line).map_err(cannot)?;
    if is_name(&line, name) { Ok(()) } else { Err(Failure::usage("nothing is deleted: something else was typed")) }
}

/// True for the name itself, or as the question shows it.
fn is_name(line: &str, name: &str) -> bool {
    let line = line.trim_end_matches(['\r', '\n']);
    line == name || line == harmless(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_itself_confirms() {
        for (line, expected) in [
            ("github\n", true),
            ("github\r\n", true),
            ("github", true),
            ("", false),
            ("\n", false),
            ("yes\n", false),
            ("Github\n", false),
            ("github-prod\n", false),
        ] {
            assert_eq!(is_name(line, "github"), expected, "{line:?}");
        }
        assert!(is_name("a\\u{202e}b\n", "a\u{202e}b"));
    }
}
