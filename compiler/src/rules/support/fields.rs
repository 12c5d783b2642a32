//! The fields that an entry asks a customer or an operator for.

use super::place::{Located, below, members};
use crate::source::Span;
use crate::syntax::{Mapping, Value};
use std::borrow::Cow;

/// A field and its keys.
#[derive(Clone, Debug)]
pub(in crate::rules) struct InputField<'e> {
    /// `connection_config`, `credentials` or `integration_config`.
    pub(in crate::rules) map: &'static str,
    /// Where it stands.
    pub(in crate::rules) place: Located<'e>,
    keys: &'e Mapping,
}

/// The fields of the body of an entry.
pub(super) fn of(body: &Mapping) -> Vec<InputField<'_>> {
    let of = |map: &'static str| {
        let fields = body.get(map).and_then(|entry| entry.value.as_mapping());
        let fields = members(&[Cow::Borrowed(map)], fields).into_iter();
        fields.filter_map(move |place| Some(InputField { map, keys: place.node.as_mapping()?, place }))
    };
    ["connection_config", "credentials", "integration_config"].into_iter().flat_map(of).collect()
}

impl<'e> InputField<'e> {
    /// Its name.
    pub(in crate::rules) fn name(&self) -> &str {
        self.place.name()
    }

    /// The text of a key; empty where there is none.
    pub(in crate::rules) fn text(&self, key: &str) -> &'e str {
        self.keys.get(key).and_then(|entry| entry.value.as_str()).unwrap_or_default()
    }

    /// True if a key says `true`.
    pub(in crate::rules) fn flag(&self, key: &str) -> bool {
        self.keys.get(key).is_some_and(|entry| entry.value.value == Value::Bool(true))
    }

    /// The value of a key, in its place.
    pub(in crate::rules) fn at(&self, key: &str) -> Option<Located<'e>> {
        let entry = self.keys.get(key)?;
        let path = below(&self.place.path, Cow::Borrowed(&entry.key.name));
        Some(Located { path, key: Some(entry.key.span), node: &entry.value })
    }

    /// Where it begins.
    pub(in crate::rules) fn span(&self) -> Span {
        self.place.key.unwrap_or(self.place.node.span)
    }

    /// True if what a customer enters is a secret.
    pub(in crate::rules) fn is_secret(&self) -> bool {
        let name = self.name().to_ascii_lowercase();
        let sounds = ["key", "token", "secret", "password"].iter().any(|word| name.contains(word));
        self.flag("secret") || (self.map == "credentials" && sounds)
    }
}
