//! Whether a pattern matches less than another one, decided by automata.
//!
//! Without a pattern anything matches. The witness is a shortest text that only one of the two matches.

use crate::patterns::{Inclusion, Language};

/// How the texts that a pattern matches changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
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
pub(super) fn compare(old: Option<&str>, new: Option<&str>) -> Option<Verdict> {
    (old != new).then(|| verdict(old.unwrap_or_default(), new.unwrap_or_default()))
}

fn verdict(old: &str, new: &str) -> Verdict {
    let (Some(old), Some(new)) = (Language::of(old), Language::of(new)) else { return Verdict::Undecided };
    match (old.inside(&new), new.inside(&old)) {
        (Inclusion::Outside(witness), _) => Verdict::Narrowed(witness),
        (Inclusion::Undecided, _) | (_, Inclusion::Undecided) => Verdict::Undecided,
        (Inclusion::Inside, Inclusion::Outside(witness)) => Verdict::Widened(witness),
        (Inclusion::Inside, Inclusion::Inside) => Verdict::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_shows_what_is_no_longer_matched_or_newly_is() {
        let narrowed = |text: &str| Some(Verdict::Narrowed(text.to_owned()));
        let widened = |text: &str| Some(Verdict::Widened(text.to_owned()));
        for (old, new, expected) in [
            (Some("^[a-z]+$"), Some("^[a-z]+$"), None),
            (Some("^[a-z]+$"), Some("^[a-z][a-z]*$"), Some(Verdict::Same)),
            (Some("^[a-z0-9]+$"), Some("^[a-z]+$"), narrowed("0")),
            (Some("^[a-z]+$"), Some("^[a-z0-9]+$"), widened("0")),
            (Some("^[ab]$"), Some("^[bc]$"), narrowed("a")),
            (Some("^a+$"), None, widened("")),
            (None, Some("^a+$"), narrowed("")),
            (Some("[a-z]"), Some("^[a-z]$"), narrowed("/a")),
            (Some(r"^(a)\1$"), Some("^aa$"), Some(Verdict::Undecided)),
        ] {
            assert_eq!(compare(old, new), expected, "{old:?} -> {new:?}");
        }
    }
}
