//! Entries' own patterns: ECMAScript regular expressions, searched, with a bound on the work.
//!
//! They are read by [`keyway_format::pattern`], as the compiler reads them, so both mean the same. A pattern that is
//! refused there, or a text that takes too many steps, is an error: neither counts as a match nor as a mismatch.
//! There are no flags, because the format has none.

use fancy_regex::{Regex, RegexBuilder};
use keyway_format::pattern::{self, characters, units};
use std::borrow::Cow;
use std::fmt;

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern(Regex);

/// A pattern that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is none, or none that is run: why, after "the pattern".
    Refused(&'static str),
    /// It took too many steps on this text.
    TooSlow,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Refused(why) => write!(f, "the pattern {why}"),
            Unusable::TooSlow => f.write_str("the pattern takes too many steps on this value"),
        }
    }
}

impl std::error::Error for Unusable {}

/// Steps of the backtracking engine before it gives up.
const MAX_STEPS: usize = 100_000;

/// The most memory, in bytes, of a part that needs no backtracking. The largest pattern that is read stays below.
const MAX_MEMORY: usize = 64 << 20;

/// The most instructions of the engine that backtracks.
const MAX_PROGRAM: usize = 4_000_000;

impl Pattern {
    /// Compiles a pattern.
    pub fn compile(pattern: &str) -> Result<Pattern, Unusable> {
        let read = pattern::Pattern::parse(pattern).map_err(|refused| Unusable::Refused(refused.why))?;
        let mut builder = RegexBuilder::new(&read.backtracking());
        builder.backtrack_limit(MAX_STEPS).delegate_size_limit(MAX_MEMORY).max_prog_size(MAX_PROGRAM);
        builder.build().map(Pattern).map_err(|_| Unusable::Refused("is too large"))
    }

    /// True if the pattern is found in a text.
    pub fn is_match(&self, text: &str) -> Result<bool, Unusable> {
        self.0.is_match(&*units(text)).map_err(|_| Unusable::TooSlow)
    }

    /// The text of the first group, if the pattern was found.
    pub fn first_group<'t>(&self, text: &'t str) -> Result<Option<Cow<'t, str>>, Unusable> {
        let first = |text: &str| {
            let found = self.0.captures(text).map_err(|_| Unusable::TooSlow)?;
            Ok(found.and_then(|groups| groups.get(1)).map(|group| group.range()))
        };
        match units(text) {
            Cow::Borrowed(text) => Ok(first(text)?.and_then(|range| text.get(range)).map(Cow::Borrowed)),
            Cow::Owned(split) => {
                let group = first(&split)?.and_then(|range| split.get(range));
                Ok(group.map(|group| Cow::Owned(characters(group).into_owned())))
            }
        }
    }
}

/// True if a match of a pattern is all of a text, so that a form of HTML, whose patterns always are about all of it,
/// may be given the same pattern.
pub fn is_whole(pattern: &str) -> bool {
    pattern::Pattern::parse(pattern).is_ok_and(|read| read.is_whole())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Result<bool, Unusable>) {
        let result = Pattern::compile(pattern).and_then(|pattern| pattern.is_match(text));
        assert_eq!(result, expected, "/{pattern}/ on {text:?}");
    }

    #[test]
    fn patterns_mean_what_they_mean_in_a_browser() {
        for (pattern, text, expected) in [
            ("^a$", "a", true),
            ("^a$", "a\n", false),
            ("b", "abc", true),
            (r"^\d+$", "٣", false),
            (r"^\w+$", "é", false),
            (r"^\s$", "\u{a0}", true),
            (r"^\s$", "\u{feff}", true),
            (r"^\s$", "\u{85}", false),
            (r"^\S$", "\u{3000}", false),
            (r"^[\w\-+]+$", "a-+", true),
            (r"^[\w-.]+$", "a-.", true),
            (r"\bkey\b", "my-key", true),
            (r"\bkey\b", "mykey", false),
            (r"\bkey\b", "ékey", true),
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
            (r"^\x4$", "x4", true),
            (r"^(a)\1$", "aa", true),
            (r"^(?<q>a|b)\k<q>$", "bb", true),
            (r"^(?<q>a|b)\k<q>$", "ba", false),
            ("(?<=a|bc)d", "bcd", true),
            ("(?<!a|bc)d", "bcd", false),
            ("^.$", "\r", false),
            ("^.$", "\u{2029}", false),
            (r"^[^\ud7ff\ue000]$", "\u{d7ff}", false),
            (r"^[^\ud7ff-\ue000]$", "\u{e000}", false),
            (r"^[^\ud7ff-\ue000]$", "\u{e001}", true),
            ("^.$", "😀", false),
            ("^..$", "😀", true),
            (r"^[^\d]$", "5", false),
            (r"^[\D]$", "x", true),
        ] {
            check(pattern, text, Ok(expected));
        }
    }

    #[test]
    fn what_cannot_be_decided_is_an_error() {
        check("(", "x", Err(Unusable::Refused("has a group that is not closed")));
        check("[a", "x", Err(Unusable::Refused("has a class that is not closed")));
        check("a\\", "x", Err(Unusable::Refused("ends in a backslash")));
        check(r"^[()\\-+]+$", r"(\-+", Err(Unusable::Refused("has a range that runs backwards")));
        check(r"^(?:(\w+)(?!q)\s?)*$", &format!("{}!", "a".repeat(200)), Err(Unusable::TooSlow));
    }

    #[test]
    fn the_largest_patterns_that_are_read_compile() {
        for largest in ["^a{0,24000}$", "^.{0,5500}$", r"^(?:[^é]\S){2600}$", "^(?:a(?!b)){0,6000}$"] {
            check(largest, "a", Ok(!largest.contains("2600")));
        }
        let deep = format!("{}a{}", "(?:(?!b)".repeat(20), ")*".repeat(20));
        check(&deep, "a", Ok(true));
        let deep = format!("{}a{}", "(".repeat(pattern::MAX_NESTING), "|b)*".repeat(pattern::MAX_NESTING));
        check(&deep, "a", Ok(true));
    }

    #[test]
    fn the_first_group_is_found() {
        let pattern = Pattern::compile("after (.+)").unwrap();
        assert_eq!(pattern.first_group("retry after 3 s"), Ok(Some(Cow::Borrowed("3 s"))));
        assert_eq!(pattern.first_group("😀 retry after 3 😀"), Ok(Some(Cow::Borrowed("3 😀"))));
        assert_eq!(pattern.first_group("no"), Ok(None));
    }
}
