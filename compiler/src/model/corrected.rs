//! Finding what was meant in an entry: keys that are clearly misspelt get the right name.
//!
//! One misspelt key is one mistake. If what reads the entry took it for missing, everything that depends on it would be
//! reported too; so the later stages read the entry as it was meant, and only the key itself is reported. Nodes keep
//! their places. An auth mode is corrected in the same way: it decides which keys are read. Other values stay as they
//! are, and so does a key whose right name the map has already.

use super::keys;
use super::kit::corrected::{Corrected, CorrectedKey};
use super::kit::value_type::Below;
use super::kit::vocabulary::Guess;
use super::vocabulary::{clearly_meant_mode, guess};
use crate::resolve::Resolved;
use crate::syntax::{Mapping, Node, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// Corrects an entry.
pub fn corrected(entry: &Resolved) -> Corrected<'_> {
    let mut keys = Vec::new();
    search(&entry.body, root(), &mut Vec::new(), &mut keys);
    let mut corrected = Cow::Borrowed(entry);
    if !keys.is_empty() {
        rename(&mut corrected.to_mut().body, &keys);
    }
    let mode = clearly_meant_mode(&corrected.body).and_then(|meant| correct_mode(corrected.to_mut(), meant));
    Corrected { written: entry, entry: corrected, keys, mode }
}

/// Writes the mode; gives what stood there.
fn correct_mode(entry: &mut Resolved, meant: &str) -> Option<String> {
    let slot = entry.body.entries.iter_mut().find(|entry| entry.key.name == "auth_mode")?;
    match &mut slot.value.value {
        Value::Text(text) => {
            text.verbatim = None;
            Some(std::mem::replace(&mut text.text, meant.to_owned()))
        }
        _ => None,
    }
}

type Show = fn(&mut dyn FnMut(Below));

/// The content that the format allows in a value: found out when a value of its kind is first met, and kept.
struct Allowed {
    /// Where it is said. A name can be there more than once: modes differ in what it holds.
    shows: Vec<Show>,
    level: OnceLock<Box<Level>>,
}

/// What may stand in a map or a list.
struct Level {
    /// The names of the keys, as they are listed.
    names: Vec<&'static str>,
    keys: BTreeMap<&'static str, Allowed>,
    /// What stands under any other name, in a map with free names.
    any: Option<Allowed>,
    /// An item.
    item: Option<Allowed>,
}

impl Allowed {
    fn of(shows: Vec<Show>) -> Option<Allowed> {
        (!shows.is_empty()).then(|| Allowed { shows, level: OnceLock::new() })
    }

    fn level(&self) -> &Level {
        self.level.get_or_init(|| {
            let (mut keys, mut any, mut items) = (Vec::new(), Vec::new(), Vec::new());
            for show in &self.shows {
                show(&mut |step| match step {
                    Below::Key(info) => keys.push((info.name, info.below)),
                    Below::Any(next) => any.push(next),
                    Below::Item(next) => items.push(next),
                });
            }
            Box::new(Level::new(keys, &any, items))
        })
    }
}

impl Level {
    fn new(keys: Vec<(&'static str, Show)>, any: &[Show], items: Vec<Show>) -> Level {
        let names = keys.iter().map(|(name, _)| *name).collect();
        let mut shows: BTreeMap<&'static str, Vec<Show>> = BTreeMap::new();
        for (name, show) in keys {
            shows.entry(name).or_default().push(show);
        }
        let of_key = |(name, shows): (_, Vec<Show>)| Some((name, Allowed::of([shows, any.to_vec()].concat())?));
        let keys = shows.into_iter().filter_map(of_key).collect();
        Level { names, keys, any: Allowed::of(any.to_vec()), item: Allowed::of(items) }
    }
}

/// The keys of an entry.
fn root() -> &'static Level {
    static ROOT: LazyLock<Level> = LazyLock::new(|| {
        let of = |key: &'static keys::RootKey| key.variants.iter().map(|(info, _)| (key.name, info.below));
        Level::new(keys::root_keys().iter().flat_map(of).collect(), &[], Vec::new())
    });
    &ROOT
}

fn search(mapping: &Mapping, level: &Level, path: &mut Vec<String>, found: &mut Vec<CorrectedKey>) {
    let mut taken: Vec<&str> = Vec::new();
    for entry in mapping {
        let mut name = entry.key.name.as_str();
        if level.any.is_none()
            && !level.keys.contains_key(name)
            && let Guess::Near(near) = guess(name, path, &level.names)
            && near.clear
            && mapping.get(near.name).is_none()
            && !taken.contains(&near.name)
        {
            taken.push(near.name);
            name = near.name;
            let path = path.iter().cloned().chain([name.to_owned()]).collect();
            found.push(CorrectedKey { span: entry.key.span, was: entry.key.name.clone(), path });
        }
        if !matches!(entry.value.value, Value::Mapping(_) | Value::Sequence(_)) {
            continue;
        }
        if let Some(allowed) = level.keys.get(name).or(level.any.as_ref()) {
            path.push(name.to_owned());
            search_value(&entry.value, allowed, path, found);
            path.pop();
        }
    }
}

/// Depth is that of the file, which the parser bounds.
fn search_value(node: &Node, allowed: &Allowed, path: &mut Vec<String>, found: &mut Vec<CorrectedKey>) {
    match &node.value {
        Value::Mapping(mapping) => {
            let level = allowed.level();
            if !(level.keys.is_empty() && level.any.is_none()) {
                search(mapping, level, path, found);
            }
        }
        Value::Sequence(items) => {
            let Some(allowed) = &allowed.level().item else { return };
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                search_value(item, allowed, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn rename(mapping: &mut Mapping, corrected: &[CorrectedKey]) {
    for entry in &mut mapping.entries {
        let right = corrected.iter().find(|key| key.span == entry.key.span && key.was == entry.key.name);
        if let Some(right) = right.and_then(|key| key.path.last()) {
            entry.key.name.clone_from(right);
        }
        rename_below(&mut entry.value, corrected);
    }
}

fn rename_below(node: &mut Node, corrected: &[CorrectedKey]) {
    match &mut node.value {
        Value::Mapping(mapping) => rename(mapping, corrected),
        Value::Sequence(items) => items.iter_mut().for_each(|item| rename_below(item, corrected)),
        _ => {}
    }
}
