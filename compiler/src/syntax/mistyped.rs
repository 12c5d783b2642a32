//! Syntax errors that a single mistyped character explains: a space that is none in YAML, a typographic quote, a `:`
//! without its space.
//!
//! The parser notices such a character late, often on the next line. So the lines before its error are looked at too,
//! up to the nearest one that has such a character where YAML would want another.

use super::characters::{Looks, code_point, look, looks_like, named};
use std::ops::Range;

/// The number of non-empty lines that are looked at: that of the error and those before it.
const LINES: usize = 3;

/// An explanation of a syntax error.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistyped {
    /// The problem.
    pub(super) message: String,
    /// The help: how to correct it.
    pub(super) help: String,
    /// The bytes that are wrong.
    pub(super) range: Range<usize>,
    /// The fix, if it is certain.
    pub(super) edits: Vec<(Range<usize>, String)>,
}

/// Looks for what explains the error at `offset`.
pub(super) fn explain(text: &str, offset: usize) -> Option<Mistyped> {
    let end = text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| offset + at);
    let mut line_end = end;
    let mut left = LINES;
    loop {
        let start = text.get(..line_end)?.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(start..line_end)?;
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            if let Some(found) = in_line(line) {
                return Some(found.moved(start));
            }
            left -= 1;
        }
        if left == 0 || start == 0 {
            return None;
        }
        line_end = start - 1;
    }
}

fn in_line(line: &str) -> Option<Mistyped> {
    mark(line)
        .or_else(|| indentation(line))
        .or_else(|| behind_colon(line))
        .or_else(|| quote(line))
        .or_else(|| no_space(line))
}

impl Mistyped {
    fn moved(mut self, by: usize) -> Mistyped {
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        self.range = moved(self.range);
        self.edits = self.edits.into_iter().map(|(range, to)| (moved(range), to)).collect();
        self
    }
}

/// A byte-order mark in the middle of a text.
fn mark(line: &str) -> Option<Mistyped> {
    let at = line.find('\u{feff}')?;
    let range = at..at + '\u{feff}'.len_utf8();
    Some(Mistyped {
        message: format!("{} in the middle of the text", named('\u{feff}')),
        help: "remove it; it comes from joining two files".to_owned(),
        range: range.clone(),
        edits: vec![(range, String::new())],
    })
}

/// Something else than spaces before the first letter of a line.
fn indentation(line: &str) -> Option<Mistyped> {
    let odd: Vec<(usize, char, Looks)> = line
        .char_indices()
        .map_while(|(at, letter)| match look(letter) {
            Some((looks @ (Looks::Space | Looks::Nothing), _)) => Some((at, letter, Some(looks))),
            _ if matches!(letter, ' ' | '\t') => Some((at, letter, None)),
            _ => None,
        })
        .filter_map(|(at, letter, looks)| looks.map(|looks| (at, letter, looks)))
        .collect();
    let (first, letter, _) = *odd.first()?;
    let (last, ..) = *odd.last()?;
    let end = last + line.get(last..)?.chars().next()?.len_utf8();
    let edits = odd.iter().map(|(at, letter, looks)| {
        (*at..at + letter.len_utf8(), if *looks == Looks::Space { " ".to_owned() } else { String::new() })
    });
    Some(Mistyped {
        message: format!("{} in the indentation", named(letter)),
        help: "YAML is indented with plain spaces only; type them again".to_owned(),
        range: first..end,
        edits: edits.collect(),
    })
}

/// The key of a line, up to what looks like its colon.
fn key(line: &str) -> Option<(&str, usize, char)> {
    let start = line.len() - line.trim_start_matches([' ', '-']).len();
    let (at, letter) = line
        .get(start..)?
        .char_indices()
        .find(|(_, letter)| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.')))?;
    let key = line.get(start..start + at).filter(|key| !key.is_empty())?;
    Some((key, start + at, letter))
}

/// A space that is none after the colon of a key, or a colon that is none.
fn behind_colon(line: &str) -> Option<Mistyped> {
    let (key, at, colon) = key(line)?;
    if looks_like(colon, Looks::Colon) {
        let range = at..at + colon.len_utf8();
        let spaced = line.get(range.end..)?.starts_with(' ');
        return Some(Mistyped {
            message: format!("{} behind `{key}`", named(colon)),
            help: "write a plain `:` and a space".to_owned(),
            edits: vec![(range.clone(), if spaced { ":" } else { ": " }.to_owned())],
            range,
        });
    }
    let next = line.get(at + 1..)?.chars().next().filter(|_| colon == ':')?;
    let (looks, _) = look(next).filter(|(looks, _)| matches!(looks, Looks::Space | Looks::Nothing))?;
    let range = at + 1..at + 1 + next.len_utf8();
    let spaced = looks == Looks::Nothing && line.get(range.end..)?.starts_with(' ');
    Some(Mistyped {
        message: format!("{} behind the `:` of `{key}`", named(next)),
        help: "write a plain space".to_owned(),
        edits: vec![(range.clone(), if spaced { "" } else { " " }.to_owned())],
        range,
    })
}

/// A typographic quote where a value begins or ends.
fn quote(line: &str) -> Option<Mistyped> {
    let value = line.find(": ").map(|at| at + 2).or_else(|| line.find("- ").map(|at| at + 2))?;
    let value_text = line.get(value..)?.trim();
    let begins = value_text.chars().next().filter(|letter| looks_like(*letter, Looks::Quote));
    let ends = value_text.chars().next_back().filter(|letter| looks_like(*letter, Looks::Quote));
    let opened = value_text.chars().next().filter(|letter| matches!(letter, '"' | '\''));
    let at = match (begins, ends) {
        (Some(_), _) => value + line.get(value..)?.find(value_text)?,
        (None, Some(last)) => line.trim_end().len() - last.len_utf8(),
        (None, None) => return None,
    };
    let letter = line.get(at..)?.chars().next()?;
    let range = at..at + letter.len_utf8();
    let certain = opened.filter(|_| begins.is_none() && value_text.matches(|c| Some(c) == opened).count() == 1);
    Some(Mistyped {
        message: format!("{}, which YAML does not take for a quote", named(letter)),
        help: format!("write `{}` instead of {}", opened.unwrap_or('"'), code_point(letter)),
        edits: certain.map(|quote| (range.clone(), quote.to_string())).into_iter().collect(),
        range,
    })
}

/// `key:value`.
fn no_space(line: &str) -> Option<Mistyped> {
    let (key, at, _) = key(line).filter(|(.., colon)| *colon == ':')?;
    let value = line.get(at + 1..)?.trim_end();
    if value.is_empty() || value.starts_with([' ', '\t', '/', ':']) {
        return None;
    }
    Some(Mistyped {
        message: format!("no space behind the `:` of `{key}`"),
        help: format!("write `{key}: {}`", value.chars().take(60).collect::<String>()),
        range: at..at + 1,
        edits: vec![(at + 1..at + 1, " ".to_owned())],
    })
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::apply;
    use crate::source::Sources;
    use crate::syntax::parse;

    #[test]
    fn the_character_is_named_at_its_place_and_mended_where_that_is_certain() {
        for (text, message, mended) in [
            (
                "a:\n  b: 1\n\u{a0} c: 2\n  d: 1\n",
                "3:1 a no-break space (U+00A0) in the indentation",
                Some("a:\n  b: 1\n  c: 2\n  d: 1\n"),
            ),
            (
                "a:\n  b: 1\n\u{a0}\u{a0}c: 2\n  d: 1\n",
                "3:1 a no-break space (U+00A0) in the indentation",
                Some("a:\n  b: 1\n  c: 2\n  d: 1\n"),
            ),
            (
                "a:\n  b: 1\n \u{a0}c: 2\n  d: 1\n",
                "3:2 a no-break space (U+00A0) in the indentation",
                Some("a:\n  b: 1\n  c: 2\n  d: 1\n"),
            ),
            (
                "a:\n  b:\u{a0}1\n  c: 2\n",
                "2:5 a no-break space (U+00A0) behind the `:` of `b`",
                Some("a:\n  b: 1\n  c: 2\n"),
            ),
            (
                "a:\n  b:\u{202f}1\n  c: 2\n",
                "2:5 a narrow no-break space (U+202F) behind the `:` of `b`",
                Some("a:\n  b: 1\n  c: 2\n"),
            ),
            ("a:\n  b\u{ff1a}1\n  c: 2\n", "2:4 a full-width colon (U+FF1A) behind `b`", Some("a:\n  b: 1\n  c: 2\n")),
            ("a:\n  \u{feff}b: 1\n", "2:3 a byte-order mark (U+FEFF) in the middle of the text", Some("a:\n  b: 1\n")),
            (
                "a:\n  b: \"x\u{201d}\n  c: 2\n",
                "2:8 a typographic quote (U+201D), which YAML does not take for a quote",
                Some("a:\n  b: \"x\"\n  c: 2\n"),
            ),
            (
                "a:\n  b: \u{201c}x: y\u{201d}\n",
                "2:6 a typographic quote (U+201C), which YAML does not take for a quote",
                None,
            ),
            ("a:\n  b:1\n  c: 2\n", "2:4 no space behind the `:` of `b`", Some("a:\n  b: 1\n  c: 2\n")),
            ("a:\n  b: 1\n  c\n  d: 2\n", "3:3 a line without a `:`", None),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("t", text);
            let found: Vec<_> = parse(file, text).1.into_iter().collect();
            let [found] = found.as_slice() else { panic!("{text:?}: {found:?}") };
            let at = sources.get(file).unwrap().line_column(found.primary.span.range().start);
            assert_eq!(format!("{}:{} {}", at.line, at.column, found.message), message, "{text:?}");
            let after = found.fix.as_ref().map(|fix| apply(&sources, [fix]).texts[&file].clone());
            assert_eq!(after.as_deref(), mended, "{text:?}");
        }
    }
}
