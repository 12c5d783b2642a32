//! An entry as it was meant: keys that are clearly misspelt under the right name.
//!
//! One misspelt key is one mistake. If what reads the entry took it for missing, everything that depends on it would be
//! reported too; so the stages after this one read the entry as it was meant, and only the key itself is reported.
//! Nodes keep their places. An auth mode is corrected in the same way: it decides which keys are read. Other values
//! are not corrected, nor is a key whose right name the map already has.

use super::auth;
use super::keys;
use super::meaning::{listed, meant};
use super::shape::Below;
use crate::diagnostic::{Diagnostics, Near, near};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Mapping, Node, Value};
use std::borrow::Cow;
use std::sync::LazyLock;

/// An entry, and what was corrected in it.
#[derive(Clone, Debug)]
pub struct Spelled<'e> {
    /// The entry.
    pub entry: Cow<'e, Resolved>,
    misspelt: Vec<Misspelt>,
    /// What `auth_mode` says, where it is not a mode and one was clearly meant.
    mode: Option<String>,
}

/// A corrected key.
#[derive(Clone, Debug)]
struct Misspelt {
    span: Span,
    was: String,
    /// From the entry down, the right name last.
    path: Vec<String>,
}

/// What a name may mean that its map does not have.
pub(super) enum Guess<'a> {
    /// A name of the map.
    Near(Near<'a>),
    /// A key of the format, at another place.
    Home(String),
    /// Nothing that one could name.
    Unknown,
}

/// Looks for a name among those of its map, then among the keys of other places, then by its meaning. `path` is that of
/// the map, from the entry down.
pub(super) fn guess<'a>(name: &str, path: &[String], names: &[&'a str]) -> Guess<'a> {
    if let Some(near) = near(name, names.iter().copied()) {
        return Guess::Near(near);
    }
    // At the top of an entry `type` is not a field's.
    if let Some(near) = listed(name, names).filter(|_| path.is_empty()) {
        return Guess::Near(near);
    }
    match keys::home_of(name, &keys::place(path)) {
        Some(home) => Guess::Home(home),
        None => meant(name, names).map_or(Guess::Unknown, Guess::Near),
    }
}

impl<'e> Spelled<'e> {
    /// Corrects an entry.
    pub fn of(entry: &'e Resolved) -> Spelled<'e> {
        let mut misspelt = Vec::new();
        search(&entry.body, root(), &mut Vec::new(), &mut misspelt);
        let mut corrected = Cow::Borrowed(entry);
        if !misspelt.is_empty() {
            rename(&mut corrected.to_mut().body, &misspelt);
        }
        let mode = auth::clearly_meant(&corrected.body).and_then(|meant| correct_mode(corrected.to_mut(), meant));
        Spelled { entry: corrected, misspelt, mode }
    }

    /// What the auth mode was before it was corrected.
    pub(super) fn mode_was(&self) -> Option<&str> {
        self.mode.as_deref()
    }

    /// An entry of which it is known that nothing is to be corrected.
    pub fn right(entry: &'e Resolved) -> Spelled<'e> {
        Spelled { entry: Cow::Borrowed(entry), misspelt: Vec::new(), mode: None }
    }

    /// Whether nothing was corrected.
    pub fn is_right(&self) -> bool {
        self.misspelt.is_empty() && self.mode.is_none()
    }

    /// What a key was before it was corrected.
    pub(super) fn was(&self, key: Span) -> Option<&str> {
        self.misspelt.iter().find(|misspelt| misspelt.span == key).map(|misspelt| misspelt.was.as_str())
    }

    /// Findings, those about this entry with their paths as the file writes them.
    pub fn as_written(&self, found: Diagnostics) -> Diagnostics {
        if self.misspelt.is_empty() {
            return found;
        }
        let mut found: Vec<_> = found.into_iter().collect();
        for finding in &mut found {
            let Some((key, path)) = finding.path.split_first_mut() else { continue };
            if *key != self.entry.key.name {
                continue;
            }
            // From the inside out: the paths of keys below a misspelt one have the right name of it.
            for misspelt in self.misspelt.iter().rev() {
                let depth = misspelt.path.len();
                if path.starts_with(&misspelt.path)
                    && let Some(name) = depth.checked_sub(1).and_then(|last| path.get_mut(last))
                {
                    name.clone_from(&misspelt.was);
                }
            }
        }
        found.into_iter().collect()
    }
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

/// What the format says may stand in a value. A name can be there more than once: modes differ in what it holds.
#[derive(Default)]
struct Level {
    keys: Vec<(&'static str, Show)>,
    any: Vec<Show>,
    items: Vec<Show>,
}

impl Level {
    fn below(shows: &[Show]) -> Level {
        let mut level = Level::default();
        for show in shows {
            show(&mut |step| match step {
                Below::Key(info) => level.keys.push((info.name, info.below)),
                Below::Any(next) => level.any.push(next),
                Below::Item(next) => level.items.push(next),
            });
        }
        level
    }

    fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|(known, _)| *known == name)
    }
}

/// The keys of an entry.
fn root() -> &'static Level {
    static ROOT: LazyLock<Level> = LazyLock::new(|| {
        let of = |key: &'static keys::RootKey| key.variants.iter().map(|(info, _)| (key.name, info.below));
        Level { keys: keys::root_keys().iter().flat_map(of).collect(), ..Level::default() }
    });
    &ROOT
}

fn search(mapping: &Mapping, level: &Level, path: &mut Vec<String>, found: &mut Vec<Misspelt>) {
    let names = || level.keys.iter().map(|(known, _)| *known).collect::<Vec<_>>();
    let mut taken: Vec<&str> = Vec::new();
    for entry in mapping {
        let mut name = entry.key.name.as_str();
        if level.any.is_empty()
            && !level.has(name)
            && let Guess::Near(near) = guess(name, path, &names())
            && near.clear
            && mapping.get(near.name).is_none()
            && !taken.contains(&near.name)
        {
            taken.push(near.name);
            name = near.name;
            let path = path.iter().cloned().chain([name.to_owned()]).collect();
            found.push(Misspelt { span: entry.key.span, was: entry.key.name.clone(), path });
        }
        let own = level.keys.iter().filter(|(known, _)| *known == name).map(|(_, show)| show);
        let shows: Vec<Show> = own.chain(&level.any).copied().collect();
        if !shows.is_empty() {
            path.push(name.to_owned());
            search_value(&entry.value, &shows, path, found);
            path.pop();
        }
    }
}

/// Depth is that of the file, which the parser bounds.
fn search_value(node: &Node, shows: &[Show], path: &mut Vec<String>, found: &mut Vec<Misspelt>) {
    match &node.value {
        Value::Mapping(mapping) => {
            let level = Level::below(shows);
            if !(level.keys.is_empty() && level.any.is_empty()) {
                search(mapping, &level, path, found);
            }
        }
        Value::Sequence(items) => {
            let level = Level::below(shows);
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                search_value(item, &level.items, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn rename(mapping: &mut Mapping, misspelt: &[Misspelt]) {
    for entry in &mut mapping.entries {
        let right = misspelt.iter().find(|misspelt| misspelt.span == entry.key.span && misspelt.was == entry.key.name);
        if let Some(right) = right.and_then(|misspelt| misspelt.path.last()) {
            entry.key.name.clone_from(right);
        }
        rename_below(&mut entry.value, misspelt);
    }
}

fn rename_below(node: &mut Node, misspelt: &[Misspelt]) {
    match &mut node.value {
        Value::Mapping(mapping) => rename(mapping, misspelt),
        Value::Sequence(items) => items.iter_mut().for_each(|item| rename_below(item, misspelt)),
        _ => {}
    }
}
