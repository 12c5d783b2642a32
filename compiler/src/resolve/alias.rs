//! Laying entries over the entries they name.
//!
//! A chain of aliases is followed with a list and not by recursion, so its length is not limited by the call stack.
//! This module reports through `rules` and never looks at a value other than that of `alias`.

use super::{Alias, Resolved, rules};
use crate::diagnostic::{Diagnostics, near};
use crate::source::Span;
use crate::syntax::{Entry, Mapping, Node, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most nodes that all aliases of a file together may copy. The largest known catalogue copies 6,000.
const MAX_COPIED: usize = 2_000_000;
/// The most missing targets that get a suggestion: for each, all keys are looked at.
const MAX_SUGGESTED: usize = 100;

/// The entries as written: maps, `alias` taken out. The others are reported, and their keys added to `lost`.
pub(super) fn own(entries: Mapping, lost: &mut BTreeSet<String>, diagnostics: &mut Diagnostics) -> Vec<Resolved> {
    let mut own = Vec::with_capacity(entries.entries.len());
    let names = names_if_misspelt(&entries);
    for Entry { key, value } in entries.entries {
        let span = key.span.to(value.span);
        let Node { value: Value::Mapping(mut body), .. } = value else {
            diagnostics.push(rules::not_a_map(&key, &value));
            lost.insert(key.name);
            continue;
        };
        let at = body.entries.iter().position(|entry| entry.key.name == "alias");
        let at = at.or_else(|| body.entries.iter().position(|entry| is_misspelt(entry, &key.name, &names)));
        let alias = match at.map(|at| body.entries.remove(at)) {
            None => None,
            Some(Entry { key: under, value: node }) => {
                let Some(target) = node.as_str() else {
                    diagnostics.push(rules::alias_is_no_text(&key, &node));
                    lost.insert(key.name);
                    continue;
                };
                let misspelt = Some(under).filter(|under| under.name != "alias");
                Some(Alias { target: target.to_owned(), span: node.span, misspelt })
            }
        };
        own.push(Resolved { key, body, span, laid_over: Vec::new(), alias });
    }
    own
}

/// Its names in other formats.
const SYNONYMS: [&str; 8] =
    ["extends", "extend", "inherits", "inherit", "alias_of", "based_on", "same_as", "builds_on"];

/// True if a key is `alias` in other letters or words.
fn sounds_like_alias(name: &str) -> bool {
    let fits = (4..=7).contains(&name.len()) && name.is_ascii() && name != "alias";
    fits && near(name, ["alias"]).is_some() || SYNONYMS.contains(&name)
}

/// The keys of all entries, if some entry has such a key; otherwise they are not needed.
fn names_if_misspelt(entries: &Mapping) -> BTreeSet<String> {
    let has = |entry: &Entry| {
        entry.value.as_mapping().is_some_and(|body| body.iter().any(|entry| sounds_like_alias(&entry.key.name)))
    };
    if entries.iter().any(has) { entries.iter().map(|entry| entry.key.name.clone()).collect() } else { BTreeSet::new() }
}

/// True if a key was meant to be `alias`: it sounds like it, and its value is the key of another entry.
fn is_misspelt(entry: &Entry, own: &str, names: &BTreeSet<String>) -> bool {
    let target = entry.value.as_str().unwrap_or_default();
    target != own && names.contains(target) && sounds_like_alias(&entry.key.name)
}

/// The state of an entry's inheritance.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Done,
    /// Reported, or built on something that is.
    Failed,
}

/// Gives every entry what it inherits, in file order; leaves out those that cannot be resolved. `lost` names entries
/// that exist and could not be read.
pub(super) fn inherit(mut own: Vec<Resolved>, lost: &BTreeSet<String>, diagnostics: &mut Diagnostics) -> Vec<Resolved> {
    let index: BTreeMap<String, usize> =
        own.iter().enumerate().map(|(at, entry)| (entry.key.name.clone(), at)).collect();
    let mut states = vec![State::Waiting; own.len()];
    let (mut copied, mut missing) = (0, 0);

    for start in 0..own.len() {
        let (chain, end) = chain(start, &own, &index, &states);
        let mut state = if matches!(end, End::Root) { State::Done } else { State::Failed };
        match end {
            End::Missing(entry, alias) if !lost.contains(&alias.target) => {
                let others = index.keys().map(String::as_str).filter(|key| *key != entry.key.name);
                let others = others.take(if missing < MAX_SUGGESTED { usize::MAX } else { 0 });
                diagnostics.push(rules::missing(&entry.key, alias, others));
                missing += 1;
            }
            End::Cycle(at) => report_cycle(&own, chain.get(at..).unwrap_or_default(), diagnostics),
            End::Root | End::Failed | End::Missing(..) => {}
        }
        // From the far end of the chain to its start, so that each target is complete.
        for &at in chain.iter().rev() {
            if state == State::Done && !take_over(at, &mut own, &index, &mut copied) {
                diagnostics.extend(own.get(at).and_then(rules::expansion).into_iter().collect());
                state = State::Failed;
            }
            if let Some(slot) = states.get_mut(at) {
                *slot = state;
            }
        }
    }
    own.into_iter().zip(states).filter(|(_, state)| *state == State::Done).map(|(entry, _)| entry).collect()
}

/// Lays an entry over its resolved target, if it has one. `false` when that would copy too much.
fn take_over(at: usize, own: &mut [Resolved], index: &BTreeMap<String, usize>, copied: &mut usize) -> bool {
    let Some(target) = target(at, own, index).and_then(|target| own.get(target)) else {
        return true;
    };
    *copied += target.body.iter().map(|entry| entry.value.size()).sum::<usize>();
    if *copied > MAX_COPIED {
        return false;
    }
    let inherited = target.body.clone();
    if let Some(entry) = own.get_mut(at) {
        let overrides = std::mem::take(&mut entry.body);
        entry.body = overlay(inherited, overrides);
    }
    true
}

/// Where a chain of aliases ends.
enum End<'a> {
    /// At an entry that is resolved, or needs nothing.
    Root,
    /// At an entry that is reported already.
    Failed,
    /// At an entry whose target is not there.
    Missing(&'a Resolved, &'a Alias),
    /// At this place of the chain again.
    Cycle(usize),
}

/// The entries from `start` along their aliases that wait to be resolved, and what ends the chain.
fn chain<'a>(
    start: usize,
    own: &'a [Resolved],
    index: &BTreeMap<String, usize>,
    states: &[State],
) -> (Vec<usize>, End<'a>) {
    let mut chain = Vec::new();
    let mut places = BTreeMap::new();
    let mut next = Some(start);
    while let Some(at) = next {
        if let Some(place) = places.insert(at, chain.len()) {
            return (chain, End::Cycle(place));
        }
        let Some(entry) = own.get(at) else { break };
        match states.get(at) {
            Some(State::Waiting) => chain.push(at),
            Some(State::Failed) => return (chain, End::Failed),
            Some(State::Done) | None => return (chain, End::Root),
        }
        next = target(at, own, index);
        if let (None, Some(alias)) = (next, &entry.alias) {
            return (chain, End::Missing(entry, alias));
        }
    }
    (chain, End::Root)
}

fn target(at: usize, own: &[Resolved], index: &BTreeMap<String, usize>) -> Option<usize> {
    let alias = own.get(at)?.alias.as_ref()?;
    index.get(&alias.target).copied()
}

fn report_cycle(own: &[Resolved], cycle: &[usize], diagnostics: &mut Diagnostics) {
    let mut steps = cycle.iter().filter_map(|at| own.get(*at)).filter_map(|entry| {
        let span: Span = entry.alias.as_ref()?.span;
        Some((&entry.key, span))
    });
    if let Some((first, at)) = steps.next() {
        diagnostics.push(rules::cycle(first, at, &steps.collect::<Vec<_>>()));
    }
}

/// Keys in the target's order, replaced in place by overrides; new keys after them.
fn overlay(mut inherited: Mapping, overrides: Mapping) -> Mapping {
    let places: BTreeMap<String, usize> =
        inherited.iter().enumerate().map(|(at, entry)| (entry.key.name.clone(), at)).collect();
    for entry in overrides.entries {
        match places.get(&entry.key.name).and_then(|at| inherited.entries.get_mut(*at)) {
            Some(slot) => *slot = entry,
            None => inherited.entries.push(entry),
        }
    }
    inherited
}
