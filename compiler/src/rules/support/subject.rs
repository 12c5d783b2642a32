//! One entry as rules see it: its keys by path, its mode, its templates, the keys of its neighbours.
//!
//! Nodes, not the typed model: what is wrong in one place must not hide the rest.

use super::fields::{self, Asked};
use super::keys;
use super::lookalikes::{self, Lookalike};
use super::templates::{self, Placed};
use super::urls::{self, Faulty};
use crate::model::Mode;
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Entry, Mapping, Node, Text, Value};
use std::borrow::Cow;
use std::sync::OnceLock;

/// An entry, with everything it inherits.
#[derive(Debug)]
pub struct Subject<'e> {
    /// Its keys, with their spans.
    pub entry: &'e Resolved,
    /// The auth mode.
    pub mode: Mode,
    /// The keys of all entries of the file.
    pub known: &'e [String],
    /// Collected when a rule first asks: few of those that compare entries do.
    templates: OnceLock<Vec<Placed<'e>>>,
    fields: OnceLock<Vec<Asked<'e>>>,
    faulty: OnceLock<Vec<Faulty<'e>>>,
    keys: OnceLock<Vec<Place<'e>>>,
    lookalikes: OnceLock<Vec<(Span, Vec<Lookalike>)>>,
    kept: Option<&'e Memo>,
    own: Memo,
}

/// What rules that compare entries have found out about one of them, which holds as long as it reads the same.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    /// A hash of what it says, where that is enough to call another entry a copy of it.
    pub(in crate::rules) said: OnceLock<Option<u128>>,
    /// Whether a value with a pattern is a part of a host in it.
    #[cfg(feature = "patterns")]
    pub(in crate::rules) has_host_pattern: OnceLock<bool>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Place<'e> {
    /// From the entry down; the entry's own key is not part of it.
    pub path: Vec<String>,
    /// The key of the value; `None` for an item of a list.
    pub key: Option<Span>,
    /// The value.
    pub node: &'e Node,
}

impl<'e> Subject<'e> {
    pub(in crate::rules) fn new(entry: &'e Resolved, known: &'e [String]) -> Option<Subject<'e>> {
        let mode = Mode::parse(entry.body.get("auth_mode")?.value.as_str()?)?;
        Some(Subject {
            entry,
            mode,
            known,
            templates: OnceLock::new(),
            fields: OnceLock::new(),
            faulty: OnceLock::new(),
            keys: OnceLock::new(),
            lookalikes: OnceLock::new(),
            kept: None,
            own: Memo::default(),
        })
    }

    /// The same, of which something may be known already.
    pub(in crate::rules) fn with(self, memo: &'e Memo) -> Subject<'e> {
        Subject { kept: Some(memo), ..self }
    }

    /// What is known of it.
    pub(in crate::rules) fn memo(&self) -> &Memo {
        self.kept.unwrap_or(&self.own)
    }

    /// The value at a dotted path, such as `proxy.base_url`.
    pub fn get(&self, path: &str) -> Option<Place<'e>> {
        let entry = self.find(path)?;
        let path = path.split('.').map(str::to_owned).collect();
        Some(Place { path, key: Some(entry.key.span), node: &entry.value })
    }

    fn find(&self, path: &str) -> Option<&'e Entry> {
        let mut names = path.split('.');
        let first = self.entry.body.get(names.next()?)?;
        names.try_fold(first, |entry, name| entry.value.as_mapping()?.get(name))
    }

    /// The text at a dotted path.
    pub fn text(&self, path: &str) -> Option<&'e str> {
        self.find(path).and_then(|entry| entry.value.as_str())
    }

    /// Whether there is a value at a dotted path.
    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// The members of the map at a dotted path, in file order; none where there is no map.
    pub fn members(&self, path: &str) -> Vec<Place<'e>> {
        let Some(map) = self.find(path).and_then(|entry| entry.value.as_mapping()) else { return Vec::new() };
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        members(&path, Some(map))
    }

    /// Every text that is a template, with its field, in the order of the format's reference.
    pub fn templates(&self) -> &[Placed<'e>] {
        self.templates.get_or_init(|| templates::of(&self.entry.body))
    }

    /// What is wrong with its URLs.
    pub(in crate::rules) fn faulty(&self) -> &[Faulty<'e>] {
        self.faulty.get_or_init(|| urls::faulty(self.mode, &self.entry.body, self.templates()))
    }

    /// The placeholders in the spelling of another language, by the span of the text.
    pub(super) fn lookalikes(&self) -> &[(Span, Vec<Lookalike>)] {
        self.lookalikes.get_or_init(|| lookalikes::of(self))
    }

    /// Every key that the format fixes.
    pub(super) fn keys(&self) -> &[Place<'e>] {
        self.keys.get_or_init(|| keys::of(&self.entry.body))
    }

    /// Every field that a customer or an operator is asked for.
    pub(super) fn fields(&self) -> &[Asked<'e>] {
        self.fields.get_or_init(|| fields::of(&self.entry.body))
    }
}

impl Place<'_> {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// The members of a map at `path`.
pub(in crate::rules) fn members<'e>(path: &[String], map: Option<&'e Mapping>) -> Vec<Place<'e>> {
    let entries = map.into_iter().flatten();
    let placed = entries.map(|entry| Place {
        path: path.iter().chain([&entry.key.name]).cloned().collect(),
        key: Some(entry.key.span),
        node: &entry.value,
    });
    placed.collect()
}

/// Every scalar at or below a value, at most as deep as the parser lets a file be.
pub(in crate::rules) fn leaves<'e>(place: Place<'e>, found: &mut Vec<Place<'e>>) {
    match &place.node.value {
        Value::Mapping(map) => members(&place.path, Some(map)).into_iter().for_each(|member| leaves(member, found)),
        Value::Sequence(items) => {
            for (index, node) in items.iter().enumerate() {
                let path = place.path.iter().cloned().chain([index.to_string()]).collect();
                leaves(Place { path, key: None, node }, found);
            }
        }
        _ => found.push(place),
    }
}

/// Calls `visit` with every text at or below a value and the names that lead to it: nothing is kept of those that are
/// of no interest. At most as deep as the parser lets a file be.
pub(in crate::rules) fn each_text<'e>(
    node: &'e Node,
    path: &mut Vec<Cow<'e, str>>,
    visit: &mut impl FnMut(&[Cow<'e, str>], &'e Node, &'e Text),
) {
    match &node.value {
        Value::Mapping(map) => {
            for entry in map {
                path.push(Cow::Borrowed(&entry.key.name));
                each_text(&entry.value, path, visit);
                path.pop();
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Cow::Owned(index.to_string()));
                each_text(item, path, visit);
                path.pop();
            }
        }
        Value::Text(text) => visit(path, node, text),
        _ => {}
    }
}
