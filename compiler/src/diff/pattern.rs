//! Whether a pattern matches less than another one, decided by automata.
//!
//! Without a pattern anything matches. The witness is a shortest text that only one of the two matches.

use crate::patterns::{Inclusion, Language};

/// The change of the texts that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PatternChange {
    /// They are the same.
    Same,
    /// This one is no longer matched; others may be new.
    Narrowed(String),
    /// This one is new, and none is gone.
    Widened(String),
    /// An automaton would be too large, or the pattern is beyond any.
    Undecided,
}

/// From an old pattern to a new one; `None` where the texts are equal.
pub(super) fn compare(old: Option<&str>, new: Option<&str>) -> Option<PatternChange> {
    (old != new).then(|| verdict(old.unwrap_or_default(), new.unwrap_or_default()))
}

fn verdict(old: &str, new: &str) -> PatternChange {
    let (Some(old), Some(new)) = (Language::of(old), Language::of(new)) else { return PatternChange::Undecided };
    match (old.inside(&new), new.inside(&old)) {
        (Inclusion::Outside(witness), _) => PatternChange::Narrowed(witness),
        (Inclusion::Undecided, _) | (_, Inclusion::Undecided) => PatternChange::Undecided,
        (Inclusion::Inside, Inclusion::Outside(witness)) => PatternChange::Widened(witness),
        (Inclusion::Inside, Inclusion::Inside) => PatternChange::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_shows_what_is_no_longer_matched_or_newly_is() {
        let narrowed = |text: &str| Some(PatternChange::Narrowed(text.to_owned()));
        let widened = |text: &str| Some(PatternChange::Widened(text.to_owned()));
        for (old, new, expected) in [
            (Some("^[a-z]+$"), Some("^[a-z]+$"), None),
            (Some("^[a-z]+$"), Some("^[a-z][a-z]*$"), Some(PatternChange::Same)),
            (Some("^[a-z0-9]+$"), Some("^[a-z]+$"), narrowed("0")),
            (Some("^[a-z]+$"), Some("^[a-z0-9]+$"), widened("0")),
            (Some("^[ab]$"), Some("^[bc]$"), narrowed("a")),
            (Some("^a+$"), None, widened("")),
            (None, Some("^a+$"), narrowed("")),
            (Some("[a-z]"), Some("^[a-z]$"), narrowed("/a")),
            (Some(r"^(a)\1$"), Some("^aa$"), Some(PatternChange::Undecided)),
        ] {
            assert_eq!(compare(old, new), expected, "{old:?} -> {new:?}");
        }
    }
}
