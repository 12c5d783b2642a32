//! The verdict about a fact, from what every catalogue says about it.
//!
//! A catalogue has one voice: where one of its lines agrees, its other lines are about other products or other ways to
//! sign in. This module says what stands against what; `findings` says it to people.

use super::explained::{Explanations, FactSource};
use super::kind::FactKind;
use super::line::Witness;
use super::opinion::{Opinion, opinion};
use super::stated::{StatedFact, mode, stated};
use crate::resolve::Resolved;
use crate::source::Span;
use std::collections::BTreeMap;

/// Catalogues that have not been renewed for long: alone against newer ones, they are wrong. A line can say
/// `stale: true` or `stale: false` of itself.
const STALE: [&str; 4] = ["airbyte", "grant", "openiddict", "powerplatform"];
/// The most values that a finding shows of one catalogue.
const MAX_VALUES: usize = 2;

/// An entry with its facts.
#[derive(Clone, Debug)]
pub struct ComparedEntry {
    /// Its key.
    pub key: String,
    /// Its facts, in the order of their kinds.
    pub facts: Vec<ComparedFact>,
}

/// A fact of an entry, with what other catalogues say about it.
#[derive(Clone, Debug)]
pub struct ComparedFact {
    /// Its kind.
    pub kind: FactKind,
    /// The names that lead to it, the entry's key not among them. A default that is not written has the path of the key
    /// that would change it.
    pub path: Vec<String>,
    /// The value, or what a default follows from.
    pub span: Span,
    /// The names that lead to what stands there.
    pub place: Vec<String>,
    /// The value as the entry has it.
    pub value: String,
    /// The catalogues that say the same, sorted.
    pub agreed: Vec<String>,
    /// Those that say something else, sorted.
    pub opposing: Vec<Opposing>,
    /// The place where the entry says it was read.
    pub source: Option<FactSource>,
    /// The verdict.
    pub standing: Standing,
}

/// A catalogue that says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opposing {
    /// The catalogue.
    pub source: String,
    /// The other values.
    pub values: Vec<String>,
    /// True if it has not been renewed for long.
    pub stale: bool,
    /// True if it may be about another service.
    pub doubtful: bool,
    /// True if the entry names it under `differs_from`.
    pub explained: bool,
}

/// The verdict about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No catalogue says anything about it.
    Unwitnessed,
    /// At least one says the same, and none something else that counts.
    Agreed,
    /// Every catalogue that says something else is named as such by the entry.
    Explained,
    /// Something else is said by catalogues that others outweigh.
    Outweighed,
    /// Something else is said, and the entry does not say why.
    Differs,
}

impl Standing {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Unwitnessed => "unwitnessed",
            Standing::Agreed => "agreed",
            Standing::Explained => "explained",
            Standing::Outweighed => "outweighed",
            Standing::Differs => "differs",
        }
    }
}

/// The facts of an entry, compared. `witnesses` are the lines about it.
pub(super) fn compared(entry: &Resolved, witnesses: &[&Witness], known: &Explanations<'_>) -> Vec<ComparedFact> {
    let Some(mode) = mode(entry) else { return Vec::new() };
    let key = entry.key.name.as_str();
    let judge = |fact: StatedFact| {
        let mut voices: BTreeMap<&str, Voice> = BTreeMap::new();
        for witness in witnesses {
            let voice = voices.entry(&witness.source).or_insert_with(|| Voice::of(witness));
            match opinion(&fact, key, mode, witness) {
                Opinion::Silent => {}
                Opinion::Agrees => voice.agrees = true,
                Opinion::Differs { value, doubtful } => {
                    voice.doubtful &= doubtful;
                    if voice.values.len() < MAX_VALUES && !voice.values.contains(&value) {
                        voice.values.push(value);
                    }
                }
            }
        }
        let source = known.of(key, &fact.path.join("."), fact.span).cloned();
        let (agreed, opposing) = sides(voices, source.as_ref());
        let standing = standing(&agreed, &opposing);
        let StatedFact { kind, path, span, place, shown: value, .. } = fact;
        ComparedFact { kind, path, span, place, value, agreed, opposing, source, standing }
    };
    stated(entry).into_iter().map(judge).collect()
}

/// The lines of one catalogue, taken together.
struct Voice {
    agrees: bool,
    values: Vec<String>,
    stale: bool,
    doubtful: bool,
}

impl Voice {
    fn of(witness: &Witness) -> Voice {
        let stale = witness.stale.unwrap_or_else(|| is_stale(&witness.source));
        Voice { agrees: false, values: Vec::new(), stale, doubtful: true }
    }
}

/// True if a catalogue is known to be old.
pub(super) fn is_stale(source: &str) -> bool {
    STALE.contains(&source)
}

fn sides(voices: BTreeMap<&str, Voice>, source: Option<&FactSource>) -> (Vec<String>, Vec<Opposing>) {
    let (mut agreed, mut opposing) = (Vec::new(), Vec::new());
    for (name, Voice { agrees, values, stale, doubtful }) in voices {
        if agrees {
            agreed.push(name.to_owned());
        } else if !values.is_empty() {
            let explained = source.is_some_and(|source| source.differs_from.iter().any(|(from, _)| from == name));
            opposing.push(Opposing { source: name.to_owned(), values, stale, doubtful, explained });
        }
    }
    (agreed, opposing)
}

fn standing(agreed: &[String], opposing: &[Opposing]) -> Standing {
    let mut left = opposing.iter().filter(|opposing| !opposing.explained).peekable();
    if left.peek().is_none() {
        return match (agreed.is_empty(), opposing.is_empty()) {
            (_, false) => Standing::Explained,
            (false, true) => Standing::Agreed,
            (true, true) => Standing::Unwitnessed,
        };
    }
    let fresh = agreed.iter().filter(|source| !is_stale(source)).count();
    let outweighed = |opposing: &Opposing| match opposing {
        Opposing { doubtful: true, .. } => true,
        // Newer ones agree, or at least two old ones do.
        Opposing { stale: true, .. } => fresh > 0 || agreed.len() > 1,
        _ => false,
    };
    if left.all(outweighed) { Standing::Outweighed } else { Standing::Differs }
}

#[cfg(test)]
mod tests {
    use super::{Opposing, Standing, standing};

    #[test]
    fn an_old_catalogue_alone_is_outweighed() {
        let against = |source: &str, doubtful, explained| Opposing {
            source: source.to_owned(),
            values: vec!["x".to_owned()],
            stale: super::is_stale(source),
            doubtful,
            explained,
        };
        let (old, new) = (against("grant", false, false), against("new", false, false));
        for (agreed, opposing, expected) in [
            (&[][..], vec![], Standing::Unwitnessed),
            (&["grant"], vec![], Standing::Agreed),
            (&[], vec![old.clone()], Standing::Differs),
            (&["other"], vec![old.clone()], Standing::Outweighed),
            (&["airbyte"], vec![old.clone()], Standing::Differs),
            (&["airbyte", "openiddict"], vec![old.clone()], Standing::Outweighed),
            (&["other", "another"], vec![new.clone()], Standing::Differs),
            (&["other"], vec![old.clone(), new.clone()], Standing::Differs),
            (&[], vec![against("new", true, false)], Standing::Outweighed),
            (&[], vec![against("new", false, true)], Standing::Explained),
            (&["other"], vec![against("new", false, true), old], Standing::Outweighed),
            (&["other"], vec![against("new", false, true), new], Standing::Differs),
        ] {
            let agreed: Vec<String> = agreed.iter().map(|source| (*source).to_owned()).collect();
            assert_eq!(standing(&agreed, &opposing), expected, "{agreed:?} {opposing:?}");
        }
    }
}
