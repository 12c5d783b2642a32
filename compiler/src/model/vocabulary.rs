//! The names of the format, as the machinery asks for them: answered from the table of all keys.
//!
//! A name is looked for by its spelling, then among the keys of other places, then by its meaning.

use super::format::auth::{is_unsupported, mode_names, mode_of};
use super::keys::{KeyDoc, RootKey, keys, root_key};
use super::kit::vocabulary::{Guess, Meant, Vocabulary};
use super::kit::wording::{in_a_sentence, place};
use super::meaning::{listed, meant, meant_value};
use crate::diagnostic::near;
use crate::syntax::Mapping;
use keyway_spec::Mode;

/// The format as it is listed here.
#[derive(Debug)]
pub(super) struct Format;

impl Vocabulary for Format {
    fn guess<'n>(&self, name: &str, path: &[String], names: &[&'n str]) -> Guess<'n> {
        guess(name, path, names)
    }

    fn meant_value<'n>(&self, key: &str, word: &str, names: &[&'n str]) -> Option<Meant<'n>> {
        meant_value(key, word, names)
    }

    fn key_with_value(&self, path: &[String], word: &str) -> Option<&'static str> {
        let path = path.join(".");
        let parent = |path: &str| path.rsplit_once('.').map_or(0, |(parent, _)| parent.len());
        let is_beside = |other: &str| other.get(..parent(other)) == path.get(..parent(&path)) && other != path;
        let key = keys().iter().find(|key| {
            key.modes.len() < 12 && is_beside(&key.path) && key.values.iter().any(|(value, _)| *value == word)
        })?;
        Some(key.path.rsplit_once('.').map_or(key.path.as_str(), |(_, name)| name))
    }

    fn purpose(&self, name: &str, path: &[String], body: &Mapping) -> Option<String> {
        let mode = mode_of(body);
        let leads = |key: &str| {
            let mut parts = key.split('.').flat_map(|part| match part.strip_suffix("[]") {
                Some(list) => vec![list, "*"],
                None => vec![part],
            });
            path.iter()
                .map(String::as_str)
                .chain([name])
                .all(|step| parts.next().is_some_and(|part| part == "*" || part == step))
                && parts.next().is_none()
        };
        let read = |modes: &[&str]| modes.is_empty() || mode.is_some_and(|mode| modes.contains(&mode.name()));
        let is = |key: &&KeyDoc| key.path.rsplit('.').next() == Some(name) && leads(&key.path);
        let doc = keys().iter().filter(is).find(|key| read(&key.modes))?;
        in_a_sentence(doc.doc.split(". ").next()?)
    }

    fn mode(&self, body: &Mapping) -> Option<&'static str> {
        mode_of(body).map(Mode::name)
    }

    fn meant_mode(&self, name: &str, body: &Mapping) -> Option<Meant<'static>> {
        meant_mode(name, body)
    }

    fn mode_by_keys(&self, body: &Mapping) -> Option<&'static str> {
        mode_by_keys(body).map(Mode::name)
    }
}

/// Guesses the meaning of a key that the map at `path` does not have.
pub(super) fn guess<'n>(name: &str, path: &[String], names: &[&'n str]) -> Guess<'n> {
    if let Some(near) = near(name, names.iter().copied()) {
        return Guess::Near(near);
    }
    // At the top of an entry `type` is no field's.
    if let Some(near) = listed(name, names).filter(|_| path.is_empty()) {
        return Guess::Near(near);
    }
    match home_of(name, path) {
        Some(home) => Guess::Home(home),
        None => meant(name, names).map_or(Guess::Unknown, Guess::Near),
    }
}

/// The mode that was clearly meant by what `auth_mode` says, where that is none.
pub(super) fn clearly_meant_mode(body: &Mapping) -> Option<&'static str> {
    let name = body.get("auth_mode")?.value.as_str()?;
    if Mode::parse(name).is_some() || is_unsupported(name) {
        return None;
    }
    meant_mode(name, body).filter(|meant| meant.clear).map(|meant| meant.name)
}

fn meant_mode(name: &str, body: &Mapping) -> Option<Meant<'static>> {
    let meant = meant_value("auth_mode", name, &mode_names())?;
    // Of two names that are as near, the keys beside them tell which one is meant.
    let by_keys = || mode_by_keys(body).filter(|mode| near_too(name, mode.name(), meant.name));
    Some(match (meant.clear, meant.note.is_empty()) {
        (false, true) => by_keys().map_or(meant, |mode| Meant { name: mode.name(), clear: true, note: "" }),
        _ => meant,
    })
}

/// True if two names are as near to a third one.
fn near_too(name: &str, one: &str, other: &str) -> bool {
    near(name, [one, other]).is_some_and(|near| one == other || !near.clear)
}

/// The mode that reads the most of an entry's mode-specific keys, if one stands out.
fn mode_by_keys(body: &Mapping) -> Option<Mode> {
    let present: Vec<&RootKey> = body.iter().filter_map(|entry| root_key(&entry.key.name)).collect();
    let score = |mode: Mode| present.iter().filter(|key| key.modes().contains(&mode)).count();
    let best = Mode::ALL.iter().map(|mode| score(*mode)).max().filter(|best| *best > 0)?;
    let mut leaders = Mode::ALL.iter().copied().filter(|mode| score(*mode) == best);
    leaders.next().filter(|_| leaders.next().is_none())
}

/// Where a key belongs that stands at the wrong place: the least deep place that has it, below the map that it stands
/// in where there is one.
fn home_of(name: &str, path: &[String]) -> Option<String> {
    let (here, above) = (place(path), path.join("."));
    let homes = keys().iter().filter(|key| !key.dead).filter_map(|key| {
        let (parent, last) = key.path.rsplit_once('.').unwrap_or(("", &key.path));
        (last == name).then_some(parent)
    });
    let depth = |parent: &str| if parent.is_empty() { 0 } else { 1 + parent.matches('.').count() };
    let is_below =
        |parent: &str| !above.is_empty() && parent.strip_prefix(&above).is_some_and(|rest| rest.starts_with('.'));
    let nearest = homes.min_by_key(|parent| (!is_below(parent), depth(parent)))?;
    let home = match nearest {
        "" => "the entry itself, beside `display_name`".to_owned(),
        parent => format!("`{parent}`"),
    };
    (home != here).then_some(home)
}
