//! The table of all keys: the reference as data, and the questions that unknown keys raise.
//!
//! Derived from the listings of this stage; this module adds no key and no text of its own.

use super::auth::Mode;
use super::common::Common;
use super::shape::{Below, KeyInfo, Keys};
use crate::syntax::Mapping;
use std::sync::LazyLock;

/// What the reference says about one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDoc {
    /// The path from the entry, dotted; `*` stands for any name, `[]` for any item: `credentials.*.title`.
    pub path: String,
    /// What the key means, in one paragraph.
    pub doc: String,
    /// What its value is: `a list of strings`.
    pub words: String,
    /// The words it may be, each with its meaning, where the format lists them.
    pub values: Vec<(&'static str, String)>,
    /// Whether the map that holds it must have it.
    pub required: bool,
    /// Whether nothing reads it.
    pub dead: bool,
    /// The auth modes that read it; empty means every mode.
    pub modes: Vec<&'static str>,
}

/// All keys of the format, in the order of the reference.
pub fn keys() -> &'static [KeyDoc] {
    static TABLE: LazyLock<Vec<KeyDoc>> = LazyLock::new(table);
    &TABLE
}

/// A key at the top of an entry.
#[derive(Debug)]
pub(crate) struct RootKey {
    /// The key.
    pub(crate) name: &'static str,
    /// What it is in which modes; no modes means all of them. More than one where modes differ in what it means.
    pub(crate) variants: Vec<(&'static KeyInfo, Vec<Mode>)>,
}

/// All keys at the top of an entry.
pub(crate) fn root_keys() -> &'static [RootKey] {
    static ROOT: LazyLock<Vec<RootKey>> = LazyLock::new(|| {
        let mut keys: Vec<RootKey> = Vec::new();
        Common::visit(&mut |info| keys.push(RootKey { name: info.name, variants: vec![(info, Vec::new())] }));
        for mode in Mode::ALL {
            mode.visit(&mut |info| add(&mut keys, info, *mode));
        }
        keys
    });
    &ROOT
}

fn add(keys: &mut Vec<RootKey>, info: &'static KeyInfo, mode: Mode) {
    let Some(key) = keys.iter_mut().find(|key| key.name == info.name) else {
        keys.push(RootKey { name: info.name, variants: vec![(info, vec![mode])] });
        return;
    };
    match key.variants.iter_mut().find(|(known, _)| same_type(known, info) && known.doc == info.doc) {
        Some((_, modes)) => modes.push(mode),
        None => key.variants.push((info, vec![mode])),
    }
}

fn same_type(one: &KeyInfo, other: &KeyInfo) -> bool {
    (one.identity)() == (other.identity)()
}

/// The key of this name at the top of an entry.
pub(super) fn root_key(name: &str) -> Option<&'static RootKey> {
    root_keys().iter().find(|key| key.name == name)
}

impl RootKey {
    /// Whether the auth mode decides the type of its value.
    #[cfg(feature = "schema")]
    pub(crate) fn varies(&self) -> bool {
        let mut infos = self.variants.iter().map(|(info, _)| *info);
        infos.next().is_some_and(|first| infos.any(|info| !same_type(first, info)))
    }

    /// The modes that read it; empty means every mode.
    pub(crate) fn modes(&self) -> Vec<Mode> {
        Mode::ALL.iter().copied().filter(|mode| self.variants.iter().any(|(_, modes)| modes.contains(mode))).collect()
    }

    /// What it is in a mode, if that mode reads it.
    pub(crate) fn in_mode(&self, mode: Mode) -> Option<&'static KeyInfo> {
        let reads = |modes: &Vec<Mode>| modes.is_empty() || modes.contains(&mode);
        self.variants.iter().find(|(_, modes)| reads(modes)).map(|(info, _)| *info)
    }
}

/// The mode that reads the most of an entry's mode-specific keys, if one stands out.
pub(super) fn mode_by_keys(body: &Mapping) -> Option<Mode> {
    let present: Vec<&RootKey> = body.iter().filter_map(|entry| root_key(&entry.key.name)).collect();
    let score = |mode: Mode| present.iter().filter(|key| key.modes().contains(&mode)).count();
    let best = Mode::ALL.iter().map(|mode| score(*mode)).max().filter(|best| *best > 0)?;
    let mut leaders = Mode::ALL.iter().copied().filter(|mode| score(*mode) == best);
    leaders.next().filter(|_| leaders.next().is_none())
}

/// What messages call the map at a path below an entry.
pub(super) fn place(path: &[String]) -> String {
    if path.is_empty() { "an entry".to_owned() } else { format!("`{}`", path.join(".")) }
}

/// Where a key belongs that stands at the wrong place: the least deep place that has it.
pub(super) fn home_of(name: &str, place: &str) -> Option<String> {
    let homes = keys().iter().filter(|key| !key.dead).filter_map(|key| {
        let (parent, last) = key.path.rsplit_once('.').unwrap_or(("", &key.path));
        (last == name).then_some(parent)
    });
    let nearest = homes.min_by_key(|parent| if parent.is_empty() { 0 } else { 1 + parent.matches('.').count() })?;
    let home = match nearest {
        "" => "the entry itself, beside `display_name`".to_owned(),
        parent => format!("`{parent}`"),
    };
    (home != place).then_some(home)
}

/// What a key is for that stands, or should, in the map at a path below an entry: the first sentence of its reference,
/// to go on a line of help.
pub(super) fn meaning_of(path: &[String], name: &str, mode: Option<Mode>) -> Option<String> {
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
    let sentence = doc.doc.split(". ").next()?.trim_end_matches('.');
    let mut letters = sentence.chars();
    let first = letters.next()?;
    // A word in capitals, such as `OAuth` or `URL`, keeps them.
    let lower = letters.clone().next().is_some_and(|second| second.is_ascii_lowercase() || second == ' ');
    let first = if lower { first.to_ascii_lowercase() } else { first };
    Some(format!("{first}{}", letters.as_str()))
}

fn table() -> Vec<KeyDoc> {
    let mut docs = Vec::new();
    for key in root_keys() {
        for (info, modes) in &key.variants {
            describe(info, info.name, &modes.iter().map(|mode| mode.name()).collect::<Vec<_>>(), &mut docs);
        }
    }
    docs
}

/// Depth is that of the listings: they hold no cycle.
fn describe(info: &'static KeyInfo, path: &str, modes: &[&'static str], docs: &mut Vec<KeyDoc>) {
    docs.push(KeyDoc {
        path: path.to_owned(),
        doc: paragraph(info.doc),
        words: (info.words)(),
        values: (info.values)().into_iter().map(|(word, doc)| (word, paragraph(doc))).collect(),
        required: info.required,
        dead: info.dead,
        modes: modes.to_vec(),
    });
    below(info.below, path, modes, docs);
}

fn below(show: fn(&mut dyn FnMut(Below)), path: &str, modes: &[&'static str], docs: &mut Vec<KeyDoc>) {
    show(&mut |step| match step {
        Below::Key(info) => describe(info, &format!("{path}.{}", info.name), modes, docs),
        Below::Any(next) => below(next, &format!("{path}.*"), modes, docs),
        Below::Item(next) => below(next, &format!("{path}[]"), modes, docs),
    });
}

/// Doc comments as one paragraph.
pub(crate) fn paragraph(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
