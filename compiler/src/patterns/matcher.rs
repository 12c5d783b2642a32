//! Whether a text matches a pattern, as a form decides it: searched, with the conditions of its look-ahead.

use super::dialect::{Dialect, Unreadable, translate};
use regex_automata::Input;
use regex_automata::nfa::thompson::{self, pikevm::PikeVM};
use regex_automata::util::syntax;
use regex_syntax::hir::{Hir, Look};

/// A pattern that can be tried on texts.
#[derive(Debug)]
pub struct Matcher {
    main: PikeVM,
    ahead: Vec<(bool, PikeVM)>,
}

/// The most memory of one compiled pattern.
const LARGEST: usize = 1 << 18;

impl Matcher {
    /// Compiles a pattern; `Ok(None)` where no automaton can decide it, or it grows too large.
    pub fn new(pattern: &str) -> Result<Option<Matcher>, Unreadable> {
        let dialect = parsed(pattern)?.0;
        if dialect.beyond.is_some() {
            return Ok(None);
        }
        Ok(compiled(&dialect))
    }

    /// Whether a text matches.
    pub fn is_match(&self, text: &str) -> bool {
        let found = |machine: &PikeVM, input: Input<'_>| machine.is_match(&mut machine.create_cache(), input);
        found(&self.main, Input::new(text))
            && self.ahead.iter().all(|(must, machine)| found(machine, Input::new(text)) == *must)
    }
}

fn compiled(dialect: &Dialect) -> Option<Matcher> {
    let build = |text: &str| {
        let limit = thompson::Config::new().nfa_size_limit(Some(LARGEST));
        PikeVM::builder().syntax(syntax::Config::new().nest_limit(50)).thompson(limit).build(text).ok()
    };
    let ahead: Option<Vec<_>> =
        dialect.ahead.iter().map(|(must, text)| Some((*must, build(&format!("^(?:{text})"))?))).collect();
    Some(Matcher { main: build(&dialect.text)?, ahead: ahead? })
}

/// Whether a pattern can be read.
pub(crate) fn validate(pattern: &str) -> Result<(), Unreadable> {
    parsed(pattern).map(drop)
}

fn parsed(pattern: &str) -> Result<(Dialect, Hir), Unreadable> {
    let dialect = translate(pattern)?;
    let hir = regex_syntax::ParserBuilder::new().nest_limit(50).build().parse(&dialect.text);
    hir.map(|hir| (dialect, hir)).map_err(|_| Unreadable("is no regular expression"))
}

/// Whether every match begins at the beginning of the text, and whether every match ends at its end.
pub(crate) fn anchors(pattern: &str) -> Option<(bool, bool)> {
    let (_, hir) = parsed(pattern).ok()?;
    let properties = hir.properties();
    Some((properties.look_set_prefix().contains(Look::Start), properties.look_set_suffix().contains(Look::End)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_in_a_browser() {
        for (pattern, text, expected) in [
            ("^a$", "a", Some(true)),
            ("^a$", "a\n", Some(false)),
            ("b", "abc", Some(true)),
            (r"^\d+$", "٣", Some(false)),
            (r"^\w+$", "é", Some(false)),
            (r"^[\w\-+]+$", "a-+", Some(true)),
            (r"^[\w-.]+$", "a-.", Some(true)),
            ("^[a-z-]+$", "a-z", Some(true)),
            ("^[[&&~]+$", "[&~", Some(true)),
            ("^(?!a)b", "b", Some(true)),
            ("^(?!b)b", "b", Some(false)),
            ("^(?=.*x)[a-z]+$", "axb", Some(true)),
            ("^(?=.*x)[a-z]+$", "ab", Some(false)),
            ("^a{,2}$", "a{,2}", Some(true)),
            ("^}]$", "}]", Some(true)),
            (r"^\u00e9\x41$", "éA", Some(true)),
            (r"^(a)\1$", "aa", None),
            ("a(?!b)", "ac", None),
            ("^(?<year>[0-9]+)$", "2026", Some(true)),
        ] {
            let matcher = Matcher::new(pattern).unwrap();
            assert_eq!(matcher.map(|matcher| matcher.is_match(text)), expected, "/{pattern}/ on {text:?}");
        }
    }

    #[test]
    fn hostile_patterns_are_refused_or_undecided() {
        for pattern in ["(", "[a", "a\\", "(?<", "*", "(?P<n>a)", "[z-a]", r"[\\-+]", r"\x1", "a{3,2}"] {
            assert!(Matcher::new(pattern).is_err(), "{pattern}");
        }
        for pattern in
            ["a{65535}{65535}", &"(".repeat(4000), &"(?=".repeat(1000), &"a".repeat(5000), "^((a{0,99}){0,99}){0,99}$"]
        {
            assert!(!matches!(Matcher::new(pattern), Ok(Some(_))), "{}", &pattern[..10]);
        }
    }
}
