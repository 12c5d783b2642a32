//! Laying further files over a file of providers, ahead of its aliases.
//!
//! Maps are merged key by key, however deep; anything else replaces what stands there. Nodes are moved, so a finding in
//! an overlaid node points into the file it was written in. An overlay adds to entries and never adds one. Depth is
//! bounded by `syntax`. Aliases are resolved afterwards (`alias`).

use super::rules;
use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::syntax::{Document, Mapping, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most unknown entries that get a suggestion: for each, all keys are looked at.
const MAX_SUGGESTED: usize = 100;

/// Lays overlays over a document, the later ones over the earlier ones. Gives the places of the texts laid over each
/// entry.
pub(super) fn lay(
    document: &mut Document,
    overlays: Vec<Document>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Vec<Span>> {
    let mut laid: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    let places = places(&document.entries);
    let lost: BTreeSet<&str> = document.lost.iter().filter_map(|lost| lost.key.as_deref()).collect();
    let mut suggested = 0;
    for entry in overlays.into_iter().flat_map(|overlay| overlay.entries.entries) {
        let Some(at) = places.get(&entry.key.name) else {
            if !lost.contains(entry.key.name.as_str()) {
                let known =
                    places.keys().map(String::as_str).take(if suggested < MAX_SUGGESTED { usize::MAX } else { 0 });
                diagnostics.push(rules::nothing_to_lay_over(&entry.key, known));
                suggested += 1;
            }
            continue;
        };
        let Value::Mapping(over) = entry.value.value else {
            diagnostics.push(rules::not_a_map(&entry.key, &entry.value));
            continue;
        };
        laid.entry(entry.key.name).or_default().push(entry.key.span.to(entry.value.span));
        // What is laid over something else than a map cannot mend it; that is reported where it stands.
        if let Some(Value::Mapping(under)) = document.entries.entries.get_mut(*at).map(|under| &mut under.value.value) {
            merge(under, over);
        }
    }
    laid
}

fn merge(under: &mut Mapping, over: Mapping) {
    let places = places(under);
    for entry in over.entries {
        match places.get(&entry.key.name).and_then(|at| under.entries.get_mut(*at)) {
            None => under.entries.push(entry),
            Some(slot) => match (&mut slot.value.value, entry.value.value) {
                (Value::Mapping(under), Value::Mapping(over)) => merge(under, over),
                (value, over) => {
                    *value = over;
                    slot.value.span = entry.value.span;
                    slot.key = entry.key;
                }
            },
        }
    }
}

fn places(mapping: &Mapping) -> BTreeMap<String, usize> {
    mapping.iter().enumerate().map(|(at, entry)| (entry.key.name.clone(), at)).collect()
}
