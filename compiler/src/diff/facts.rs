//! The behaviour of a spec, as a list of facts: each with its place, its words, and whom a change of it breaks.
//!
//! A fact that is new is compatible unless its kind says otherwise.

use super::ChangeKind;
use super::side::CatalogueSide;
use keyway_spec::{Entry, Template, Value};

/// One of them.
#[derive(Debug)]
pub(super) struct Fact {
    /// Where it stands in the entry.
    pub(super) path: Vec<String>,
    /// Its description: the header `x-a`. Facts of two specs are one if they have the same words.
    pub(super) what: String,
    /// The value that is compared.
    pub(super) seen: Seen,
    /// The kind of change where it is gone or differs.
    pub(super) changed: ChangeKind,
    /// The kind of change where it is new.
    pub(super) added: ChangeKind,
    /// True if it puts a credential into a call.
    pub(super) is_credential: bool,
}

impl Fact {
    /// True if it is a part of a request.
    pub(super) fn is_sent(&self) -> bool {
        matches!(self.seen, Seen::Value(..) | Seen::Template(_))
    }

    /// True if it is one of several at its place.
    pub(super) fn is_member(&self) -> bool {
        matches!(&self.seen, Seen::Word(word) if self.what.ends_with(&format!("`{word}`")))
    }
}

/// The value that is compared.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    /// A word of ours, or a text of the entry.
    Word(String),
    /// A text to be evaluated.
    Template(Template),
    /// A URL to be evaluated.
    Url(Template),
    /// The base of URLs.
    Base(Template),
    /// A value, with whether it is sent as text.
    Value(Value, bool),
    /// Something that is compared as a whole; values below its path say what changed.
    Whole(String),
}

/// Facts of one entry.
pub(super) struct Facts<'s, 'c> {
    /// The entry, for facts whose place depends on how it is written.
    pub(super) side: &'s CatalogueSide<'c>,
    /// The facts so far.
    pub(super) all: Vec<Fact>,
}

impl Facts<'_, '_> {
    /// A fact that may be absent.
    pub(super) fn add(&mut self, (changed, added): (ChangeKind, ChangeKind), path: &[&str], what: String, seen: Seen) {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.all.push(Fact { path, what, seen, changed, added, is_credential: false });
    }

    /// A word that is always there, named after its key.
    pub(super) fn word(&mut self, kind: ChangeKind, path: &[&str], value: &str) {
        let what = format!("`{}`", path.join("."));
        self.add((kind, kind), path, what, Seen::Word(value.to_owned()));
    }

    /// Something that is compared as a whole.
    pub(super) fn whole(&mut self, kind: ChangeKind, path: &[&str], value: &impl std::fmt::Debug) {
        self.add((kind, kind), path, format!("`{}`", path.join(".")), Seen::Whole(format!("{value:?}")));
    }

    /// A URL, named after its key.
    pub(super) fn url(&mut self, path: &[&str], url: &Template) {
        self.add(
            (ChangeKind::UrlChanged, ChangeKind::UrlChanged),
            path,
            format!("`{}`", path.join(".")),
            Seen::Url(*url),
        );
    }

    /// Parameters of a request. To add one of the `standard` names replaces what is sent anyway.
    pub(super) fn params(&mut self, path: &[&str], of: &str, params: &[Entry], as_text: bool, standard: &[&str]) {
        for Entry { name, value } in params {
            let added = if standard.contains(name) || *value == Value::Null {
                ChangeKind::SignInChanged
            } else {
                ChangeKind::SignInAdded
            };
            let path = [path, &[name]].concat();
            let what = format!("the {of} `{name}`");
            self.add((ChangeKind::SignInChanged, added), &path, what, Seen::Value(*value, as_text));
        }
    }

    /// Headers of a request of signing in.
    pub(super) fn headers(&mut self, path: &[&str], headers: &[(&'static str, Template)], standard: &[&str]) {
        for (name, template) in headers {
            let added = if standard.contains(name) { ChangeKind::SignInChanged } else { ChangeKind::SignInAdded };
            let path = [path, &[name]].concat();
            self.add(
                (ChangeKind::SignInChanged, added),
                &path,
                format!("the header `{name}` of `{}`", path.join(".")),
                Seen::Template(*template),
            );
        }
    }

    /// Members of a list whose order says nothing.
    pub(super) fn members(&mut self, kinds: (ChangeKind, ChangeKind), path: &[&str], of: &str, members: &[&str]) {
        for member in members {
            self.add(kinds, path, format!("{of} `{member}`"), Seen::Word((*member).to_owned()));
        }
    }

    /// Values that are kept with the connection.
    pub(super) fn stored(&mut self, path: &[&str], members: &[&str]) {
        let of = format!("in `{}` the value", path.join("."));
        self.members((ChangeKind::StoredFieldRemoved, ChangeKind::StoredFieldAdded), path, &of, members);
    }
}
