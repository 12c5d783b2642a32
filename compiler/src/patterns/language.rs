//! The texts that a pattern matches, as deterministic automata, and whether all of them are in another such set.
//!
//! Only texts of printable ASCII are looked at: the grammars that patterns are held to know no other.

use super::matcher::MAX_NESTING;
use keyway_format::pattern::{Alphabet, Pattern};
use regex_automata::dfa::{Automaton, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};
use std::collections::{HashSet, VecDeque};

/// A set of texts.
#[derive(Debug)]
pub struct Language {
    /// Each with whether a text must be in it.
    parts: Vec<(bool, dense::DFA<Vec<u32>>)>,
}

/// Whether all texts of one set are in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// All are.
    Inside,
    /// This one is not.
    Outside(String),
    /// None was found that is not, and not all were looked at.
    Undecided,
}

/// The most memory of an automaton, and of making it.
const MAX_AUTOMATON_SIZE: usize = 1 << 19;

/// The most states that a comparison visits.
const MAX_PRODUCT_STATES: usize = 4096;

impl Language {
    /// The texts in which a pattern is found; `None` where that is undecided.
    pub fn of(pattern: &str) -> Option<Language> {
        let read = Pattern::parse(pattern).ok()?;
        let printed = read.automaton(Alphabet::Ascii).ok()?;
        let ahead = printed.ahead.iter().map(|(must, text)| Some((*must, automaton(&anywhere(text))?)));
        // What matches all of a text needs no search, which would double the work.
        let main = if read.is_whole() { format!(r"\A(?:{})\z", printed.text) } else { anywhere(&printed.text) };
        let parts: Option<Vec<_>> = std::iter::once(Some((true, automaton(&main)?))).chain(ahead).collect();
        Some(Language { parts: parts? })
    }

    /// A shortest text of this set that is not in `other`: first with what ends a host, then letters.
    pub fn outside(&self, other: &Language) -> Option<String> {
        match self.inside(other) {
            Inclusion::Outside(witness) => Some(witness),
            Inclusion::Inside | Inclusion::Undecided => None,
        }
    }

    /// Whether all texts of this set are in `other`; if not, a shortest that is not, as [`Language::outside`] has it.
    pub fn inside(&self, other: &Language) -> Inclusion {
        let parts: Vec<&(bool, dense::DFA<Vec<u32>>)> = self.parts.iter().chain(&other.parts).collect();
        let begin = start::Config::new().anchored(Anchored::Yes);
        let first: Option<Vec<StateID>> = parts.iter().map(|(_, dfa)| dfa.start_state(&begin).ok()).collect();
        let accepted = |states: &[StateID], parts: &[(bool, dense::DFA<Vec<u32>>)]| {
            parts.iter().zip(states).all(|((must, dfa), state)| dfa.is_match_state(dfa.next_eoi_state(*state)) == *must)
        };
        let Some(first) = first else { return Inclusion::Undecided };
        let letters = distinct(&parts);
        let mut is_whole = true;
        let mut seen = HashSet::from([first.clone()]);
        let mut waiting = VecDeque::from([(first, String::new())]);
        while let Some((states, text)) = waiting.pop_front() {
            let (ours, theirs) = states.split_at(self.parts.len());
            if accepted(ours, &self.parts) && !accepted(theirs, &other.parts) {
                return Inclusion::Outside(text);
            }
            // Most letters lead where another one led: only what is new here is looked up among all.
            let mut here: Vec<Vec<StateID>> = Vec::new();
            for letter in letters.iter().copied() {
                let led = || parts.iter().zip(&states).map(|((_, dfa), state)| dfa.next_state(*state, letter));
                if here.iter().any(|known| known.iter().copied().eq(led())) {
                    continue;
                }
                let next: Vec<StateID> = led().collect();
                here.push(next.clone());
                let dead = parts.first().zip(next.first()).is_none_or(|((_, dfa), state)| dfa.is_dead_state(*state));
                if dead || seen.contains(&next) {
                    continue;
                }
                if seen.len() >= MAX_PRODUCT_STATES {
                    is_whole = false;
                } else {
                    seen.insert(next.clone());
                    waiting.push_back((next, format!("{text}{}", char::from(letter))));
                }
            }
        }
        if is_whole { Inclusion::Inside } else { Inclusion::Undecided }
    }
}

/// The letters that some of the automata tell apart, each the first of its kind: the others lead where it leads.
fn distinct(parts: &[&(bool, dense::DFA<Vec<u32>>)]) -> Vec<u8> {
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    letters()
        .filter(|letter| known.insert(parts.iter().map(|(_, dfa)| dfa.byte_classes().get(*letter)).collect()))
        .collect()
}

/// Printable ASCII: what is easy to read in a witness first.
fn letters() -> impl Iterator<Item = u8> {
    const TELLING: &[u8] = b"/@#?:\\";
    let rest = (b'a'..=b'z').chain(b'0'..=b'9').chain(b' '..=b'~').filter(|letter| !TELLING.contains(letter));
    TELLING.iter().copied().chain(rest)
}

/// A pattern as one of whole texts: those it is found in.
fn anywhere(text: &str) -> String {
    format!(r"\A(?s-u:.*)(?:{text})(?s-u:.*)\z")
}

/// The automaton of a pattern that matches whole texts.
fn automaton(whole: &str) -> Option<dense::DFA<Vec<u32>>> {
    let config = dense::Config::new()
        .dfa_size_limit(Some(MAX_AUTOMATON_SIZE))
        .determinize_size_limit(Some(MAX_AUTOMATON_SIZE))
        .start_kind(regex_automata::dfa::StartKind::Anchored)
        .match_kind(MatchKind::All);
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().unicode(false).utf8(false).nest_limit(MAX_NESTING))
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(MAX_AUTOMATON_SIZE)))
        .build(whole)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_a_grammar_is_shown() {
        for (pattern, grammar, expected) in [
            ("^[a-z]+$", "^[a-z0-9]*$", None),
            ("^[a-z/]+$", "^[a-z0-9]*$", Some("/")),
            ("[a-z]+", "^[a-z0-9]*$", Some("/a")),
            ("^a|b$", "^[ab]*$", Some("/b")),
            ("^(?!a)[a-z]$", "^[b-z]$", None),
            ("^(?=.*@)[a-z@]+$", "^[a-z]*$", Some("@")),
            ("^a.c$", "^[a-z]*$", Some("a/c")),
        ] {
            let (pattern, grammar) = (Language::of(pattern).unwrap(), Language::of(grammar).unwrap());
            assert_eq!(pattern.outside(&grammar).as_deref(), expected);
        }
    }

    #[test]
    fn what_is_too_large_is_undecided() {
        assert!(Language::of(r"^(a)\1$").is_none());
        assert!(Language::of("(a|b)*a(a|b){30}").is_none());
    }
}
