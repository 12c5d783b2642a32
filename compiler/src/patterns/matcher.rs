//! Whether a text matches a pattern, as a form decides it: searched, with the conditions of its look-ahead.

use keyway_format::pattern::{Alphabet, Automaton, Pattern, Refused, units};
use regex_automata::Input;
use regex_automata::nfa::thompson::{self, pikevm::PikeVM};
use regex_automata::util::syntax;
use regex_syntax::hir::Look;

/// A pattern that can be tried on texts.
#[derive(Debug)]
pub struct Matcher {
    main: PikeVM,
    ahead: Vec<(bool, PikeVM)>,
}

/// The most memory of one compiled pattern.
const MAX_SIZE: usize = 1 << 20;

/// The deepest tree of an engine. Each group of a pattern is at most a group, a repetition, a choice and a
/// sequence.
pub(super) const MAX_NESTING: u32 = 250;

impl Matcher {
    /// Compiles a pattern; `Ok(None)` where no automaton can decide it, or it grows too large.
    pub fn new(pattern: &str) -> Result<Option<Matcher>, Refused> {
        let read = Pattern::parse(pattern)?;
        Ok(read.automaton(Alphabet::Unicode).ok().and_then(|automaton| compiled_for_search(&automaton)))
    }

    /// True if a text matches.
    pub fn is_match(&self, text: &str) -> bool {
        let text = units(text);
        let found = |machine: &PikeVM| machine.is_match(&mut machine.create_cache(), Input::new(&*text));
        found(&self.main) && self.ahead.iter().all(|(must, machine)| found(machine) == *must)
    }
}

pub(super) fn compiled_for_search(automaton: &Automaton) -> Option<Matcher> {
    let build = |text: &str| {
        let limit =
            thompson::Config::new().nfa_size_limit(Some(MAX_SIZE)).which_captures(thompson::WhichCaptures::None); // only whether there is a match is asked
        PikeVM::builder().syntax(syntax::Config::new().nest_limit(MAX_NESTING)).thompson(limit).build(text).ok()
    };
    let ahead: Option<Vec<_>> = automaton.ahead.iter().map(|(must, text)| Some((*must, build(text)?))).collect();
    Some(Matcher { main: build(&automaton.text)?, ahead: ahead? })
}

/// Whether every match begins at the beginning of the text, and whether every match ends at its end; `None` where no
/// automaton can decide it.
pub(super) fn anchors_of(read: &Pattern) -> Option<(bool, bool)> {
    if read.is_whole() {
        return Some((true, true));
    }
    let automaton = read.automaton(Alphabet::Unicode).ok()?;
    let hir = regex_syntax::ParserBuilder::new().nest_limit(MAX_NESTING).build().parse(&automaton.text).ok()?;
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
            ("^.$", "\u{2028}", Some(false)),
            ("^.$", "\u{85}", Some(true)),
            ("^[^]$", "\n", Some(true)),
            ("^[^]$", "é", Some(true)),
            ("^[]?$", "", Some(true)),
            ("[]", "a", Some(false)),
            (r"^\s$", "\u{a0}", Some(true)),
            (r"^\S$", "\u{feff}", Some(false)),
            ("^.$", "😀", Some(false)),
            ("^..$", "😀", Some(true)),
            ("^[^a]{2}$", "😀", Some(true)),
            ("^😀+$", "😀", Some(true)),
            (r"^\ud83d\ude00$", "😀", Some(true)),
            (r"^\bkey\b-\Bx?", "key-", Some(true)),
            (r"^\p{2}$", "pp", Some(true)),
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
        for pattern in ["(", "[a", "a\\", "(?<", "*", "(?P<n>a)", "[z-a]", r"[\\-+]", "a{3,2}", "a{2}{3}"] {
            assert!(Matcher::new(pattern).is_err(), "{pattern}");
        }
        for pattern in
            ["a{65535}{65535}", &"(".repeat(4000), &"(?=".repeat(1000), &"a".repeat(5000), "^((a{0,99}){0,99}){0,99}$"]
        {
            assert!(!matches!(Matcher::new(pattern), Ok(Some(_))), "{}", &pattern[..10]);
        }
    }
}
