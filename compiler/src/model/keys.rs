//! The table of all keys: the reference as data.
//!
//! Derived from the listings of this stage; this module adds no key and no text of its own.

use super::format::auth::ModeKeys as _;
use super::format::common::Common;
use super::kit::text::Spanned;
use super::kit::value_type::{Below, KeyInfo, Keys};
use super::kit::wording::paragraph;
use keyway_spec::Mode;
use std::any::TypeId;
use std::sync::LazyLock;

/// The reference of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDoc {
    /// The path from the entry, dotted; `*` stands for any name, `[]` for any item: `credentials.*.title`.
    pub path: String,
    /// The meaning of the key, in one paragraph.
    pub doc: String,
    /// The name of its value's type: `a list of strings`.
    pub type_name: String,
    /// True if its value is `true` or `false`.
    pub is_boolean: bool,
    /// The words it may be, each with its meaning, where the format lists them.
    pub values: Vec<(&'static str, String)>,
    /// True if the map that holds it must have it.
    pub required: bool,
    /// True if nothing reads it.
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
    /// Its variants by mode; no modes means all of them. Several where modes give it different meanings.
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
    /// True if the auth mode decides the type of its value.
    #[cfg(feature = "schema")]
    pub(crate) fn varies(&self) -> bool {
        let mut infos = self.variants.iter().map(|(info, _)| *info);
        infos.next().is_some_and(|first| infos.any(|info| !same_type(first, info)))
    }

    /// The modes that read it; empty means every mode.
    pub(crate) fn modes(&self) -> Vec<Mode> {
        Mode::ALL.iter().copied().filter(|mode| self.variants.iter().any(|(_, modes)| modes.contains(mode))).collect()
    }

    /// Its variant in a mode, if that mode reads it.
    pub(crate) fn in_mode(&self, mode: Mode) -> Option<&'static KeyInfo> {
        let reads = |modes: &Vec<Mode>| modes.is_empty() || modes.contains(&mode);
        self.variants.iter().find(|(_, modes)| reads(modes)).map(|(info, _)| *info)
    }
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
        type_name: (info.type_name)(),
        is_boolean: (info.identity)() == TypeId::of::<Spanned<bool>>(),
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
