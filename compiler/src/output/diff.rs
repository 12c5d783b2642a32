//! A short line diff: what stands between the common start and the common end of two texts.
//!
//! It never looks for the smallest edit; generated files differ in one place at a time. Two texts that differ never
//! look the same: what cannot be seen is written as an escape, and a last line without its end says so.

use std::fmt::Write;
use std::path::Path;

/// The most lines of each side that are shown.
const MAX_SHOWN: usize = 20;

/// The lines in which two texts differ. `\r\n` is an end of a line like `\n`.
pub(super) fn append(out: &mut String, path: &Path, before: &str, after: &str) {
    let before = before.replace("\r\n", "\n");
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(&before), lines(after));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let _ = writeln!(out, "--- {}:{}", path.display(), start + 1);
    side(out, '-', old_rest.get(..old_rest.len() - end).unwrap_or_default());
    side(out, '+', new_rest.get(..new_rest.len() - end).unwrap_or_default());
}

pub(super) fn append_removed(out: &mut String, path: &Path) {
    let _ = writeln!(out, "--- {}: nothing generates this file any more", path.display());
}

/// Lines with their ends, so that a missing one is a difference.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn side(out: &mut String, sign: char, lines: &[&str]) {
    for line in lines.iter().take(MAX_SHOWN) {
        let _ = writeln!(out, "{sign}{}", visible(line.strip_suffix('\n').unwrap_or(line)));
        if !line.ends_with('\n') {
            let _ = writeln!(out, "\\ no end of line at the end of the file");
        }
    }
    if lines.len() > MAX_SHOWN {
        let _ = writeln!(out, "{sign} ... {} more lines", lines.len() - MAX_SHOWN);
    }
}

/// A line with escapes for blanks at its end and for what is not seen.
fn visible(line: &str) -> String {
    let text = line.trim_end_matches([' ', '\t']);
    let mut visible: String = text
        .chars()
        .flat_map(|letter| {
            let is_seen = letter == '\t' || letter == ' ' || (!letter.is_control() && !is_hidden(letter));
            let escaped = (!is_seen).then(|| letter.escape_unicode());
            escaped.into_iter().flatten().chain(is_seen.then_some(letter))
        })
        .collect();
    let blanks = line.get(text.len()..).unwrap_or_default();
    visible.extend(blanks.chars().flat_map(char::escape_unicode));
    visible
}

/// Blanks other than the usual one, marks of direction, and letters without width.
fn is_hidden(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_show_how() {
        for (before, after, expected) in [
            ("a\nb\nc\n", "a\nd\nc\n", ":2\n-b\n+d\n"),
            ("a\r\nb\r\n", "a\nc\n", ":2\n-b\n+c\n"),
            ("", "a\n", ":1\n+a\n"),
            ("a", "a\n", ":1\n-a\n\\ no end of line at the end of the file\n+a\n"),
            ("a\n", "a\n\n", ":2\n+\n"),
            ("a \t\n", "a\n", ":1\n-a\\u{20}\\u{9}\n+a\n"),
            ("a\r\r\n", "a\n", ":1\n-a\\u{d}\n+a\n"),
            ("\u{feff}a\u{a0}b\n", "a b\n", ":1\n-\\u{feff}a\\u{a0}b\n+a b\n"),
        ] {
            let mut out = String::new();
            append(&mut out, Path::new("f"), before, after);
            assert_eq!(out, format!("--- f{expected}"), "{before:?} {after:?}");
        }
    }
}
