//! Differences as findings, each at the value that it is about.

use super::explained::{Explanations, FactSource};
use super::pages::{STALE_EXPLANATION, WITNESS_DIFFERS};
use super::verdict::{ComparedEntry, ComparedFact, Opposing, Standing};
use crate::diagnostic::{Diagnostic, Severity};
use std::collections::BTreeSet;

/// The most characters of a value that are shown.
const MAX_SHOWN: usize = 120;
/// The most catalogues that are named on one side.
const MAX_NAMED: usize = 6;

/// The findings about an entry.
pub(super) fn findings(entry: &ComparedEntry, known: &Explanations<'_>) -> Vec<Diagnostic> {
    let differing = entry.facts.iter().filter_map(|fact| difference(&entry.key, fact));
    let stale = known.own(&entry.key).filter_map(|source| stale(entry, source));
    differing.chain(stale).collect()
}

fn difference(key: &str, fact: &ComparedFact) -> Option<Diagnostic> {
    let severity = match fact.standing {
        Standing::Differs => Severity::Warning,
        Standing::Outweighed => Severity::Note,
        Standing::Unwitnessed | Standing::Agreed | Standing::Explained => return None,
    };
    let against: Vec<&Opposing> = fact.opposing.iter().filter(|opposing| !opposing.explained).collect();
    let names = |names: &[&str]| {
        let named: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`{}`", shown(name))).collect();
        let more = names.len().saturating_sub(MAX_NAMED);
        named.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
    };
    let path = fact.path.join(".");
    let agreed: Vec<&str> = fact.agreed.iter().map(String::as_str).collect();
    let opposed: Vec<&str> = against.iter().map(|opposing| opposing.source.as_str()).collect();
    let and_agreed = if agreed.is_empty() {
        String::new()
    } else {
        format!("; {} {}", names(&agreed), if agreed.len() == 1 { "agrees" } else { "agree" })
    };
    let is_written = fact.place == fact.path;
    let ours = if is_written { String::new() } else { format!(" (here `{}`)", shown(&fact.value)) };
    let message = format!("`{path}`{ours} is stated differently in {}{and_agreed}", names(&opposed));
    let path_of_entry: Vec<String> = std::iter::once(key.to_owned()).chain(fact.place.iter().cloned()).collect();
    let mut found = Diagnostic::new(&WITNESS_DIFFERS, message, fact.span).label(said(&against)).at(&path_of_entry);
    found.severity = severity;
    Some(found.help(format!(
        "read the vendor's page: correct the value, or say under `keyway.sources.{path}` where it stands and whom it \
         `differs_from`"
    )))
}

/// "`x` in `a`, `b`; `y` in `c`"
fn said(against: &[&Opposing]) -> String {
    let mut values: Vec<(&str, Vec<&str>)> = Vec::new();
    for opposing in against {
        for value in &opposing.values {
            match values.iter_mut().find(|(known, _)| known == value) {
                Some((_, sources)) => sources.push(&opposing.source),
                None => values.push((value, vec![&opposing.source])),
            }
        }
    }
    let each = values.iter().take(MAX_NAMED).map(|(value, sources)| {
        let sources: Vec<String> =
            sources.iter().take(MAX_NAMED).map(|source| format!("`{}`", shown(source))).collect();
        format!("`{}` in {}", shown(value), sources.join(", "))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// An explanation of a difference that does not exist. What the data says nothing about is left alone.
fn stale(entry: &ComparedEntry, source: &FactSource) -> Option<Diagnostic> {
    let facts: Vec<&ComparedFact> = entry.facts.iter().filter(|fact| fact.path.join(".") == source.path).collect();
    let opposing: BTreeSet<&str> =
        facts.iter().flat_map(|fact| &fact.opposing).map(|opposing| opposing.source.as_str()).collect();
    let agreed: BTreeSet<&str> = facts.iter().flat_map(|fact| &fact.agreed).map(String::as_str).collect();
    let (name, span) = source
        .differs_from
        .iter()
        .find(|(name, _)| agreed.contains(name.as_str()) && !opposing.contains(name.as_str()))?;
    let path = [entry.key.as_str(), "keyway", "sources", &source.path, "differs_from"].map(str::to_owned);
    let found = Diagnostic::new(&STALE_EXPLANATION, format!("`{name}` says the same of `{}`", source.path), *span);
    Some(found.label("explains a difference that does not exist").help("remove this name").at(&path))
}

/// A text of a stranger, so that it stays on its line and short.
fn shown(text: &str) -> String {
    let plain: String =
        text.chars().take(MAX_SHOWN).map(|c| if c.is_control() || c == '`' { '\u{fffd}' } else { c }).collect();
    if text.chars().count() > MAX_SHOWN { plain + "..." } else { plain }
}
