//! Patterns: ECMAScript regular expressions without flags, as `new RegExp(pattern)` reads them.
//!
//! A pattern is read once, into a tree, and printed for the engine that runs it: an automaton ([`Pattern::automaton`],
//! the dialect of the crate `regex-syntax`), which the compiler decides with, and an engine that backtracks
//! ([`Pattern::backtracking`], the dialect of `fancy-regex`), which the runtime searches with. What is read is what
//! [ECMA-262](https://tc39.es/ecma262/#sec-patterns) has in 22.2.1 and, because there is no flag `u`, in Annex B.1.2:
//!
//! - `\d` and `\w` are ASCII, `\s` and `.` know Unicode's blanks and line ends, `^` and `$` are the ends of the text,
//! - braces that are no quantifier are literals, an escape of what needs none is the thing itself,
//! - `[]` matches nothing, `[^]` anything, a range that runs backwards is refused,
//! - a character beyond U+FFFF is two units: engines are given texts that [`units`] made.
//!
//! Some patterns are refused although ECMAScript takes them, because no engine here runs them as it would: a
//! back-reference to a group that may not have matched, a look-behind for texts of several lengths, what is too long,
//! too deep or too large once repeated. Both halves refuse the same, since both ask here. One difference is left: a
//! group inside a repetition keeps what it matched in an earlier round, where ECMAScript forgets it. No match depends
//! on that, only what [the first
//! group](https://tc39.es/ecma262/#sec-runtime-semantics-repeatmatcher-abstract-operation) is said to have matched.
//!
//! Not supported: flags, which the format does not have, and inline flags `(?i:)`, which few engines know.

mod check;
mod class;
mod escape;
mod groups;
mod parse;
mod print;
mod set;
mod tree;
mod units;

pub use units::{characters, units};

use print::{Dialect, print};
use std::fmt;
use std::ops::Range;
use tree::{Kind, Node};

/// The longest pattern that is read, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// The deepest nesting of groups. The engines have bounds of their own, which lie above.
pub const MAX_NESTING: usize = 32;

/// The largest size of a pattern with its repetitions written out, in parts: `a{24000}` is nearly as large, since a
/// repetition counts as a part too. A set with characters beyond ASCII counts eightfold.
pub const MAX_SIZE: u64 = 50_000;

/// A pattern that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    root: Node,
    oddities: Vec<Oddity>,
}

/// Why a text is not a pattern, or one that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The bytes of the text that it is about.
    pub at: Range<usize>,
    /// The problem, as a phrase after "the pattern".
    pub why: &'static str,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pattern {}", self.why)
    }
}

impl std::error::Error for Refused {}

/// Something in a pattern that not every engine reads or runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// The bytes of the text that it is about.
    pub at: Range<usize>,
    /// The construct, as a phrase after "the pattern uses".
    pub what: &'static str,
}

/// Which texts an automaton is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// All texts that [`units`] makes.
    Unicode,
    /// Texts of ASCII only, byte by byte.
    Ascii,
}

/// A pattern for an engine without look-around, in the dialect of `regex-syntax`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Automaton {
    /// The pattern to search for.
    pub text: String,
    /// The patterns that must (`true`) or must not match at the beginning of the text as well: the look-ahead after a
    /// leading `^`.
    pub ahead: Vec<(bool, String)>,
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Pattern, Refused> {
        parse::parse(text).map(|(root, oddities)| Pattern { root, oddities })
    }

    /// For an automaton; an error says what none can do.
    pub fn automaton(&self, alphabet: Alphabet) -> Result<Automaton, Oddity> {
        let dialect = Dialect::Automaton(alphabet);
        let mut automaton = Automaton::default();
        let mut rest = std::slice::from_ref(&self.root);
        if let Kind::Concat(nodes) = &self.root.kind {
            rest = nodes;
        }
        if let [Node { kind: Kind::Start, .. }, behind @ ..] = rest {
            let is_ahead = |node: &&Node| matches!(node.kind, Kind::Look { ahead: true, .. });
            for node in behind.iter().take_while(is_ahead) {
                let Kind::Look { negated, body, .. } = &node.kind else { continue };
                let mut text = String::from(r"\A(?:");
                print(body, dialect, &mut text)?;
                text.push(')');
                automaton.ahead.push((!negated, text));
            }
            automaton.text.push_str(r"\A");
            rest = behind.get(automaton.ahead.len()..).unwrap_or_default();
        }
        rest.iter().try_for_each(|node| print(node, dialect, &mut automaton.text))?;
        Ok(automaton)
    }

    /// For an engine that backtracks, in the dialect of `fancy-regex`. Its groups are numbered as the pattern's are.
    pub fn backtracking(&self) -> String {
        let mut text = String::new();
        // Nothing is beyond this dialect.
        let _ = print(&self.root, Dialect::Backtracking, &mut text);
        text
    }

    /// The constructs that other engines read differently, from left to right.
    pub fn oddities(&self) -> &[Oddity] {
        &self.oddities
    }

    /// True if it begins with `^` and ends with `$`, outside of all groups and branches, so that a match is all of a
    /// text.
    pub fn is_whole(&self) -> bool {
        matches!(&self.root.kind, Kind::Concat(nodes)
            if matches!(nodes.as_slice(), [Node { kind: Kind::Start, .. }, .., Node { kind: Kind::End, .. }]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ecmascript_refuses_is_refused_with_its_place() {
        for (pattern, at, why) in [
            ("a(b", 1..2, "has a group that is not closed"),
            ("a)b", 1..2, "has a `)` without a `(`"),
            ("x[a-", 1..2, "has a class that is not closed"),
            (r"ab\", 2..3, "ends in a backslash"),
            ("é[z-a]", 3..6, "has a range that runs backwards"),
            (r"^[()\\-+]$", 4..8, "has a range that runs backwards"),
            ("*a", 0..1, "has a quantifier with nothing before it to repeat"),
            ("a|+", 2..3, "has a quantifier with nothing before it to repeat"),
            ("a{2}{3}", 4..7, "has a quantifier with nothing before it to repeat"),
            ("^*", 1..2, "has a quantifier with nothing before it to repeat"),
            ("(?<=a)?", 6..7, "has a quantifier with nothing before it to repeat"),
            ("a{3,2}", 0..6, "has a quantifier whose numbers run backwards"),
            ("(?P<n>a)", 0..3, "has a group that ECMAScript does not know"),
            ("(?i:a)", 0..3, "has a group that ECMAScript does not know"),
            ("(?>a)", 0..3, "has a group that ECMAScript does not know"),
            ("(?<a-b>x)", 0..6, "has a group whose name is no identifier"),
            ("(?<a>x)(?<a>y)", 7..12, "has two groups of one name"),
            (r"(?<a>x)\k<b>", 7..9, "has a `\\k` without the name of a group"),
        ] {
            assert_eq!(Pattern::parse(pattern), Err(Refused { at, why }), "{pattern}");
        }
    }

    #[test]
    fn what_no_engine_here_runs_as_ecmascript_does_is_refused() {
        for (pattern, why) in [
            (r"(a)|\1", "has a back-reference to a group that may not have matched before"),
            (r"\1(a)", "has a back-reference to a group that may not have matched before"),
            (r"(a)?\1", "has a back-reference to a group that may not have matched before"),
            (r"(?!(a))\1", "has a back-reference to a group that may not have matched before"),
            (r"(?:(a)|b)+\1", "has a back-reference to a group that may not have matched before"),
            ("(?<=a+)b", "has a look-behind for texts of several lengths"),
            ("(?<!a(?:b|cd))e", "has a look-behind for texts of several lengths"),
            ("a{50001}", "is too large once its repetitions are written out"),
            ("((a{0,99}){0,99}){0,99}", "is too large once its repetitions are written out"),
            ("a{99999999999999}", "is too large once its repetitions are written out"),
        ] {
            assert_eq!(Pattern::parse(pattern).map_err(|refused| refused.why), Err(why), "{pattern}");
        }
        let deep = |levels: usize| format!("{}{}", "(".repeat(levels), ")".repeat(levels));
        assert!(Pattern::parse(&deep(MAX_NESTING)).is_ok());
        for hostile in [deep(MAX_NESTING + 1), "(".repeat(4000), "(?=".repeat(1300), "a".repeat(5000), "[".repeat(4000)]
        {
            assert!(Pattern::parse(&hostile).is_err(), "{}", &hostile[..10]);
        }
        for (pattern, fine) in [(r"(a)\1", true), (r"(?:(a)\1|b)+", true), (r"(?=(a))\1", true), ("(?<=ab|c)d", true)] {
            assert_eq!(Pattern::parse(pattern).is_ok(), fine, "{pattern}");
        }
    }

    #[test]
    fn each_engine_is_given_its_dialect() {
        for (pattern, automaton, backtracking) in [
            ("^a$", Ok(r"\Aa\z"), r"\Aa\z"),
            (".", Ok(r"[^\x{A}\x{D}\x{2028}-\x{2029}]"), r"[^\x{A}\x{D}\x{2028}-\x{2029}]"),
            ("[]", Ok(r"[^\x{0}-\x{10FFFF}]"), r"[^\x{0}-\x{10FFFF}]"),
            ("[^]", Ok(r"[\x{0}-\x{10FFFF}]"), r"[\x{0}-\x{10FFFF}]"),
            ("(a)|b", Ok("(?:a)|b"), "(a)|b"),
            ("a{,2}", Ok(r"a\x{7B}\x{2C}2\x{7D}"), r"a\x{7B}\x{2C}2\x{7D}"),
            ("a+?b{2}", Ok("a{1,}?b{2,2}"), "a{1,}?b{2,2}"),
            ("(^)*a", Ok(r"(?:\A|)a"), r"(\A|)a"),
            ("(?=a)*b", Err("look-around"), "(?:(?=a)|)b"),
            (r"(a)\1", Err("a back-reference"), r"(a)(?:\1)"),
            ("😀", Ok("\\x{10003D}\\x{100600}"), "\\x{10003D}\\x{100600}"),
            (
                r"[\ud7ff-\ue000]",
                Ok("[\\x{D7FF}-\\x{E000}\\x{100000}-\\x{1007FF}]"),
                "[\\x{D7FF}-\\x{E000}\\x{100000}-\\x{1007FF}]",
            ),
        ] {
            let read = Pattern::parse(pattern).unwrap();
            let text = read.automaton(Alphabet::Unicode).map(|automaton| automaton.text);
            assert_eq!(text.as_deref().map_err(|oddity| oddity.what), automaton, "{pattern}");
            assert_eq!(read.backtracking(), backtracking, "{pattern}");
        }
        let leading = Pattern::parse("^(?!www)(?=.a)b$").unwrap().automaton(Alphabet::Ascii).unwrap();
        assert_eq!(leading.text, r"\Ab\z");
        let line = r"[\x{0}-\x{9}\x{B}-\x{C}\x{E}-\x{7F}]";
        assert_eq!(leading.ahead, [(false, r"\A(?:www)".to_owned()), (true, format!(r"\A(?:{line}a)"))]);
        for beyond in ["(?!a)b", "^(?!a)b|c", "^(?!(?=a)b)c", "^a(?!b)"] {
            let found = Pattern::parse(beyond).unwrap().automaton(Alphabet::Unicode).map_err(|oddity| oddity.what);
            assert_eq!(found, Err("look-around"), "{beyond}");
        }
    }

    #[test]
    fn what_other_engines_read_differently_is_noted() {
        let letter = "an escape that ECMAScript reads as the letter itself";
        let octal = "an octal escape, which other dialects take for a back-reference";
        for (pattern, expected) in [
            (r"\Aa", Some((0..2, letter))),
            (r"a\p{L}", Some((1..3, letter))),
            (r"\x4", Some((0..2, letter))),
            (r"\c1", Some((0..2, letter))),
            (r"[\z]", Some((1..3, letter))),
            (r"\12", Some((0..3, octal))),
            (r"\0\t\n\v\f\r\cA\x41\u0041\/\-\.\d\W[\b]", None),
            (r"(a)\1", None),
        ] {
            let read = Pattern::parse(pattern).unwrap();
            let first = read.oddities().first().map(|oddity| (oddity.at.clone(), oddity.what));
            assert_eq!(first, expected, "{pattern}");
        }
    }

    #[test]
    fn a_whole_pattern_is_one_whose_every_branch_is_anchored_at_both_ends() {
        for (pattern, expected) in [
            ("^a$", true),
            ("^$", true),
            ("^(a|b)$", true),
            ("^a|b$", false),
            ("a$", false),
            (r"^a\$", false),
            ("(^a$)", false),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().is_whole(), expected, "{pattern}");
        }
    }
}
