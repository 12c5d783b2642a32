//! Entries' own patterns: ECMAScript regular expressions, searched, with a bound on the work.
//!
//! The two dialects differ in what `\d`, `\w`, `\s` and `.` cover (ASCII here, as people who write `\d` in a form
//! expect) and in what may stay unescaped; [`Pattern::compile`] translates both. A pattern that does not compile, or a
//! text that takes too many steps, is an error: neither counts as a match nor as a mismatch.
//! Absent here: flags. The format has none.

use fancy_regex::{Regex, RegexBuilder};
use std::fmt;

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern(Regex);

/// A pattern that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It does not compile.
    Malformed,
    /// It took too many steps on this text.
    TooSlow,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unusable::Malformed => "the pattern is not a regular expression",
            Unusable::TooSlow => "the pattern takes too many steps on this value",
        })
    }
}

impl std::error::Error for Unusable {}

/// Steps of the backtracking engine before it gives up.
const MAX_STEPS: usize = 100_000;

impl Pattern {
    /// Compiles an ECMAScript pattern.
    pub fn compile(pattern: &str) -> Result<Pattern, Unusable> {
        let translated = translate(pattern).ok_or(Unusable::Malformed)?;
        let compiled = RegexBuilder::new(&translated).backtrack_limit(MAX_STEPS).build();
        compiled.map(Pattern).map_err(|_| Unusable::Malformed)
    }

    /// Whether the pattern is found in a text.
    pub fn is_match(&self, text: &str) -> Result<bool, Unusable> {
        self.0.is_match(text).map_err(|_| Unusable::TooSlow)
    }

    /// What the first group matched, if the pattern was found.
    pub fn first_group<'t>(&self, text: &'t str) -> Result<Option<&'t str>, Unusable> {
        let found = self.0.captures(text).map_err(|_| Unusable::TooSlow)?;
        Ok(found.and_then(|groups| groups.get(1)).map(|group| group.as_str()))
    }
}

/// The pattern in the engine's dialect; `None` if it ends inside an escape or a class.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..)?;
        rest = match c {
            '\\' => {
                let (atom, after) = escape(after)?;
                match atom {
                    Atom::Char(c) => push_literal(&mut out, c),
                    Atom::Set(set) => out.extend(["[", set, "]"]),
                    Atom::NotSet(set) => out.extend(["[^", set, "]"]),
                    Atom::Boundary(assertion) => out.push_str(assertion),
                    Atom::Reference(text) => out.extend(["\\", text]),
                }
                after
            }
            '[' => class(after, &mut out)?,
            '.' => {
                out.push_str(r"[^\n\r\x{2028}\x{2029}]");
                after
            }
            // Literal in ECMAScript where they neither close nor quantify anything.
            ']' | '}' => {
                push_literal(&mut out, c);
                after
            }
            '{' => {
                if let Some(text) = quantifier(rest) {
                    out.push_str(text);
                    rest.get(text.len()..)?
                } else {
                    push_literal(&mut out, c);
                    after
                }
            }
            _ => {
                out.push(c);
                after
            }
        };
    }
    Some(out)
}

/// What an escape stands for.
enum Atom<'p> {
    Char(char),
    /// The inside of a class.
    Set(&'static str),
    NotSet(&'static str),
    Boundary(&'static str),
    /// A back-reference, the same in both dialects: what follows the backslash.
    Reference(&'p str),
}

const DIGIT: &str = "0-9";
const WORD: &str = "A-Za-z0-9_";
const WORD_BOUNDARY: &str = "(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))";
const NO_WORD_BOUNDARY: &str = "(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))";
const SPACE: &str = r"\t\n\x0b\x0c\r ";

/// The escape after a backslash, and what follows it.
fn escape(rest: &str) -> Option<(Atom<'_>, &str)> {
    let c = rest.chars().next()?;
    let after = rest.get(c.len_utf8()..)?;
    let atom = match c {
        'd' => Atom::Set(DIGIT),
        'D' => Atom::NotSet(DIGIT),
        'w' => Atom::Set(WORD),
        'W' => Atom::NotSet(WORD),
        's' => Atom::Set(SPACE),
        'S' => Atom::NotSet(SPACE),
        't' => Atom::Char('\t'),
        'n' => Atom::Char('\n'),
        'r' => Atom::Char('\r'),
        'v' => Atom::Char('\x0b'),
        'f' => Atom::Char('\x0c'),
        '0' => Atom::Char('\0'),
        'x' => return hexadecimal(after, 2),
        'u' => return hexadecimal(after, 4),
        'b' | 'B' | '1'..='9' | 'k' => {
            let more = after.bytes().take_while(|byte| c.is_ascii_digit() && byte.is_ascii_digit()).count();
            let atom = match c {
                'b' => Atom::Boundary(WORD_BOUNDARY),
                'B' => Atom::Boundary(NO_WORD_BOUNDARY),
                _ => Atom::Reference(rest.get(..1 + more)?),
            };
            return Some((atom, rest.get(1 + more..)?));
        }
        _ => Atom::Char(c),
    };
    Some((atom, after))
}

fn hexadecimal(rest: &str, digits: usize) -> Option<(Atom<'_>, &str)> {
    let number = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
    Some((Atom::Char(char::from_u32(number)?), rest.get(digits..)?))
}

/// A class, from behind its `[`; gives back what follows its `]`.
fn class<'p>(rest: &'p str, out: &mut String) -> Option<&'p str> {
    let (negated, mut rest) = match rest.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if let Some(after) = rest.strip_prefix(']') {
        out.push_str(if negated { r"[\x00-\x{10FFFF}]" } else { "(?!)" });
        return Some(after);
    }
    out.push_str(if negated { "[^" } else { "[" });
    loop {
        let (atom, after) = class_atom(rest)?;
        rest = after;
        match atom {
            ClassAtom::End => break,
            ClassAtom::Inside(text) => out.push_str(&text),
            ClassAtom::Char(first) => {
                push_literal(out, first);
                // `a-z` is a range only between two characters; `\w-z` and `a-]` hold a plain hyphen. A range that
                // runs backwards is what comes of escaping a hyphen twice, `[\\-+]`: three characters are meant.
                if let Some(behind) = rest.strip_prefix('-')
                    && let (ClassAtom::Char(last), after) = class_atom(behind)?
                {
                    out.push_str(if first <= last { "-" } else { r"\-" });
                    push_literal(out, last);
                    rest = after;
                }
            }
        }
    }
    out.push(']');
    Some(rest)
}

enum ClassAtom {
    End,
    Char(char),
    Inside(String),
}

fn class_atom(rest: &str) -> Option<(ClassAtom, &str)> {
    let c = rest.chars().next()?;
    let after = rest.get(c.len_utf8()..)?;
    match c {
        ']' => Some((ClassAtom::End, after)),
        '\\' => {
            let (atom, after) = escape(after)?;
            let atom = match atom {
                Atom::Char(c) => ClassAtom::Char(c),
                Atom::Set(set) => ClassAtom::Inside(set.to_owned()),
                Atom::NotSet(set) => ClassAtom::Inside(format!("[^{set}]")),
                // `\b` in a class is a backspace; nothing else has a meaning there.
                Atom::Boundary(_) | Atom::Reference(_) => ClassAtom::Char('\x08'),
            };
            Some((atom, after))
        }
        _ => Some((ClassAtom::Char(c), after)),
    }
}

/// `{n}`, `{n,}` or `{n,m}` at the beginning of a text.
fn quantifier(text: &str) -> Option<&str> {
    let end = text.find('}')?;
    let inside = text.get(1..end)?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then(|| text.get(..=end))?
}

fn push_literal(out: &mut String, c: char) {
    // Escaping what has no meaning is allowed for punctuation only.
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Result<bool, Unusable>) {
        let result = Pattern::compile(pattern).and_then(|pattern| pattern.is_match(text));
        assert_eq!(result, expected, "/{pattern}/ on {text:?} became {:?}", translate(pattern));
    }

    #[test]
    fn patterns_mean_what_they_mean_in_a_browser() {
        for (pattern, text, expected) in [
            ("^a$", "a", true),
            ("^a$", "a\n", false),
            ("b", "abc", true),
            (r"^\d+$", "٣", false),
            (r"^\w+$", "é", false),
            (r"^\s$", "\u{a0}", false),
            (r"^[\w\-+]+$", "a-+", true),
            (r"^[\w-.]+$", "a-.", true),
            (r"^[()\\-+]+$", r"(\-+", true),
            (r"^[()\\-+]+$", ",", false),
            (r"\bkey\b", "my-key", true),
            (r"\bkey\b", "mykey", false),
            (r"\Bkey", "mykey", true),
            ("^[a-z-]+$", "a-z", true),
            ("^[[&&~]+$", "[&~", true),
            ("^[^]$", "\n", true),
            ("^[]$", "", false),
            (r"^https?:\/\/x$", "https://x", true),
            ("^(?!a)b", "b", true),
            ("^(?!b)b", "b", false),
            ("^a{2}$", "aa", true),
            ("^a{,2}$", "a{,2}", true),
            ("^}]$", "}]", true),
            (r"^\u00e9\x41$", "éA", true),
            (r"^(a)\1$", "aa", true),
            ("^.$", "\r", false),
            (r"^[^\d]$", "5", false),
            (r"^[\D]$", "x", true),
        ] {
            check(pattern, text, Ok(expected));
        }
    }

    #[test]
    fn what_cannot_be_decided_is_an_error() {
        check("(", "x", Err(Unusable::Malformed));
        check("[a", "x", Err(Unusable::Malformed));
        check("a\\", "x", Err(Unusable::Malformed));
        check(r"^(?:(\w+)(?!q)\s?)*$", &format!("{}!", "a".repeat(200)), Err(Unusable::TooSlow));
    }

    #[test]
    fn the_first_group_is_found() {
        let pattern = Pattern::compile("after (.+)").unwrap();
        assert_eq!(pattern.first_group("retry after 3 s"), Ok(Some("3 s")));
        assert_eq!(pattern.first_group("no"), Ok(None));
    }
}
