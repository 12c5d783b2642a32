//! Patterns that are asked several things, each read and compiled once: many entries share one, and several rules look
//! at it.
//!
//! A memo: what it keeps follows from the text alone, so the order in which it is asked changes no answer.

use super::Matcher;
use super::matcher::{anchors_of, compiled_for_search};
use keyway_format::pattern::{Alphabet, Pattern, Refused};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The analysis of one pattern.
#[derive(Debug)]
pub struct Studied {
    read: Result<Pattern, Refused>,
    matcher: OnceLock<Option<Matcher>>,
}

impl Studied {
    fn of(text: &str) -> Studied {
        Studied { read: Pattern::parse(text), matcher: OnceLock::new() }
    }

    /// The pattern, or why it is none.
    pub fn read(&self) -> Result<&Pattern, &Refused> {
        self.read.as_ref()
    }

    /// Whether a text matches; `None` where it is no pattern, no automaton can decide it, or it grows too large.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        let compiled = || compiled_for_search(&self.read.as_ref().ok()?.automaton(Alphabet::Unicode).ok()?);
        self.matcher.get_or_init(compiled).as_ref().map(|matcher| matcher.is_match(text))
    }

    /// Whether every match begins at the beginning of the text, and whether every match ends at its end; `None` where
    /// no automaton can decide it.
    pub fn anchors(&self) -> Option<(bool, bool)> {
        anchors_of(self.read.as_ref().ok()?)
    }
}

/// Patterns by their text.
#[derive(Debug, Default)]
pub struct Patterns(Mutex<BTreeMap<String, Arc<Studied>>>);

impl Patterns {
    /// The analysis of a pattern.
    pub fn get(&self, text: &str) -> Arc<Studied> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(studied) = known.get(text) {
            return Arc::clone(studied);
        }
        let studied = Arc::new(Studied::of(text));
        known.insert(text.to_owned(), Arc::clone(&studied));
        studied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_once_and_answers_what_a_matcher_answers() {
        let patterns = Patterns::default();
        for (pattern, text) in [("^a+$", "aa"), ("^a+$", "b"), ("a", "ba"), (r"^(a)\1$", "aa"), ("(", "a")] {
            let expected = Matcher::new(pattern).ok().flatten().map(|matcher| matcher.is_match(text));
            assert_eq!(patterns.get(pattern).is_match(text), expected, "/{pattern}/ on {text}");
        }
        assert!(Arc::ptr_eq(&patterns.get("a"), &patterns.get("a")));
        assert_eq!(patterns.get("^a").anchors(), Some((true, false)));
        assert_eq!(patterns.get("(").anchors(), None);
        assert!(patterns.get("(").read().is_err());
    }
}
