//! One entry as rules see it: its keys by path, its mode, its templates, the keys of its neighbours.
//!
//! Nodes, not the typed model: what is wrong in one place must not hide the rest.

use super::fields::{self, InputField};
use super::keys;
use super::lookalikes::{self, Lookalike};
pub(in crate::rules) use super::place::{Located, Path, below, each_text, item, leaves, members};
use super::templates::{self, TemplateSite};
use super::urls::{self, Faulty};
use crate::model::Mode;
#[cfg(feature = "patterns")]
use crate::patterns::{Patterns, Studied};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Entry, Mapping, Node};
use std::borrow::Cow;
#[cfg(feature = "patterns")]
use std::sync::Arc;
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
    templates: OnceLock<Vec<TemplateSite<'e>>>,
    fields: OnceLock<Vec<InputField<'e>>>,
    faulty: OnceLock<Vec<Faulty<'e>>>,
    keys: OnceLock<Vec<Located<'e>>>,
    lookalikes: OnceLock<Vec<(Span, Vec<Lookalike>)>>,
    #[cfg_attr(not(feature = "patterns"), expect(dead_code, reason = "only rules about patterns read it"))]
    shared: &'e Shared,
    kept: Option<&'e Memo>,
    own: Memo,
}

/// The memo of one entry for the rules that compare entries, which holds as long as it reads the same.
#[derive(Clone, Debug, Default)]
pub struct Memo {
    /// A hash of what it says, where that is enough to call another entry a copy of it.
    pub(in crate::rules) said: OnceLock<Option<u128>>,
    /// Whether a value with a pattern is a part of a host in it.
    #[cfg(feature = "patterns")]
    pub(in crate::rules) has_host_pattern: OnceLock<bool>,
}

/// Results of rules that hold in every entry.
#[derive(Debug, Default)]
pub struct Shared {
    #[cfg(feature = "patterns")]
    patterns: Patterns,
}

impl<'e> Subject<'e> {
    /// An entry of a catalogue with these keys; `None` without an auth mode.
    pub(crate) fn new(entry: &'e Resolved, known: &'e [String], shared: &'e Shared) -> Option<Subject<'e>> {
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
            shared,
            kept: None,
            own: Memo::default(),
        })
    }

    /// The same, of which something may be known already.
    pub(crate) fn with(self, memo: &'e Memo) -> Subject<'e> {
        Subject { kept: Some(memo), ..self }
    }

    /// The memo of the entry.
    pub(in crate::rules) fn memo(&self) -> &Memo {
        self.kept.unwrap_or(&self.own)
    }

    /// The value at a dotted path, such as `proxy.base_url`.
    pub fn get(&self, path: &str) -> Option<Located<'e>> {
        let mut names = Vec::new();
        let entry = self.walk(path, |name| names.push(Cow::Borrowed(name)))?;
        Some(Located { path: names, key: Some(entry.key.span), node: &entry.value })
    }

    fn find(&self, path: &str) -> Option<&'e Entry> {
        self.walk(path, |_| {})
    }

    /// The value at a dotted path; `passed` is told the names on the way, as the file has them.
    fn walk(&self, path: &str, mut passed: impl FnMut(&'e str)) -> Option<&'e Entry> {
        let (mut map, mut rest) = (&self.entry.body, path);
        loop {
            // Bytes: a search for a character costs more than these few steps.
            let dot = rest.bytes().position(|byte| byte == b'.');
            let entry = map.get(rest.get(..dot.unwrap_or(rest.len()))?)?;
            passed(&entry.key.name);
            let Some(dot) = dot else { return Some(entry) };
            (map, rest) = (entry.value.as_mapping()?, rest.get(dot + 1..)?);
        }
    }

    /// The text at a dotted path.
    pub fn text(&self, path: &str) -> Option<&'e str> {
        self.find(path).and_then(|entry| entry.value.as_str())
    }

    /// True if there is a value at a dotted path.
    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// The members of the map at a dotted path, in file order; none where there is no map.
    pub fn members(&self, path: &str) -> Vec<Located<'e>> {
        self.get(path).map(|place| members(&place.path, place.node.as_mapping())).unwrap_or_default()
    }

    /// Every text that is a template, with its field, in the order of the format's reference.
    pub fn templates(&self) -> &[TemplateSite<'e>] {
        self.templates.get_or_init(|| templates::of(&self.entry.body))
    }

    /// The faults of its URLs.
    pub(in crate::rules) fn faulty(&self) -> &[Faulty<'e>] {
        self.faulty.get_or_init(|| urls::faulty(self.mode, &self.entry.body, self.templates()))
    }

    /// The placeholders in the spelling of another language, by the span of the text.
    fn lookalikes(&self) -> &[(Span, Vec<Lookalike>)] {
        self.lookalikes.get_or_init(|| lookalikes::of(self.mode, &self.entry.body, self.templates()))
    }

    /// Every key that the format fixes.
    fn keys(&self) -> &[Located<'e>] {
        self.keys.get_or_init(|| keys::of(&self.entry.body))
    }

    /// The analysis of a pattern.
    #[cfg(feature = "patterns")]
    pub(in crate::rules) fn pattern(&self, text: &str) -> Arc<Studied> {
        self.shared.patterns.get(text)
    }

    /// Every field that a customer or an operator is asked for.
    fn fields(&self) -> &[InputField<'e>] {
        self.fields.get_or_init(|| fields::of(&self.entry.body))
    }
}

/// Every field of an entry, in the order of the maps.
pub(in crate::rules) fn input_fields<'s, 'e>(subject: &'s Subject<'e>) -> &'s [InputField<'e>] {
    subject.fields()
}

/// The field that a name of a template stands for. A bare name is a field of the configuration before one of the
/// credentials.
pub(in crate::rules) fn field_of<'s, 'e>(subject: &'s Subject<'e>, name: &str) -> Option<&'s InputField<'e>> {
    let (maps, name): (&[&str], &str) = match name.split_once('.') {
        Some(("connectionConfig", name)) => (&["connection_config"], name),
        Some(("credentials", name)) => (&["credentials"], name),
        _ => (&["connection_config", "credentials"], name),
    };
    let fields = subject.fields();
    maps.iter().find_map(|map| fields.iter().find(|field| field.map == *map && field.name() == name))
}

/// Every key that the format fixes, in file order, with its value.
pub(in crate::rules) fn fixed<'s, 'e>(subject: &'s Subject<'e>) -> &'s [Located<'e>] {
    subject.keys()
}

/// Every map of headers. Those of a probe are sent as they are written, the others are templates.
pub(in crate::rules) fn headers<'s, 'e>(subject: &'s Subject<'e>) -> impl Iterator<Item = &'s Located<'e>> {
    let names = ["headers", "token_headers", "refresh_token_headers"];
    fixed(subject).iter().filter(move |place| names.contains(&place.name()))
}

/// Every map of parameters, claims or members of a body.
pub(in crate::rules) fn parameters<'s, 'e>(subject: &'s Subject<'e>) -> impl Iterator<Item = &'s Located<'e>> {
    fixed(subject).iter().filter(|place| keys::is_parameters(place))
}

/// The placeholders of a template of an entry that are none.
pub(in crate::rules) fn lookalikes<'s>(subject: &'s Subject<'_>, site: &TemplateSite<'_>) -> &'s [Lookalike] {
    lookalikes_in(subject, site.node())
}

/// The same by the text's node, in the order of the text.
pub(in crate::rules) fn lookalikes_in<'s>(subject: &'s Subject<'_>, node: &Node) -> &'s [Lookalike] {
    let found = subject.lookalikes().iter().find(|(span, _)| *span == node.span);
    found.map_or(&[], |(_, found)| found)
}

/// Every field of connection configuration that a look-up sets: its name in `set`, and the path of its value.
pub(in crate::rules) fn looked_up<'e>(subject: &Subject<'e>) -> Vec<Located<'e>> {
    of_lookups(subject, "set")
}

/// Every field of which a look-up takes a part: its name in `take`, and the pattern.
pub(in crate::rules) fn taken<'e>(subject: &Subject<'e>) -> Vec<Located<'e>> {
    of_lookups(subject, "take")
}

fn of_lookups<'e>(subject: &Subject<'e>, map: &'static str) -> Vec<Located<'e>> {
    let places = lookups(subject);
    places.iter().flat_map(|(path, lookup)| members(&below(path, map.into()), map_of(lookup, map))).collect()
}

/// Every look-up of an entry, and the path to it.
pub(in crate::rules) fn lookups<'e>(subject: &Subject<'e>) -> Vec<(Path<'e>, &'e Mapping)> {
    let Some(list) = subject.get("keyway.lookups") else { return Vec::new() };
    let items = list.node.as_sequence().unwrap_or_default().iter().enumerate();
    items.filter_map(|(index, node)| Some((item(&list.path, index), node.as_mapping()?))).collect()
}

fn map_of<'e>(map: &'e Mapping, key: &str) -> Option<&'e Mapping> {
    map.get(key)?.value.as_mapping()
}

/// The URLs of an entry that stand on their own: endpoints of a probe are paths.
pub(in crate::rules) fn whole_urls<'s, 'e>(subject: &'s Subject<'e>) -> impl Iterator<Item = &'s TemplateSite<'e>> {
    let of_probe = |site: &&TemplateSite<'_>| !site.place.path.iter().any(|part| part == "endpoints");
    subject.templates().iter().filter(|site| site.field.is_url()).filter(of_probe)
}
